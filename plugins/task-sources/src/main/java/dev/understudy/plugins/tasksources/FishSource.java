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
 * Reads fish's history file: {@code - cmd:} with the command, in which {@code \n} is a line end and {@code \\} a
 * backslash, then {@code when:} with seconds and {@code paths:}, which repeats what the command names.
 */
@Extension
public final class FishSource implements TaskSource {

    private static final String COMMAND = "- cmd: ";
    private static final String WHEN = "when:";

    @Override
    public String name() {
        return "fish";
    }

    @Override
    public String description() {
        return "fish history (~/.local/share/fish/fish_history)";
    }

    @Override
    public double confidence(Probe probe) {
        if (probe.head().indexOf('\0') >= 0) return 0;
        if (probe.fileName().equals("fish_history")) return 0.95;
        return probe.head().startsWith(COMMAND) ? 0.95 : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory) {
        return List.of(homeDirectory.resolve(".local/share/fish/fish_history")).stream()
                .filter(Files::isRegularFile)
                .toList();
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(name(), input, sink, ShellSyntax.FISH, LineJoins.NEVER);
        var lines = new ByteLines(input.stream());
        String command = null;
        long commandLine = 0;
        Instant when = null;
        while (lines.next()) {
            if (lines.tooLong()) {
                sink.skip(lines.number(), "it is longer than " + (ByteLines.MAX_LINE_BYTES >> 20) + " MiB");
                continue;
            }
            if (lines.blank()) continue;
            String line = Utf8.decode(lines.buffer(), lines.start(), lines.end());
            String content = line.strip();
            if (line.startsWith(COMMAND)) {
                endEntry(tasks, command, commandLine, when);
                command = unescape(line.substring(COMMAND.length()));
                commandLine = lines.number();
                when = null;
            } else if (command != null && content.startsWith(WHEN)) {
                when = seconds(content.substring(WHEN.length()).strip());
                if (when == null) sink.skip(lines.number(), "'when' holds no number of seconds");
            } else if (command == null || !(content.equals("paths:") || content.startsWith("- "))) {
                sink.skip(lines.number(), "it is none of '- cmd:', 'when:' and 'paths:'");
            }
        }
        endEntry(tasks, command, commandLine, when);
        tasks.end();
    }

    private static void endEntry(ShellTasks tasks, @Nullable String command, long line, @Nullable Instant when) {
        if (command == null || command.isBlank()) return;
        if (when == null) tasks.unstamped(line, command);
        else tasks.stamped(line, command, when, Duration.ZERO);
    }

    private static @Nullable Instant seconds(String digits) {
        if (!digits.matches("\\d{1,11}")) return null;
        return Instant.ofEpochSecond(Long.parseLong(digits));
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) return text;
        var result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 >= text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'n' -> result.append('\n');
                case '\\' -> result.append('\\');
                default -> result.append(c).append(next);
            }
        }
        return result.toString();
    }
}
