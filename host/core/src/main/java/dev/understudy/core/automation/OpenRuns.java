package dev.understudy.core.automation;

import dev.understudy.core.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells runs that are under way from those whose host is gone: a host holds a locked file for each of its runs, and the
 * system frees the lock when the host ends, however it ends. Safe for use by several threads.
 */
final class OpenRuns {
    private final Path folder;
    private final Map<String, FileChannel> own = new HashMap<>();

    OpenRuns(Path folder) {
        this.folder = folder;
    }

    synchronized void hold(String runId) {
        try {
            FileChannel channel = FileChannel.open(file(runId), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // The lock lasts as long as the channel, which stays open.
            FileLock lock = channel.tryLock();
            if (lock == null) throw new IOException("another process holds it");
            own.put(runId, channel);
        } catch (IOException e) {
            throw UserException.failed(
                    "The run cannot begin",
                    "its lock " + file(runId) + " cannot be taken: " + e.getMessage(),
                    "Make the data home writable, or name another one with --home",
                    e);
        }
    }

    synchronized void release(String runId) {
        FileChannel channel = own.remove(runId);
        try {
            Files.deleteIfExists(file(runId));
            if (channel != null) channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
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
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path file(String runId) {
        return folder.resolve(runId + ".run");
    }
}
