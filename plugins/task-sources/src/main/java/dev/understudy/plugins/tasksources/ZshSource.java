package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * Reads zsh's history file: {@code : start:elapsed;command} where {@code EXTENDED_HISTORY} is set, else a command a line.
 * A line that ends with a backslash goes on in the next one, and a byte 0x83 says that the byte after it is written with
 * its sixth bit turned over.
 */
@Extension
public final class ZshSource implements TaskSource {

    private static final Pattern STAMPED = Pattern.compile(": {0,20}(\\d{1,11}):(\\d{1,9});(.*)", Pattern.DOTALL);

    @Override
    public String name() {
        return "zsh";
    }

    @Override
    public String description() {
        return "zsh history, extended and plain (~/.zsh_history)";
    }

    @Override
    public double confidence(Probe probe) {
        if (probe.head().indexOf('\0') >= 0) return 0;
        if (probe.head()
                .lines()
                .limit(20)
                .anyMatch(line -> STAMPED.matcher(line).matches())) return 0.95;
        return switch (probe.fileName()) {
            case ".zsh_history", "zsh_history", ".zhistory", ".histfile" -> 0.9;
            default -> 0;
        };
    }

    @Override
    public List<Path> discover(Path homeDirectory) {
        return Stream.of(".zsh_history", ".zhistory", ".histfile")
                .map(homeDirectory::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(name(), input, sink, ShellSyntax.POSIX, LineJoins.NEVER);
        var lines = new ByteLines(input.stream());
        var entry = new ByteArrayOutputStream();
        long entryLine = 0;
        while (lines.next()) {
            if (lines.tooLong()) {
                sink.skip(lines.number(), "it is longer than " + (ByteLines.MAX_LINE_BYTES >> 20) + " MiB");
                continue;
            }
            if (entry.size() == 0) entryLine = lines.number();
            byte[] bytes = lines.buffer();
            boolean continues = lines.end() > lines.start() && bytes[lines.end() - 1] == '\\';
            entry.write(bytes, lines.start(), lines.end() - lines.start() - (continues ? 1 : 0));
            if (continues) entry.write('\n');
            else endEntry(tasks, entry, entryLine);
        }
        endEntry(tasks, entry, entryLine);
        tasks.end();
    }

    private static void endEntry(ShellTasks tasks, ByteArrayOutputStream entry, long line) {
        if (entry.size() == 0) return;
        byte[] bytes = entry.toByteArray();
        entry.reset();
        String text = Utf8.decode(bytes, 0, unmetafy(bytes));
        Matcher stamped = STAMPED.matcher(text);
        if (stamped.matches()) {
            String command = stamped.group(3).strip();
            if (command.isEmpty()) return;
            Instant start = Instant.ofEpochSecond(Long.parseLong(stamped.group(1)));
            tasks.stamped(line, command, start, Duration.ofSeconds(Long.parseLong(stamped.group(2))));
        } else if (!text.isBlank()) {
            tasks.unstamped(line, text.strip());
        }
    }

    /** Undoes zsh's escapes in place; returns the new length. */
    private static int unmetafy(byte[] bytes) {
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean escaped = bytes[i] == (byte) 0x83 && i + 1 < bytes.length;
            bytes[length++] = escaped ? (byte) (bytes[++i] ^ 0x20) : bytes[i];
        }
        return length;
    }
}
