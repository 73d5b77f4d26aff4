package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads bash's history file: a command a line, or, where {@code HISTTIMEFORMAT} is set, {@code #seconds} lines with a
 * command of one or more lines after each.
 */
@Extension
public final class BashSource implements TaskSource {

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
        if (probe.head().indexOf('\0') >= 0) return 0;
        if (probe.fileName().equals(".bash_history") || probe.fileName().equals("bash_history")) return 0.95;
        if (stamp(probe.head().lines().findFirst().orElse("")) != null) return 0.9;
        return probe.fileName().contains("history") ? 0.4 : 0.2;
    }

    @Override
    public List<Path> discover(Path homeDirectory) {
        return List.of(homeDirectory.resolve(".bash_history")).stream()
                .filter(Files::isRegularFile)
                .toList();
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(name(), input, sink, ShellSyntax.POSIX, LineJoins.WHERE_INCOMPLETE);
        var lines = new ByteLines(input.stream());
        Instant start = null;
        var entry = new StringBuilder();
        long entryLine = 0;
        while (lines.next()) {
            if (lines.tooLong()) {
                sink.skip(lines.number(), "it is longer than " + (ByteLines.MAX_LINE_BYTES >> 20) + " MiB");
                continue;
            }
            String line = Utf8.decode(lines.buffer(), lines.start(), lines.end());
            Instant stamp = stamp(line);
            if (stamp != null) {
                endEntry(tasks, start, entry, entryLine);
                start = stamp;
            } else if (start == null) {
                if (!line.isBlank()) tasks.unstamped(lines.number(), line);
            } else {
                if (entry.isEmpty()) entryLine = lines.number();
                else entry.append('\n');
                entry.append(line);
            }
        }
        endEntry(tasks, start, entry, entryLine);
        tasks.end();
    }

    private static void endEntry(ShellTasks tasks, @Nullable Instant start, StringBuilder entry, long line) {
        String command = entry.toString().strip();
        entry.setLength(0);
        if (start != null && !command.isEmpty()) tasks.stamped(line, command, start, Duration.ZERO);
    }

    /** The time of a {@code #seconds} line; null if it is none. */
    private static @Nullable Instant stamp(String line) {
        if (line.length() < 2 || line.length() > 12 || line.charAt(0) != '#') return null;
        long seconds = 0;
        for (int i = 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') return null;
            seconds = seconds * 10 + (c - '0');
        }
        return Instant.ofEpochSecond(seconds);
    }
}
