package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A folder in memory for what runs write, where the system has one: to make and remove a run's dozen files and folders
 * takes milliseconds on a disk, and tens of them on one that is busy.
 */
final class MemoryFolder {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    private MemoryFolder() {}

    /** The folder for the hosts of this user; empty where there is none that would do as well as a disk. */
    static Optional<Path> ofThisUser() {
        try {
            if (!isOrdinaryMemory(Files.readString(Path.of("/proc/self/mounts")))) return Optional.empty();
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            Path folder = SHARED_MEMORY.resolve("understudy-" + user);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS))
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PASSABLE));
            // Everybody may make entries here, so somebody else may have made this one.
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(user);
            if (!ours) return Optional.empty();
            Files.setPosixFilePermissions(folder, PASSABLE);
            // An overlay keeps what it knows of deleted and replaced folders there.
            Files.setAttribute(folder, "user:understudy", ByteBuffer.allocate(1));
            return Optional.of(folder);
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    /** Whether a mount table shows the shared memory as a file system in memory from which programs may be started. */
    static boolean isOrdinaryMemory(String mounts) {
        boolean ordinary = false;
        for (String line : mounts.lines().toList()) {
            String[] fields = line.split(" ");
            // The last one covers those before it.
            if (fields.length > 3 && fields[1].equals(SHARED_MEMORY.toString()))
                ordinary = fields[2].equals("tmpfs")
                        && !Set.of(fields[3].split(",")).contains("noexec");
        }
        return ordinary;
    }
}
