package dev.understudy.plugins.tasksources;

import dev.understudy.plugins.tasksources.ShellTasks.LineJoins;
import dev.understudy.spi.TaskSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

    /** As zsh's manual, its installer and its users call the file. */
    private static final List<String> FILE_NAMES =
            List.of(".zsh_history", ".zhistory", ".histfile", "zsh_history", "zhistory", "histfile");

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
        if (!HistoryLines.isText(probe)) return 0;
        if (probe.head()
                .lines()
                .limit(20)
                .anyMatch(line -> STAMPED.matcher(line).matches())) return 0.95;
        if (FILE_NAMES.contains(probe.fileName())) return 0.9;
        for (Path folder : probe.path()) if (folder.toString().matches("\\.?zsh")) return 0.85;
        if (holdsEscapedBytes(probe.head())) return 0.8;
        // Where bash writes a time stamp or nothing, only zsh goes on in the next line: more than bash says of such a
        // file.
        boolean continues = probe.head().contains("\\\n") && probe.fileName().contains("hist");
        return continues ? 0.5 : 0;
    }

    /**
     * Whether a character that is UTF-8 by chance, because zsh wrote 0x83 before a byte of another one, stands before the
     * rest of that other one.
     */
    private static boolean holdsEscapedBytes(String head) {
        for (int i = head.indexOf('\uFFFD', 1); i > 0; i = head.indexOf('\uFFFD', i + 1)) {
            byte[] before = head.substring(i - 1, i).getBytes(StandardCharsets.UTF_8);
            for (int at = 1; at < before.length; at++) if (before[at] == (byte) 0x83) return true;
        }
        return false;
    }

    @Override
    public List<Path> discover(Path homeDirectory, Map<String, String> environment) {
        var places = new HistoryPlaces(homeDirectory, environment);
        Stream<Path> own = Stream.concat(
                places.named("ZDOTDIR"),
                Stream.of(places.state(), places.cache(), places.data(), places.config())
                        .flatMap(Function.identity())
                        .map(folder -> folder.resolve("zsh")));
        return HistoryPlaces.existing(Stream.concat(
                FILE_NAMES.stream().map(homeDirectory::resolve),
                own.flatMap(folder ->
                        Stream.concat(FILE_NAMES.stream(), Stream.of("history")).map(folder::resolve))));
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        var tasks = new ShellTasks(Shell.ZSH, input, sink, LineJoins.NEVER);
        var lines = new HistoryLines(input, sink);
        var entry = new ByteArrayOutputStream();
        long entryLine = 0;
        for (ByteLines line = lines.next(); line != null; line = lines.next()) {
            if (entry.size() == 0) entryLine = line.number();
            byte[] bytes = line.buffer();
            boolean continues = line.end() > line.start() && bytes[line.end() - 1] == '\\';
            entry.write(bytes, line.start(), line.end() - line.start() - (continues ? 1 : 0));
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
            Instant start = EpochSeconds.parse(stamped.group(1));
            if (start == null) tasks.unstamped(line, command);
            else tasks.stamped(line, command, start, Duration.ofSeconds(Long.parseLong(stamped.group(2))));
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
