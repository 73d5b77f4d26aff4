package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The folder in which one host keeps its jails' folders. A lock that ends with the process says that the host lives; what
 * belongs to hosts that do not, after a crash or a kill, is removed when the next one starts.
 */
final class HostFolder {
    private static final String LOCK = ".lock";
    private static final String OWN_PREFIX = ProcessHandle.current().pid() + "-";

    private final Path path;

    /** Held as long as this process lives: to close any channel to a locked file is to give up the lock. */
    @SuppressWarnings("unused")
    private final FileChannel lock;

    private HostFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    Path path() {
        return path;
    }

    /** Removes what ended hosts have left among all hosts' folders, and makes one for this host. */
    static HostFolder open(Path hosts, Set<PosixFilePermission> permissions) throws IOException {
        sweep(hosts);
        // The lock comes before the folder, so that no host ever finds a folder that looks as if nobody had it.
        Path file = Files.createTempFile(hosts, OWN_PREFIX, LOCK);
        FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE);
        lock.lock();
        String name = file.getFileName().toString();
        Path path = Files.createDirectory(hosts.resolve(name.substring(0, name.length() - LOCK.length())));
        Files.setPosixFilePermissions(path, permissions);
        return new HostFolder(path, lock);
    }

    private static void sweep(Path hosts) throws IOException {
        for (Path folder : folders(hosts)) {
            // One of this very process: its lock would be lost by closing another channel to the same file.
            if (folder.getFileName().toString().startsWith(OWN_PREFIX)) continue;
            Path file = folder.resolveSibling(folder.getFileName() + LOCK);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (channel.tryLock() == null) continue;
                RunFolder.remove(folder);
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // Its last processes are still ending, or another host is at it too: the next start finds what is left.
            }
        }
    }

    private static List<Path> folders(Path hosts) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(hosts, Files::isDirectory)) {
            entries.forEach(folders::add);
        }
        return folders;
    }
}
