package dev.understudy.core.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held, shared, by every process that may have runs under way in a data home. Who gets it alone knows that what looks
 * like a run under way is what a crash has left.
 */
final class RecoveryLock implements AutoCloseable {
    private final FileChannel channel;

    private RecoveryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Mends what a crash has left. */
    interface Recovery {
        void run() throws IOException;
    }

    /** Takes the lock; runs the recovery first if no other process holds it. */
    static RecoveryLock acquire(Path file, Recovery recovery) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock alone = channel.tryLock();
            if (alone != null) {
                recovery.run();
                alone.release();
            }
            // Waits only while another process that came alone recovers.
            if (!channel.lock(0, Long.MAX_VALUE, true).isShared())
                throw new IOException(file + " is on a file system without shared locks");
            return new RecoveryLock(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
