package dev.understudy.core.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Tells whether any process has written to the store since the last question, without a query: every commit writes to the
 * file of SQLite's write-ahead log. Not safe for use by several threads.
 */
final class StoreStamp {
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(10);

    private final Path log;
    private final HostTime time;
    private String before = "";
    private long lookedNanos;

    StoreStamp(Path database, HostTime time) {
        this.time = time;
        log = database.resolveSibling(database.getFileName() + "-wal");
    }

    boolean changed() {
        String now;
        try {
            now = Files.getLastModifiedTime(log) + " " + Files.size(log);
        } catch (IOException _) {
            // The log goes away when the last process closes the store, which is none while we have it open.
            now = "none";
        }
        // A log that starts again from its beginning keeps its size, and clocks of file systems are coarse.
        boolean old = time.nanos() - lookedNanos >= LOOK_ANYWAY.toNanos();
        boolean changed = old || !now.equals(before);
        if (changed) lookedNanos = time.nanos();
        before = now;
        return changed;
    }

    /** Takes back that the last change was looked at. */
    void again() {
        before = "";
    }
}
