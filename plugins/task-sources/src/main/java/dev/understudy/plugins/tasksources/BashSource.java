package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads bash's history file: a command a line, and, where {@code HISTTIMEFORMAT} is set, a {@code #seconds} line before
 * it.
 *
 * <p>Sessions with and without that setting append to the same file, so lines after a stamped entry are entries of their
 * own, unless the shell's grammar says that the entry goes on in them. A bash without the setting reads them so too; one
 * with it takes all lines up to the next stamp for one entry.
 */
@Extension
public final class BashSource implements TaskSource {

    /** By how much the clock of the machine that wrote them may be ahead. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);

    private final InstantSource clock;

    /** Takes this machine's clock, since no command was typed in the future. */
    public BashSource() {
        this(InstantSource.system());
    }

    BashSource(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "bash";
    }

    @Override
    public String description() {
        return "bash history, with and without time stamps (~/.bash_history); also any file with a command a line";
    }

    @Override
    public double confidence(Probe probe) {
        if (!HistoryLines.isText(probe)) return 0;
        if (probe.fileName().equals(".bash_history") || probe.fileName().equals("bash_history")) return 0.95;
        if (stamp(probe.head().lines().findFirst().orElse("")) != null) return 0.9;
        return probe.fileName().contains("history") ? 0.4 : 0.2;
    }

    /** A plain file of lines could be any shell's, so what is known to be another's is told from bash's here. */
    @Override
    public Optional<Refusal> refusal(Probe probe) {
        return ForeignHistory.of(probe).map(ForeignHistory::refusal);
    }

    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        return HistoryPlaces.existing(Stream.concat(
                Stream.of(homeDirectory.resolve(".bash_history")),
                places.state().map(folder -> folder.resolve("bash/history"))));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.BASH, input, sink, LineJoins.WHERE_INCOMPLETE);
        var lines = new HistoryLines(input, sink);
        Instant now = clock.instant();
        Instant latestStamp = (now.isAfter(input.lastModified()) ? now : input.lastModified()).plus(CLOCK_DIFFERENCE);
        for (String line = lines.nextText(); line != null; line = lines.nextText()) {
            Instant stamp = stamp(line);
            if (stamp != null && !stamp.isAfter(latestStamp)) tasks.stamp(stamp);
            else tasks.unstamped(lines.number(), line);
        }
        tasks.end();
    }

    /**
     * The time of a {@code #seconds} line; null if it is none.
     *
     * <p>bash 5.2 takes any {@code #} and digit for a time stamp, so that an issue's number puts the next command
     * into 1970: here such a line is a comment.
     */
    private static @Nullable Instant stamp(String line) {
        return line.startsWith("#") ? EpochSeconds.parse(line.substring(1)) : null;
    }
}
