package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pf4j.Extension;

/** Reads tcsh's history file: a {@code #+seconds} line and the line that was typed, for each command. */
@Extension
public final class TcshSource implements TaskSource {

    private static final Pattern STAMP = Pattern.compile("#\\+\\d{9,11}");

    @Override
    public String name() {
        return "tcsh";
    }

    @Override
    public String description() {
        return "tcsh history (~/.history)";
    }

    @Override
    public double confidence(Probe probe) {
        if (!HistoryLines.isText(probe)) return 0;
        return probe.head()
                        .lines()
                        .limit(20)
                        .anyMatch(line -> STAMP.matcher(line).matches())
                ? 0.95
                : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory) {
        return HistoryPlaces.existing(Stream.of(".history", ".tcsh_history").map(homeDirectory::resolve));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.TCSH, input, sink, LineJoins.NEVER);
        var lines = new HistoryLines(input, sink);
        for (String line = lines.nextText(); line != null; line = lines.nextText()) {
            Instant stamp = line.startsWith("#+") ? EpochSeconds.parse(line.substring(2)) : null;
            if (stamp != null) tasks.stamp(stamp);
            else tasks.unstamped(lines.number(), line);
        }
        tasks.end();
    }
}
