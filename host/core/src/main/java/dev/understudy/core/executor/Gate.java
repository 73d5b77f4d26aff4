package dev.understudy.core.executor;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Concurrency;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many runs through at once, in cells and jails together, in the order in which they came. Safe for use by several
 * threads.
 */
public final class Gate implements Stage {
    private final InstantSource clock;
    private final @Nullable AdaptiveLimit adaptive;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private int limit;
    private int inside;
    private int most;
    private long tickets;

    private Gate(int limit, @Nullable AdaptiveLimit adaptive, InstantSource clock) {
        this.limit = limit;
        this.adaptive = adaptive;
        this.clock = clock;
    }

    static Gate of(ExecutorSettings settings, InstantSource clock) {
        Concurrency concurrency = settings.concurrency();
        if (!settings.isOn(Switch.CONCURRENCY_OPTIMIZATION))
            return fixed(settings.automatic().maxConcurrent(), clock);
        return switch (concurrency.mode()) {
            case FIXED -> fixed(concurrency.limit(), clock);
            case ADAPTIVE -> {
                var adaptive = new AdaptiveLimit(concurrency.limit());
                yield new Gate(adaptive.limit(), adaptive, clock);
            }
        };
    }

    static Gate fixed(int limit, InstantSource clock) {
        return new Gate(limit, null, clock);
    }

    /**
     * How it stands.
     *
     * @param inside how many runs are under way
     * @param waiting how many are not
     * @param most of both together since the last look
     */
    public record Load(int limit, int inside, int waiting, int most) {}

    /** How it stands; begins to count the most of both anew. */
    public synchronized Load look() {
        var load = new Load(limit, inside, waiting.size(), most);
        most = inside + waiting.size();
        return load;
    }

    /** Lets other many through from now on; those under way are not ended. */
    public synchronized void limit(int runs) {
        if (runs < 1) throw new IllegalArgumentException("the limit must be at least 1, was " + runs);
        limit = runs;
        notifyAll();
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        long start = System.nanoTime();
        boolean entered = enter(call.control());
        call.control().waited(System.nanoTime() - start);
        if (!entered) return call.report(new RunOutcome.Cancelled(), List.of(), clock.instant());
        try {
            RunReport report = next.run(call);
            told(report);
            return report;
        } finally {
            leave();
        }
    }

    /** False if the run was cancelled meanwhile. */
    private boolean enter(Call.Control control) throws InterruptedException {
        control.onCancel(this::wake);
        synchronized (this) {
            Long place = ++tickets;
            waiting.addLast(place);
            most = Math.max(most, inside + waiting.size());
            try {
                while (!control.isCancelled() && (inside >= limit || !place.equals(waiting.peekFirst()))) wait();
                if (control.isCancelled()) return false;
                inside++;
                return true;
            } finally {
                waiting.remove(place);
                notifyAll();
            }
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void leave() {
        inside--;
        notifyAll();
    }

    private synchronized void told(RunReport report) {
        if (adaptive == null || !(report.outcome() instanceof RunOutcome.Succeeded)) return;
        adaptive.add(report.duration(), inside + waiting.size() >= limit);
        limit = adaptive.limit();
    }
}
