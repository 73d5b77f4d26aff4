package dev.understudy.core.sandbox;

import dev.understudy.core.config.DataHome;
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

    /**
     * Takes the lock.
     *
     * @param alone done first if no other process holds it
     * @param besides done first if another process does
     */
    static RecoveryLock acquire(Path file, Recovery alone, Recovery besides) throws IOException {
        DataHome.createPrivateFile(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock exclusive = channel.tryLock();
            if (exclusive == null) {
                besides.run();
            } else {
                alone.run();
                exclusive.release();
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
