package dev.understudy.core.automation;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tells runs that are under way from those whose host is gone: a host holds a locked file for each of its runs, and the
 * system frees the lock when the host ends, however it ends. Safe for use by several threads.
 */
final class OpenRuns {
    private static final String ENDING = ".run";

    private final Path folder;
    private final Map<String, FileChannel> own = new HashMap<>();

    OpenRuns(Path folder) {
        this.folder = folder;
    }

    synchronized void hold(String runId) {
        Path file = file(runId);
        try {
            FileChannel channel = locked(file);
            // Another host that clears up may have taken it for a leftover just before it was locked.
            while (Files.notExists(file)) {
                channel.close();
                channel = locked(file);
            }
            own.put(runId, channel);
        } catch (IOException e) {
            throw UserException.failed(
                    "The run cannot begin",
                    "its lock " + file + " cannot be taken: " + e.getMessage(),
                    "Make the data home writable, or name another one with --home",
                    e);
        }
    }

    /** A channel whose lock lasts as long as it stays open. */
    private static FileChannel locked(Path file) throws IOException {
        DataHome.createPrivateFile(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) throw new IOException("another process holds it");
            return channel;
        } catch (IOException | OverlappingFileLockException e) {
            channel.close();
            throw e;
        }
    }

    /** Deletes what is left of runs whose host ended before they were in the store. */
    synchronized void clearLeftovers(Set<String> known) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String runId = name.substring(0, name.length() - ENDING.length());
                if (!known.contains(runId) && !isHeld(runId)) Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void release(String runId) {
        FileChannel channel = own.remove(runId);
        try {
            Files.deleteIfExists(file(runId));
            if (channel != null) channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether some host has this run under way. */
    synchronized boolean isHeld(String runId) {
        // To open and close a file of our own once more would free its lock.
        if (own.containsKey(runId)) return true;
        try (FileChannel channel = FileChannel.open(file(runId), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (NoSuchFileException _) {
            return false;
        } catch (OverlappingFileLockException _) {
            // Another object of this process holds it.
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String runId) {
        return folder.resolve(runId + ENDING);
    }
}
