package dev.understudy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One subcommand of {@code understudy bench}. */
public interface Benchmark {
    /** Its name on the command line, for example {@code detection}. */
    String name();

    /** One line that says what it measures. */
    String description();

    /**
     * Measures and returns the rows, peers as rows of their own.
     *
     * @param data the folder with the real data sets, if there is one on this machine; what needs it says so in a row's
     *     {@code note} where it is missing
     */
    List<Row> run(Optional<Path> data) throws IOException, InterruptedException;

    /**
     * Takes an option of its own, for example {@code --seeds 5}.
     *
     * @return empty if it is taken, else what is wrong, as one sentence
     */
    default Optional<String> option(String name, String value) {
        return Optional.of("there is no option '" + name + "'.");
    }
}
