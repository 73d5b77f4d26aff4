package dev.understudy.core.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells when files of a folder have changed and have then been quiet for a moment, so that none is read half-written.
 *
 * <p>Where the system gives no events (network file systems, no inotify watches left, a folder that went away and came back),
 * it looks every so often.
 */
public final class FolderWatch implements AutoCloseable {
    private static final long QUIET_MILLIS = 200;
    private static final long POLL_MILLIS = 1000;

    private final Path folder;
    private final Predicate<Path> files;
    private final Predicate<Path> below;
    private final Runnable changed;
    private final @Nullable WatchService events;
    private final Thread thread;
    private boolean registered;

    private FolderWatch(
            Path folder,
            Predicate<Path> files,
            Predicate<Path> below,
            Runnable changed,
            @Nullable WatchService events) {
        this.folder = folder;
        this.files = files;
        this.below = below;
        this.changed = changed;
        this.events = events;
        thread = Thread.ofPlatform()
                .daemon()
                .name("watch " + folder.getFileName())
                .unstarted(this::run);
    }

    /**
     * Starts to watch.
     *
     * @param files which of the folder's files are looked at
     * @param changed called by the watch's own thread, one call at a time: first for what is there, then for
     *     each change; what changes meanwhile is told after it has returned
     */
    public static FolderWatch start(Path folder, Predicate<Path> files, Runnable changed) {
        return startTree(folder, files, _ -> false, changed);
    }

    /**
     * As above for the folders below, too.
     *
     * @param below which of the folders in the folder, and in those, are looked into; links to folders are none
     */
    public static FolderWatch startTree(Path folder, Predicate<Path> files, Predicate<Path> below, Runnable changed) {
        WatchService events = null;
        try {
            events = folder.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException _) {
            // No inotify instances left: the looks have to do.
        }
        return start(new FolderWatch(folder, files, below, changed, events));
    }

    /** As {@link #start(Path, Predicate, Runnable)} where the system gives no events. */
    public static FolderWatch startPolling(Path folder, Predicate<Path> files, Runnable changed) {
        return start(new FolderWatch(folder, files, _ -> false, changed, null));
    }

    private static FolderWatch start(FolderWatch watch) {
        watch.thread.start();
        return watch;
    }

    /** Stops telling; a call that is under way is interrupted and not waited for. */
    @Override
    public void close() {
        thread.interrupt();
        closeQuietly(events);
    }

    private void run() {
        String before = "";
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String now = settled();
                if (!now.equals(before)) changed.run();
                before = now;
                waitForEvent();
            }
        } catch (InterruptedException | ClosedWatchServiceException _) {
            // Closed: the watch ends.
        }
    }

    /** Waits until two looks, a moment apart, see the same. */
    private String settled() throws InterruptedException {
        String previous = look();
        while (true) {
            Thread.sleep(QUIET_MILLIS);
            String now = look();
            if (now.equals(previous)) return now;
            previous = now;
        }
    }

    private void waitForEvent() throws InterruptedException {
        if (events == null || !registered) {
            Thread.sleep(POLL_MILLIS);
            return;
        }
        WatchKey key = events.take();
        key.pollEvents();
        // The folder itself has gone, and may come back.
        if (!key.reset() && folder.equals(key.watchable())) registered = false;
    }

    /** Asks for events of a folder before it is looked at, so that what comes after the look is told. */
    private void register(Path each) {
        if (events == null) return;
        boolean known;
        try {
            each.register(
                    events,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            known = true;
        } catch (IOException | UnsupportedOperationException _) {
            known = false;
        }
        if (each.equals(folder)) registered = known;
        else registered &= known;
    }

    /** Names, sizes and times of the files. */
    private String look() {
        var seen = new TreeMap<String, String>();
        look(folder, seen);
        return seen.toString();
    }

    private void look(Path each, Map<String, String> seen) {
        register(each);
        try (var listed = Files.list(each)) {
            for (Path file : (Iterable<Path>) listed::iterator) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    if (below.test(file)) look(file, seen);
                    continue;
                }
                if (!files.test(file)) continue;
                seen.put(folder.relativize(file).toString(), Files.size(file) + "@" + Files.getLastModifiedTime(file));
            }
        } catch (IOException | UncheckedIOException e) {
            // A file that went away while we looked: the next look sees the folder as it is then.
            seen.put(each.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static void closeQuietly(@Nullable WatchService events) {
        if (events == null) return;
        try {
            events.close();
        } catch (IOException _) {
            // Nothing is left to free.
        }
    }
}
