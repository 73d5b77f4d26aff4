package dev.understudy.core.config;

import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Exhausted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which everything is kept; nobody but its owner may look in.
 *
 * <p>Several processes may use one data home. SQLite queues their writes; what only one process may do at a time takes
 * {@link #lock}.
 */
public final class DataHome {
    /** What is kept here; but for the jail's folders, which other uids must pass through. */
    private static final Pattern OWN = Pattern.compile(
            "understudy\\.db.*|audit\\..+|before-restore-.+|restore-.+|secrets|dashboard\\.token|performance-told\\.txt.*"
                    + "|automations|cells|drafts|fleet|hooks|host|locks|native|optimizations|parameter-journal|plugin-copies|plugins"
                    + "|repl|runs|templates|traces|tuning|undo|used");

    /** The name of the SQLite file. */
    public static final String DATABASE = "understudy.db";

    private static final Path SELF = Path.of("/proc/self");

    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");

    private final Path root;

    private DataHome(Path root) {
        this.root = root;
    }

    /** Where it is if nobody says otherwise: {@code $XDG_DATA_HOME/understudy}, or {@code ~/.local/share/understudy}. */
    public static Path defaultRoot(Map<String, String> environment, Path userHome) {
        return baseDirectory(environment.get("XDG_DATA_HOME"), userHome.resolve(".local/share"))
                .resolve("understudy");
    }

    /** The XDG rule: a relative path in such a variable is ignored. */
    static Path baseDirectory(@Nullable String variable, Path fallback) {
        return variable != null && variable.startsWith("/") ? Path.of(variable) : fallback;
    }

    /**
     * Opens the folder, creating it if need be. One that is there already is opened, too, where its disk is full or mounted
     * read-only: what only reads shall go on, and what writes then says why it cannot.
     *
     * @throws UserException if it cannot be created or written
     */
    public static DataHome open(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            createPrivate(absolute);
            tighten(absolute);
            // Creating a file is the only test that sees permissions, read-only mounts and full disks alike.
            Files.delete(Files.createTempFile(absolute, ".probe", ""));
        } catch (IOException e) {
            if (Files.isDirectory(absolute) && Exhausted.behind(e).isPresent()) return new DataHome(absolute);
            throw UserException.failed(
                    "The data home " + absolute + " cannot be written",
                    reason(e),
                    "Make it writable, or name another folder with --home",
                    e);
        }
        return new DataHome(absolute);
    }

    /** What the system said, without the path that the message names already. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }

    public Path root() {
        return root;
    }

    /** The SQLite file. */
    public Path database() {
        return root.resolve(DATABASE);
    }

    /** A private folder below this one; created if absent. */
    public Path folder(String name) {
        Path folder = root.resolve(name);
        try {
            createPrivate(folder);
        } catch (IOException e) {
            throw UserException.failed(
                    "The folder " + folder + " cannot be created",
                    reason(e),
                    "Make the data home writable, or name another one with --home",
                    e);
        }
        return folder;
    }

    /**
     * Waits until no other process, and no other thread of this one, holds the lock of this name.
     *
     * @param name a plain file name
     * @param purpose what the lock is for, as a noun phrase for messages: "preparing the Python cell"
     * @throws UserException if it is still held after {@code wait}, naming the process that holds it
     */
    public Lock lock(String name, String purpose, Duration wait) throws InterruptedException {
        Path file = folder("locks").resolve(name + ".lock");
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            createPrivateFile(file);
            var channel = FileChannel.open(file, StandardOpenOption.WRITE);
            try {
                FileLock lock = tryLock(channel);
                while (lock == null) {
                    if (System.nanoTime() >= deadline) throw held(file, purpose);
                    Thread.sleep(20);
                    lock = tryLock(channel);
                }
                channel.truncate(0);
                channel.write(StandardCharsets.UTF_8.encode(
                        Long.toString(ProcessHandle.current().pid())));
                return new Lock(channel);
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw UserException.failed(
                    "The lock " + file + " cannot be taken",
                    reason(e),
                    "Make the data home writable, or name another one with --home",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Another thread of this process holds it.
            return null;
        }
    }

    private static UserException held(Path file, String purpose) throws IOException {
        String holder = Files.readString(file).strip();
        return UserException.failed(
                "Another process is busy " + purpose,
                "it holds " + file + (holder.isEmpty() ? "" : " (process " + holder + ")"),
                "Wait until it is done and try again");
    }

    /**
     * Makes an empty file that only its owner reads, whatever the umask says, unless it is there.
     *
     * @throws IOException if it can neither be made nor is there
     */
    public static void createPrivateFile(Path file) throws IOException {
        if (Files.exists(file)) return;
        try {
            if (isPosix(file)) Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE_MODE));
            else Files.createFile(file);
        } catch (FileAlreadyExistsException _) {
            // Another process was quicker.
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** A folder that was there before may let others in; what is ours in it shall not. The folder itself may be somebody's. */
    private static void tighten(Path root) throws IOException {
        if (!isPosix(root)) return;
        UserPrincipal self = Files.getOwner(Files.exists(SELF) ? SELF : root);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries)
                if (OWN.matcher(entry.getFileName().toString()).matches()) tighten(entry, self);
        }
    }

    private static void tighten(Path entry, UserPrincipal self) throws IOException {
        try {
            if (Files.isSymbolicLink(entry)
                    || isPrivate(entry)
                    || !Files.getOwner(entry).equals(self)) return;
            Files.setPosixFilePermissions(entry, Files.isDirectory(entry) ? FOLDER_MODE : FILE_MODE);
        } catch (NoSuchFileException _) {
            // Another process had it for a moment.
        }
    }

    private static boolean isPrivate(Path path) throws IOException {
        return FOLDER_MODE.containsAll(Files.getPosixFilePermissions(path));
    }

    /**
     * Makes a folder that only its owner enters, whatever the umask says, unless it is there.
     *
     * @throws IOException if it can neither be made nor is there
     */
    public static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        Path parent = folder.getParent();
        if (parent != null) Files.createDirectories(parent);
        try {
            if (isPosix(folder)) Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
            else Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Another process was quicker.
            if (!Files.isDirectory(folder)) throw new NoSuchFileException(folder + " is no folder");
        }
    }

    /** A lock that is held until closed; the operating system frees it if the process dies. */
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
