package dev.understudy.core.optimization;

import dev.understudy.core.engine.HostTime;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.core.system.WorkloadListener;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look for better settings. Safe for use by several threads.
 *
 * <p>A first look for the general work comes at once. Another workload calls back, and after the adaptation delay, if it still
 * is that workload, a look for it is queued. One look runs at a time, and none begins within the stability period after the
 * last one has ended: until then it stays in the queue. A look whose workload has passed meanwhile is skipped.
 *
 * <p>{@link #step} is the whole of its clockwork; {@link OptimizerHost} calls it every second, a test calls it when its clock
 * has moved.
 */
public final class ContinuousOptimizer implements WorkloadListener {
    private final Settings settings;
    private final Optimization optimization;
    private final Supplier<Optional<SystemSnapshot>> statistics;
    private final OptimizerListener listener;
    private final Executor executor;
    private final HostTime time;
    private final Deque<Workload> queue = new ArrayDeque<>();
    private DetectedWorkload current;
    private @Nullable Pending adapting;
    private @Nullable Workload running;
    private @Nullable Long endedNanos;

    /**
     * When to look.
     *
     * @param adaptationDelay for how long a workload must last before its settings are looked for
     * @param stabilityPeriod between the end of one look and the begin of the next
     * @param profiles of every known workload, and of those that a person has named; others have that of the general one
     */
    public record Settings(
            Duration adaptationDelay, Duration stabilityPeriod, Map<Workload, OptimizationProfile> profiles) {
        public Settings {
            if (adaptationDelay.isNegative() || stabilityPeriod.isNegative())
                throw new IllegalArgumentException("delays must not be negative");
            profiles = Map.copyOf(profiles);
            for (Workload each : Workload.KNOWN)
                if (!profiles.containsKey(each)) throw new IllegalArgumentException("no profile for " + each.id());
        }
    }

    private record Pending(Workload workload, long dueNanos) {}

    /** How it stands. */
    public sealed interface State {
        /** Nothing is to be done. */
        record Idle() implements State {}

        /** Another workload has begun; its settings are looked for if it lasts. */
        record Adapting(Workload workload, Duration left) implements State {}

        /** A look waits until the stability period is over. */
        record Waiting(Workload workload, Duration left) implements State {}

        /** A look is under way. */
        record Optimizing(Workload workload) implements State {}
    }

    /**
     * Puts the optimizer together and queues the look for the general work; nothing happens before {@link #step}.
     *
     * @param statistics what the machine did of late; while there is none, nothing begins
     * @param executor runs an optimisation; one at a time is handed to it
     */
    public ContinuousOptimizer(
            Settings settings,
            Optimization optimization,
            DetectedWorkload first,
            Supplier<Optional<SystemSnapshot>> statistics,
            OptimizerListener listener,
            Executor executor,
            HostTime time) {
        this.settings = settings;
        this.optimization = optimization;
        this.statistics = statistics;
        this.listener = listener;
        this.executor = executor;
        this.time = time;
        current = first;
        queue.add(Workload.GENERAL);
        if (!first.workload().equals(Workload.GENERAL)) adapt(first.workload());
    }

    @Override
    public synchronized void changed(DetectedWorkload before, DetectedWorkload now, SystemSnapshot averages) {
        current = now;
        adapt(now.workload());
        listener.changed(before, now, averages);
    }

    private void adapt(Workload workload) {
        adapting =
                new Pending(workload, time.nanos() + settings.adaptationDelay().toNanos());
    }

    /** Does what is due now. */
    public synchronized void step() {
        Pending pending = adapting;
        if (pending != null && time.nanos() - pending.dueNanos() >= 0) {
            adapting = null;
            if (!queue.contains(pending.workload())) queue.add(pending.workload());
        }
        if (running != null || queue.isEmpty() || stabilityLeft().isPositive()) return;
        Optional<SystemSnapshot> now = statistics.get();
        if (now.isEmpty()) return;
        Workload next = queue.remove();
        // The first look is for the general work, whatever the machine does: it is where every workload begins.
        boolean first = endedNanos == null && next.equals(Workload.GENERAL);
        if (!first && !next.equals(current.workload())) {
            listener.skipped(next, "the machine does " + current.workload().id() + " by now");
            return;
        }
        begin(next, now.get());
    }

    private void begin(Workload workload, SystemSnapshot now) {
        OptimizationProfile profile = profile(workload);
        DetectedWorkload detected = current;
        running = workload;
        listener.started(profile);
        executor.execute(() -> run(profile, detected, now));
    }

    private OptimizationProfile profile(Workload workload) {
        OptimizationProfile profile = settings.profiles().get(workload);
        return profile == null ? OptimizationProfile.of(workload) : profile;
    }

    private void run(OptimizationProfile profile, DetectedWorkload detected, SystemSnapshot now) {
        try {
            OptimizationResult result = optimization.run(profile, detected, now);
            end();
            listener.ended(result);
        } catch (WorkPassedException e) {
            end();
            listener.skipped(profile.workload(), String.valueOf(e.getMessage()));
        } catch (UserException e) {
            end();
            listener.failed(profile.workload(), String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            end();
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            end();
            listener.failed(
                    profile.workload(),
                    "The look for settings for " + profile.workload().id() + " failed: " + e);
        }
    }

    private synchronized void end() {
        running = null;
        endedNanos = time.nanos();
    }

    private Duration stabilityLeft() {
        Long ended = endedNanos;
        if (ended == null) return Duration.ZERO;
        return settings.stabilityPeriod().minusNanos(time.nanos() - ended);
    }

    /** How it stands now. */
    public synchronized State state() {
        Workload busy = running;
        if (busy != null) return new State.Optimizing(busy);
        Workload next = queue.peek();
        if (next != null) {
            Duration left = stabilityLeft();
            return new State.Waiting(next, left.isNegative() ? Duration.ZERO : left);
        }
        Pending pending = adapting;
        if (pending != null)
            return new State.Adapting(pending.workload(), Duration.ofNanos(pending.dueNanos() - time.nanos()));
        return new State.Idle();
    }
}
