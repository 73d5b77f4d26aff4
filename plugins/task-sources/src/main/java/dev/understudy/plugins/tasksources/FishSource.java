package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;

/**
 * Reads fish's history file: {@code - cmd:} with the command, in which {@code \n} is a line end and {@code \\} a
 * backslash, then {@code when:} with seconds and {@code paths:}, which repeats what the command names.
 *
 * <p>A command that was run again is moved to the end of the file, so each stands there once.
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
        if (!HistoryLines.isText(probe)) return 0;
        if (probe.fileName().equals("fish_history")) return 0.95;
        String head = probe.head().startsWith("\uFEFF") ? probe.head().substring(1) : probe.head();
        return head.startsWith(COMMAND) ? 0.95 : 0;
    }

    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        return HistoryPlaces.existing(Stream.concat(
                places.data().flatMap(folder -> histories(folder.resolve("fish"))),
                places.config().map(folder -> folder.resolve("fish/fish_history"))));
    }

    /** The histories of all names: the variable {@code fish_history} gives each session's, {@code fish} if it is not set. */
    private static Stream<Path> histories(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith("_history")).sorted().toList().stream();
        } catch (IOException none) {
            return Stream.of();
        }
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.FISH, input, sink, LineJoins.NEVER);
        var lines = new HistoryLines(input, sink);
        String command = null;
        long commandLine = 0;
        Instant when = null;
        boolean found = false;
        for (String line = lines.nextText(); line != null; line = lines.nextText()) {
            if (line.isBlank()) continue;
            String content = line.strip();
            if (line.startsWith(COMMAND)) {
                found = true;
                endEntry(tasks, command, commandLine, when);
                command = unescape(line.substring(COMMAND.length()));
                commandLine = lines.number();
                when = null;
            } else if (command != null && content.startsWith(WHEN)) {
                when = EpochSeconds.parse(content.substring(WHEN.length()).strip());
                if (when == null) sink.skip(lines.number(), "'when' holds no time");
            } else if (command == null || !(content.equals("paths:") || content.startsWith("- "))) {
                sink.skip(lines.number(), "it is none of '- cmd:', 'when:' and 'paths:'");
            }
        }
        endEntry(tasks, command, commandLine, when);
        tasks.end();
        if (found)
            sink.note(
                    "fish keeps a repeated command once, with its latest time: how often you ran one, and in which folder,"
                            + " is not in its history.");
    }

    private static void endEntry(ShellTasks tasks, @Nullable String command, long line, @Nullable Instant when) {
        if (command == null || command.isBlank()) return;
        if (when == null) tasks.unstamped(line, command);
        else tasks.stamped(line, command, when, Duration.ZERO);
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
