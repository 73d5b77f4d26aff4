package dev.understudy.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** One subcommand of {@code understudy bench}. */
public interface Benchmark {
    /** Its name on the command line, for example {@code detection}. */
    String name();

    /** One line that says what it measures. */
    String description();

    /**
     * Measures.
     *
     * @param found takes each row when it is there, peers as rows of their own
     */
    void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException;

    /**
     * Takes an option of its own, for example {@code --seeds 5}.
     *
     * @return empty if it is taken, else what is wrong, as one sentence
     */
    default Optional<String> option(String name, String value) {
        return Optional.of("there is no option '" + name + "'.");
    }
}
