package dev.understudy.core.plugin;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a folder has changed and has then been quiet for a moment, so that a file is not read half-copied.
 *
 * <p>Where the system gives no events (network file systems, no inotify watches left), it looks every so often.
 */
final class FolderWatch implements AutoCloseable {
    private static final long QUIET_MILLIS = 200;
    private static final long POLL_MILLIS = 1000;

    private final Path folder;
    private final Runnable changed;
    private final @Nullable WatchService events;
    private final Thread thread;

    private FolderWatch(Path folder, Runnable changed, @Nullable WatchService events) {
        this.folder = folder;
        this.changed = changed;
        this.events = events;
        thread = Thread.ofPlatform()
                .daemon()
                .name("watch " + folder.getFileName())
                .unstarted(this::run);
    }

    static FolderWatch start(Path folder, Runnable changed) {
        WatchService events = null;
        try {
            events = folder.getFileSystem().newWatchService();
            folder.register(
                    events,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException | UnsupportedOperationException _) {
            closeQuietly(events);
            events = null;
        }
        return start(folder, changed, events);
    }

    /** As {@link #start(Path, Runnable)} where the system gives no events. */
    static FolderWatch startPolling(Path folder, Runnable changed) {
        return start(folder, changed, null);
    }

    private static FolderWatch start(Path folder, Runnable changed, @Nullable WatchService events) {
        var watch = new FolderWatch(folder, changed, events);
        watch.thread.start();
        return watch;
    }

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
        if (events == null) {
            Thread.sleep(POLL_MILLIS);
            return;
        }
        var key = events.take();
        key.pollEvents();
        if (!key.reset()) TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }

    /** Names, sizes and times of the jars in the folder. */
    private String look() {
        var seen = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                if (!name.endsWith(".jar")) continue;
                seen.put(name, Files.size(file) + "@" + Files.getLastModifiedTime(file));
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // A file that went away while we looked: the next look sees the folder as it is then.
            seen.put("", String.valueOf(e.getMessage()));
        }
        return seen.toString();
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
