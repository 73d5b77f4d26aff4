package dev.understudy.core.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    AuditHead(Path folder) {
        file = folder.resolve("audit.head");
        lock = folder.resolve("audit.lock");
    }

    /** An entry by number and hash; number 0 stands for a log without entries. */
    record Mark(long number, String hash) {
        static final Mark EMPTY = new Mark(0, Hashing.NOTHING);
    }

    /** The note; empty if there is none that can be read. */
    Optional<Mark> read() throws IOException {
        try {
            Matcher matcher = FORM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            return matcher.matches()
                    ? Optional.of(new Mark(Long.parseLong(matcher.group(1)), matcher.group(2)))
                    : Optional.empty();
        } catch (NoSuchFileException | java.nio.charset.CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /**
     * Notes a newer entry.
     *
     * @param hashes of the log's entries by number; empty where there is no such entry
     */
    synchronized void advance(Mark newest, LongFunction<Optional<String>> hashes) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            Mark noted = read().orElse(Mark.EMPTY);
            if (noted.number() >= newest.number()) return;
            boolean fits = noted.number() == 0 || hashes.apply(noted.number()).equals(Optional.of(noted.hash()));
            if (fits) write(newest);
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
        Files.writeString(next, mark.number() + " " + mark.hash() + "\n", StandardCharsets.US_ASCII);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
