package dev.understudy.sandbox.control;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something of the machine that is used up, and makes things fail that look like something else: a folder that "cannot be
 * read" where no file can be opened any more, a program that "is not there" where no process can be started.
 *
 * @param why a clause that names it and where
 * @param mend what to do, an imperative clause
 */
public record Exhausted(String why, String mend) {
    /** Below it SQLite cannot even make what it needs to read (32 KiB), nor we a file with something in it. */
    private static final long LEAST_BYTES = 64 << 10;

    // Java passes on the system's word and no number, so there is nothing else to decide by; it ends the message, so
    // that
    // what a program in a jail has printed is not taken for our own.
    private static final Pattern DISK_FULL = endingIn("No space left on device");
    private static final Pattern QUOTA = endingIn("Disk quota exceeded");
    private static final Pattern READ_ONLY = endingIn("Read-only file system");
    private static final Pattern OPEN_FILES = endingIn("Too many open files(?: in system)?", 24, 23);
    private static final Pattern PROCESSES = endingIn("Resource temporarily unavailable", 11);
    private static final Pattern MEMORY = endingIn("Cannot allocate memory", 12);

    private static Pattern endingIn(String text, int... numbers) {
        var pattern = new StringBuilder("(?s).*(?:" + text);
        for (int number : numbers)
            pattern.append("|\\berror[=:] ?").append(number).append("\\b.*");
        return Pattern.compile(pattern.append(")[)\\s]*").toString());
    }

    /** What is used up, if that is why something failed; {@code failure} is looked at with its causes. */
    public static Optional<Exhausted> behind(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<Exhausted> found = switch (cause) {
                case FileSystemException named ->
                    named(String.valueOf(named.getReason()), named.getFile())
                            .or(() -> isAboutPlace(named) ? Exhausted.at(named.getFile()) : Optional.empty());
                case IOException other -> named(String.valueOf(other.getMessage()), null);
                case OutOfMemoryError error -> Optional.of(memory(error));
                default -> Optional.empty();
            };
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Exhausted memory(OutOfMemoryError error) {
        String message = String.valueOf(error.getMessage());
        return message.contains("native thread") ? processes() : memory();
    }

    /** Whose reason may be in a language that is not known here. */
    private static boolean isAboutPlace(FileSystemException failure) {
        return failure.getReason() != null
                && !(failure instanceof NoSuchFileException)
                && !(failure instanceof AccessDeniedException);
    }

    private static Optional<Exhausted> named(String text, @Nullable String file) {
        // The kernel says "no space" of too many namespaces, too.
        if (text.contains("namespace")) return Optional.empty();
        String where = file == null ? "" : " that holds " + file;
        if (DISK_FULL.matcher(text).matches()) return Optional.of(full("the disk" + where + " is full"));
        if (QUOTA.matcher(text).matches()) return Optional.of(full("the quota of the disk" + where + " is used up"));
        if (READ_ONLY.matcher(text).matches()) return Optional.of(readOnly("the file system" + where));
        if (OPEN_FILES.matcher(text).matches()) return Optional.of(openFiles());
        if (PROCESSES.matcher(text).matches()) return Optional.of(processes());
        if (MEMORY.matcher(text).matches()) return Optional.of(memory());
        return Optional.empty();
    }

    /** Whether the file system of a path, or of the nearest folder above it that is there, has room and takes writes. */
    public static Optional<Exhausted> at(@Nullable String file) {
        if (file == null) return Optional.empty();
        try {
            return at(Path.of(file));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** As {@link #at(String)}. */
    public static Optional<Exhausted> at(Path file) {
        try {
            Path there = file.toAbsolutePath();
            while (!Files.exists(there) && there.getParent() != null) there = there.getParent();
            FileStore store = Files.getFileStore(there);
            if (store.isReadOnly()) return Optional.of(readOnly("the file system that holds " + file));
            if (store.getTotalSpace() > 0 && store.getUsableSpace() < LEAST_BYTES)
                return Optional.of(full("the disk that holds " + file + " is full"));
            return Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Exhausted full(String why) {
        return new Exhausted(why, "Free some space there; what was stored before is safe");
    }

    private static Exhausted readOnly(String what) {
        return new Exhausted(
                what + " is mounted read-only", "Mount it for writing, or name another data home with --home");
    }

    private static Exhausted openFiles() {
        return new Exhausted(
                "this process may open no more files (too many open files)",
                "Allow more (ulimit -n 1024) and try again");
    }

    private static Exhausted processes() {
        return new Exhausted(
                "no more processes or threads may be started (resource temporarily unavailable)",
                "End some, or allow more (ulimit -u, or the pids limit of the container), and try again");
    }

    private static Exhausted memory() {
        return new Exhausted("the memory is used up", "End something else, or allow more, and try again");
    }
}
