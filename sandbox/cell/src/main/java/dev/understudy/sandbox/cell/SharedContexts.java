package dev.understudy.sandbox.cell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Contexts in which a script has run and may run again, one for each script, the one used longest ago first. Each may be
 * used for some time after its last run. Used by the guest's thread.
 */
final class SharedContexts {
    private final int most;
    private final long liveNanos;
    private final SequencedMap<Script, Kept> kept = new LinkedHashMap<>();

    private record Kept(GuestContext context, long since) {}

    SharedContexts(int most, long liveMillis) {
        this.most = most;
        liveNanos = TimeUnit.MILLISECONDS.toNanos(liveMillis);
    }

    /** The context of a script, which is kept no longer; null if there is none. */
    @Nullable
    GuestContext take(Script script) {
        Kept found = kept.remove(script);
        return found == null ? null : found.context();
    }

    void keep(Script script, GuestContext context) {
        kept.put(script, new Kept(context, System.nanoTime()));
    }

    /** Those that have lived their time. */
    List<GuestContext> takeExpired() {
        var expired = new ArrayList<GuestContext>();
        long now = System.nanoTime();
        kept.values().removeIf(each -> now - each.since() > liveNanos && expired.add(each.context()));
        return expired;
    }

    /**
     * Those that must go so that one more has room: in number, and in a heap of which a run's own limit must be free.
     *
     * @param freeBytes what the run may use
     */
    List<GuestContext> takeForOneMore(long freeBytes) {
        var gone = new ArrayList<GuestContext>();
        while (kept.size() >= most || (!kept.isEmpty() && !isFree(freeBytes)))
            gone.add(kept.pollFirstEntry().getValue().context());
        return gone;
    }

    private static boolean isFree(long bytes) {
        if (free() >= bytes) return true;
        // Most of what lies there is nobody's.
        System.gc();
        return free() >= bytes;
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
