package dev.understudy.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the small changes of many threads in few transactions: whoever finds nobody writing does so for all who wait, since what
 * a transaction costs is the disk's sync at its end. Safe for use by several threads.
 *
 * <p>Group commit as in DeWitt et al., "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984.
 */
public final class GroupCommit {
    private final Database database;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** A change of the store; it may be made twice, if the first transaction did not stand. */
    @FunctionalInterface
    public interface Change {
        void make(Handle handle);
    }

    /** One who waits; its fields are guarded by {@link #writing}. */
    private static final class Waiting {
        final Change change;
        boolean done;

        @Nullable
        RuntimeException failure;

        Waiting(Change change) {
            this.change = change;
        }
    }

    public GroupCommit(Database database) {
        this.database = database;
    }

    /**
     * Makes a change, which stands when this returns and has never happened when it throws. What others change in the same
     * transaction neither helps nor harms it.
     */
    public void change(Change change) {
        var mine = new Waiting(change);
        queue.add(mine);
        writing.lock();
        try {
            if (!mine.done) writeAll();
        } finally {
            writing.unlock();
        }
        if (mine.failure != null) throw mine.failure;
    }

    private void writeAll() {
        var batch = new ArrayList<Waiting>();
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) batch.add(next);
        try {
            write(batch);
        } catch (RuntimeException shared) {
            // Whose fault it was shows when each is written by itself.
            for (Waiting each : batch) {
                try {
                    write(List.of(each));
                } catch (RuntimeException own) {
                    each.failure = own;
                    each.done = true;
                }
            }
        }
    }

    private void write(List<Waiting> batch) {
        database.change(handle -> batch.forEach(each -> each.change.make(handle)));
        batch.forEach(each -> each.done = true);
    }

    /** How many wait for others to have written. */
    int waiting() {
        return queue.size();
    }
}
