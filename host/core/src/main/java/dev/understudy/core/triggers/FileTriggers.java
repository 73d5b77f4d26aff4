package dev.understudy.core.triggers;

import dev.understudy.core.triggers.Dispatcher.Answer;
import dev.understudy.core.triggers.Dispatcher.Merge;
import dev.understudy.core.triggers.Trigger.FileChange;
import dev.understudy.core.triggers.Trigger.Missed;
import dev.understudy.core.triggers.TriggerStore.Progress;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the files of all path triggers, by one thread.
 *
 * <p>An event only says that a folder is worth a look; what has changed is found by comparing what is there with what was
 * seen. So nothing is lost when events are (a full queue, a folder that was away), and where the system gives none
 * (network file systems), a look every so often finds the same.
 */
final class FileTriggers implements AutoCloseable {
    private static final long LOOK_ANYWAY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOOK_FOR_ABSENT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LOOK_FOR_HELD_NANOS = Duration.ofMillis(100).toNanos();
    /** Times of files are as coarse as the kernel's clock tick. */
    private static final Duration TICK = Duration.ofMillis(20);

    /** Events come in bursts; one look serves all of a burst. */
    private static final Duration BURST = Duration.ofMillis(50);

    private static final Duration MAX_WAIT = Duration.ofMillis(500);

    private final TriggerStore store;
    private final Dispatcher dispatcher;
    private final Provenance provenance;
    private final TriggerListener listener;
    private final Path userHome;
    private final InstantSource clock;
    private final WatchService events;
    private final Thread thread;
    private List<Watched> watched = new ArrayList<>();

    private static final class Watched {
        final String automationId;
        final FileChange trigger;
        final WatchedFiles files;

        @Nullable
        SettledFiles settled;

        @Nullable
        WatchKey key;

        @Nullable
        Object folderKey;

        boolean absent;
        boolean wasFile;
        long lookAt;

        Watched(String automationId, FileChange trigger, WatchedFiles files) {
            this.automationId = automationId;
            this.trigger = trigger;
            this.files = files;
        }

        boolean isFor(String otherId, FileChange otherTrigger) {
            return automationId.equals(otherId) && trigger.equals(otherTrigger);
        }
    }

    FileTriggers(
            TriggerStore store,
            Dispatcher dispatcher,
            Provenance provenance,
            TriggerListener listener,
            Path userHome,
            InstantSource clock)
            throws IOException {
        this.store = store;
        this.dispatcher = dispatcher;
        this.provenance = provenance;
        this.listener = listener;
        this.userHome = userHome;
        this.clock = clock;
        events = FileSystems.getDefault().newWatchService();
        thread = Thread.ofPlatform().daemon().name("file triggers").unstarted(this::run);
        thread.start();
    }

    /** Watches for these automations from now on; what is there when it returns is no news. */
    synchronized void watch(Map<String, Triggers> automations) {
        var next = new ArrayList<Watched>();
        automations.forEach((id, triggers) -> {
            for (Trigger trigger : triggers.all()) {
                if (!(trigger instanceof FileChange file)) continue;
                Watched same = watched.stream()
                        .filter(each -> each.isFor(id, file))
                        .findFirst()
                        .orElse(null);
                if (same != null) {
                    next.add(same);
                    continue;
                }
                var added = new Watched(id, file, WatchedFiles.of(file, userHome));
                next.add(added);
                look(added, System.nanoTime());
            }
        });
        Set<@Nullable WatchKey> keys = new HashSet<>();
        for (Watched each : next) keys.add(each.key);
        for (Watched each : watched) if (each.key != null && !keys.contains(each.key)) each.key.cancel();
        watched = next;
    }

    private void run() {
        try {
            while (true) {
                waitForEvents();
                lookWhereDue();
            }
        } catch (InterruptedException | ClosedWatchServiceException _) {
            // Closed: the watch ends.
        }
    }

    private void waitForEvents() throws InterruptedException {
        WatchKey key = events.poll(waitMillis(), TimeUnit.MILLISECONDS);
        if (key == null) return;
        Thread.sleep(BURST);
        for (; key != null; key = events.poll()) {
            key.pollEvents();
            boolean valid = key.reset();
            touched(key, valid);
        }
    }

    private synchronized long waitMillis() {
        long now = System.nanoTime();
        long wait = MAX_WAIT.toNanos();
        for (Watched each : watched) wait = Math.min(wait, each.lookAt - now);
        return Math.max(10, TimeUnit.NANOSECONDS.toMillis(wait));
    }

    private synchronized void touched(WatchKey key, boolean valid) {
        for (Watched each : watched) {
            if (!key.equals(each.key)) continue;
            each.lookAt = System.nanoTime();
            if (!valid) each.key = null;
        }
    }

