package dev.understudy.core.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * A file that one holder in one process has. The lock that a system gives belongs to a process as a whole: where another
 * thread has it, Java refuses it instead of waiting, whence the turn among the threads.
 */
public final class ExclusiveFile implements AutoCloseable {
    /** Never emptied: whoever waits at a turn that was removed would not see who takes the next one. */
    private static final ConcurrentHashMap<Path, Semaphore> TURNS = new ConcurrentHashMap<>();

    private final Semaphore turn;
    private final FileChannel channel;

    private ExclusiveFile(Semaphore turn, FileChannel channel) {
        this.turn = turn;
        this.channel = channel;
    }

    /**
     * Waits until nobody has it, and makes the file if it is not there, for its owner alone.
     *
     * @param file has to do with nothing but this; another lock on it would be lost when this one is given up
     * @throws FileLockInterruptionException if the thread is interrupted meanwhile
     */
    public static ExclusiveFile take(Path file) throws IOException {
        Semaphore turn = TURNS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new Semaphore(1, true));
        try {
            turn.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new FileLockInterruptionException();
        }
        try {
            DataHome.createPrivateFile(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            try {
                channel.lock();
                return new ExclusiveFile(turn, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            turn.release();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            turn.release();
        }
    }
}
