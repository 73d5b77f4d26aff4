package dev.understudy.core.audit;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExclusiveFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A note, outside the store, of which entry is the newest: without it, nobody could tell that the newest were removed.
 *
 * <p>It is written after the entry stands, so it may be behind, never ahead. Once it does not fit the log it stays as it
 * is, as evidence.
 */
final class AuditHead {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ([0-9a-f]{64})\n");

    private final Path file;
    private final Path lock;
    private final Path salvaged;

    AuditHead(Path folder) {
        file = folder.resolve("audit.head");
        lock = folder.resolve("audit.lock");
        salvaged = folder.resolve("audit.salvaged");
    }

    /** An entry by number and hash; number 0 stands for a log without entries. */
    record Mark(long number, String hash) {
        static final Mark EMPTY = new Mark(0, Hashing.NOTHING);
    }

    /** The note; empty if there is none that can be read. */
    Optional<Mark> read() throws IOException {
        try {
            return mark(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException | java.nio.charset.CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static Optional<Mark> mark(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Mark(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    private static String text(Mark mark) {
        return mark.number() + " " + mark.hash() + "\n";
    }

    /**
     * Notes a newer entry.
     *
     * @param hashes of the log's entries by number; empty where there is no such entry
     */
    synchronized void advance(Mark newest, LongFunction<Optional<String>> hashes) throws IOException {
        try (ExclusiveFile _ = ExclusiveFile.take(lock)) {
            Mark noted = read().orElse(Mark.EMPTY);
            if (noted.number() >= newest.number()) return;
            boolean fits = noted.number() == 0 || hashes.apply(noted.number()).equals(Optional.of(noted.hash()));
            if (fits) write(newest);
        }
    }

    /** Notes an entry from which on the log goes on after damage, whatever was noted before. */
    synchronized void goOn(Mark mark) throws IOException {
        DataHome.createPrivateFile(salvaged);
        Files.writeString(salvaged, text(mark), StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        write(mark);
    }

    /** The entries from which on the log went on after damage. */
    List<Mark> salvages() throws IOException {
        try {
            return Files.readAllLines(salvaged, StandardCharsets.US_ASCII).stream()
                    .flatMap(line -> mark(line + "\n").stream())
                    .toList();
        } catch (NoSuchFileException | java.nio.charset.CharacterCodingException _) {
            return List.of();
        }
    }

    /** Notes a log without entries. */
    synchronized void begin() throws IOException {
        write(Mark.EMPTY);
    }

    /**
     * Not flushed to the disk, which would double what a run costs: a power cut may leave an older note, or a damaged one, and
     * either is told apart from tampering. A kill leaves a whole one.
     */
    private void write(Mark mark) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        DataHome.createPrivateFile(next);
        Files.writeString(next, text(mark), StandardCharsets.US_ASCII);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
