package dev.understudy.core.executor;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.Usage;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A run on its way through the stages.
 *
 * @param started when it came
 * @param control shared by all tries of it
 */
record Call(RunRequest request, RunListener listener, Instant started, Control control) {

    static Call of(RunRequest request, RunListener listener, InstantSource clock) {
        return new Call(request, listener, clock.instant(), new Control());
    }

    Call withRequest(RunRequest other) {
        return new Call(other, listener, started, control);
    }

    /** Whether it changes nothing unless it succeeds: what it can change is files, and those only all together. */
    boolean isRepeatable() {
        return request.grants().hosts().isEmpty() && request.grants().programs().isEmpty();
    }

    /** The report of a run that no runner had. */
    RunReport report(RunOutcome outcome, List<RunReport.OutputLine> output, Instant now) {
        Duration taken = Duration.between(started, now);
        return new RunReport(
                request.runIdFrom(started, ThreadLocalRandom.current()),
                outcome,
                request.isolation(),
                Tier.NONE,
                started,
                taken.isNegative() ? Duration.ZERO : taken,
                List.of(),
                output,
                Usage.NONE);
    }

    /** Ends a run from outside, wherever it is. Safe for use by several threads. */
    static final class Control {
        private ScriptRunner.@Nullable Run current;
        private Runnable wake = () -> {};
        private boolean cancelled;
        private long waitedNanos;

        synchronized boolean isCancelled() {
            return cancelled;
        }

        void cancel() {
            ScriptRunner.Run run;
            Runnable sleeper;
            synchronized (this) {
                cancelled = true;
                run = current;
                sleeper = wake;
                notifyAll();
            }
            sleeper.run();
            if (run != null) run.cancel();
        }

        /** Says whom a cancellation wakes; it is called without a lock. */
        synchronized void onCancel(Runnable sleeper) {
            wake = sleeper;
        }

        /** Names what a cancellation ends; one that came before ends it now. */
        void attach(ScriptRunner.Run run) {
            boolean late;
            synchronized (this) {
                current = run;
                late = cancelled;
            }
            if (late) run.cancel();
        }

        /** Waits; false if it was cancelled meanwhile. */
        synchronized boolean sleep(Duration time) throws InterruptedException {
            long end = System.nanoTime() + time.toNanos();
            while (!cancelled) {
                long left = end - System.nanoTime();
                if (left <= 0) return true;
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            return false;
        }

        /** Adds to how long it waited for its turn. */
        synchronized void waited(long nanos) {
            waitedNanos += nanos;
        }

        synchronized long waitedNanos() {
            return waitedNanos;
        }
    }
}
