package dev.understudy.core.sandbox;

import dev.understudy.core.config.DataHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Held, shared, by every process that may have runs under way in a data home. Who gets it alone knows that what looks
 * like a run under way is what a crash has left. Engines of one process hold it together: to the system a lock belongs to the
 * process.
 */
final class RecoveryLock implements AutoCloseable {
    /** Of this process, by their files. */
    private static final Map<Path, RecoveryLock> HELD = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private int holders = 1;

    private RecoveryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Mends what a crash has left. */
    interface Recovery {
        void run() throws IOException;
    }

    /**
     * Takes the lock.
     *
     * @param alone done first if nobody else holds it
     * @param besides done first if somebody else does
     */
    static RecoveryLock acquire(Path file, Recovery alone, Recovery besides) throws IOException {
        DataHome.createPrivateFile(file);
        Path real = file.toRealPath();
        synchronized (HELD) {
            RecoveryLock held = HELD.get(real);
            if (held == null) {
                held = acquireFirst(real, alone, besides);
                HELD.put(real, held);
            } else {
                besides.run();
                held.holders++;
            }
            return held;
        }
    }

    private static RecoveryLock acquireFirst(Path file, Recovery alone, Recovery besides) throws IOException {
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
            return new RecoveryLock(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            synchronized (HELD) {
                holders--;
                if (holders > 0) return;
                HELD.remove(file);
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
