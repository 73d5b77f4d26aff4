package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One jail's folder on the host, removed with all that is in it when the jail has ended. Belongs to the jail's uid, so
 * that nobody else can look inside, and is itself not visible in the jail: only folders below it are.
 */
final class RunFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final OptionalInt uid;

    private RunFolder(Path path, OptionalInt uid) {
        this.path = path;
        this.uid = uid;
    }

    static RunFolder create(Path parent, String prefix, OptionalInt uid) throws IOException {
        Path path = Files.createTempDirectory(parent, prefix);
        RunFolder folder = new RunFolder(path, uid);
        folder.give(path);
        return folder;
    }

    Path path() {
        return path;
    }

    /** A new folder that only the jail may use. */
    Path folder(String name) throws IOException {
        Path made = Files.createDirectory(path.resolve(name), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        give(made);
        return made;
    }

    /** A new file, readable inside and bound read-only. */
    Path file(String name, byte[] content) throws IOException {
        Path made = Files.createFile(path.resolve(name), PosixFilePermissions.asFileAttribute(OWNER_FILE));
        Files.write(made, content);
        give(made);
        return made;
    }

    /** Makes the jail's uid the owner. */
    void give(Path file) throws IOException {
        if (uid.isEmpty()) return;
        Files.setAttribute(file, "unix:gid", uid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", uid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes all of it, whatever permissions were left; follows no link. */
    @Override
    public void close() throws IOException {
        remove(path);
    }

    static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (!Files.isWritable(directory)) Files.setPosixFilePermissions(directory, OWNER_ONLY);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) throw failure;
                // A folder that the script, or the kernel's overlay, left closed even to its owner.
                Files.setPosixFilePermissions(file, OWNER_ONLY);
                remove(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) throw failure;
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