    private synchronized void lookWhereDue() {
        long now = System.nanoTime();
        for (Watched each : watched) if (each.lookAt - now <= 0) look(each, now);
    }

    private void look(Watched each, long now) {
        each.lookAt = now + LOOK_ANYWAY_NANOS;
        Map<String, String> listing;
        try {
            each.wasFile |= Files.isRegularFile(each.files.path());
            // First, since what comes between a look and the registration would have no event.
            register(each);
            listing = each.files.list(each.wasFile);
        } catch (IOException e) {
            each.lookAt = now + LOOK_FOR_ABSENT_NANOS;
            each.key = null;
            if (!each.absent) listener.folderGone(each.automationId, each.files.path());
            each.absent = true;
            if (each.settled == null) begin(each, Map.of());
            return;
        }
        if (each.absent) listener.folderBack(each.automationId, each.files.path());
        each.absent = false;
        SettledFiles settled = each.settled == null ? begin(each, listing) : each.settled;
        boolean held = false;
        for (String file : settled.look(now, listing)) {
            String fingerprint = listing.getOrDefault(file, "");
            if (handle(each, file, fingerprint)) settled.see(file, fingerprint);
            else held = true;
        }
        for (String gone : settled.forgetAbsent(listing))
            if (isRemembered(each)) store.forgetFile(each.automationId, each.trigger.key(), gone);
        long soonest =
                held ? now + LOOK_FOR_HELD_NANOS : settled.nextLookNanos().orElse(each.lookAt);
        if (soonest - each.lookAt < 0) each.lookAt = soonest;
    }

    private static boolean isRemembered(Watched each) {
        return each.trigger.missed() != Missed.SKIP;
    }

    /** Decides what is no news at the start. */
    private SettledFiles begin(Watched each, Map<String, String> listing) {
        Map<String, String> seen = listing;
        if (isRemembered(each)) {
            String key = each.trigger.key();
            boolean known = store.handledUntil(each.automationId, key).isPresent();
            if (known) seen = store.seen(each.automationId, key);
            if (known && each.trigger.missed() == Missed.RUN_ONCE) seen = allButLatest(seen, listing);
            store.seeAll(each.automationId, key, seen, clock.instant());
        }
        var settled = new SettledFiles(each.trigger.settle(), seen);
        each.settled = settled;
        return settled;
    }

    /** What was seen, and of what changed since, all but the latest. */
    private static Map<String, String> allButLatest(Map<String, String> seen, Map<String, String> listing) {
        var merged = new java.util.TreeMap<>(seen);
        listing.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(seen.get(entry.getKey())))
                .sorted(java.util.Comparator.comparingLong(
                                (Map.Entry<String, String> entry) -> WatchedFiles.modified(entry.getValue()))
                        .reversed())
                .skip(1)
                .forEach(entry -> merged.put(entry.getKey(), entry.getValue()));
        return merged;
    }

    private void register(Watched each) throws IOException {
        Path folder = each.files.folder();
        Object folderKey = Files.readAttributes(folder, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        boolean same = each.key != null && each.key.isValid() && java.util.Objects.equals(each.folderKey, folderKey);
        if (same) return;
        each.folderKey = folderKey;
        try {
            each.key = folder.register(
                    events,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException | UnsupportedOperationException _) {
            // No inotify watches left, or a file system without events: the look every so often has to do.
            each.key = null;
        }
    }

    /** Fires for a file, or finds that it must not; false if that cannot be decided yet. */
    private boolean handle(Watched each, String file, String fingerprint) {
        // Whose output it is shows only once the runs that were under way when it was written have ended.
        Instant written = WatchedFiles.written(Path.of(file), clock.instant());
        if (dispatcher.mayHaveWritten(written.plus(TICK))) return false;
        String id = each.automationId;
        Progress progress =
                isRemembered(each) ? new Progress.Seen(each.trigger.key(), file, fingerprint) : new Progress.None();
        Set<String> behind = provenance.behind(WatchedFiles.real(Path.of(file)), fingerprint);
        if (behind.contains(id)) {
            if (isRemembered(each)) store.remember(id, progress);
            if (behind.size() > 1) listener.loopAvoided(id, Path.of(file), behind);
            return true;
        }
        var chain = new HashSet<>(behind);
        chain.add(id);
        Map<String, String> parameters = each.trigger.parameter().isPresent()
                ? Map.of(each.trigger.parameter().get(), file)
                : Map.of();
        String cause = "file " + file + Firing.DETAIL + fingerprint;
        return dispatcher.fire(id, cause, parameters, Merge.SAME_PARAMETERS, chain, progress) != Answer.CLOSING;
    }

    @Override
    public void close() {
        try {
            events.close();
            thread.join();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
