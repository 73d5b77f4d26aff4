package dev.understudy.core.tuning.program;

import dev.understudy.core.tuning.Objective;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Measures by a person's command. Used by one thread. */
public final class CommandObjective implements Objective {
    private final CommandText text;
    private final CommandRunner runner;
    private final Metric metric;
    private final Texts texts;

    /** How values are written for the command. */
    @FunctionalInterface
    interface Texts {
        Map<String, String> of(Map<String, Object> values);
    }

    CommandObjective(CommandText text, CommandRunner runner, Metric metric, Texts texts) {
        this.text = text;
        this.runner = runner;
        this.metric = metric;
        this.texts = texts;
    }

    /**
     * Of a command that is told no values.
     *
     * @param command as a shell reads it
     * @param metric where its figure stands: a JSON pointer, a regular expression, or empty for how long it takes, in seconds
     * @param directory where it runs; absolute
     * @param timeout after which it is ended
     * @throws dev.understudy.core.problem.UserException if the metric cannot be read
     */
    public static CommandObjective of(String command, String metric, Path directory, Duration timeout) {
        return new CommandObjective(
                CommandText.of("objective", command, List.of()),
                new CommandRunner(directory, timeout),
                Metric.parse(metric),
                _ -> Map.of());
    }

    @Override
    public Outcome measure(Map<String, Object> values, int replicate) throws InterruptedException {
        Map<String, String> written = texts.of(values);
        CommandRunner.Ended ended = runner.run(text.argv(written), CommandText.variables(written));
        if (ended.problem().isEmpty()) return metric.of(ended);
        return new Failed(ended.problem(), ended.wasCut() ? Retry.POINTLESS : Retry.WORTH_WHILE);
    }
}
