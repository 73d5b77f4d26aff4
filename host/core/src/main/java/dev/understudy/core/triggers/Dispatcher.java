package dev.understudy.core.triggers;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.TriggerStore.Progress;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.ScriptRunner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns what triggers fire into runs: each firing is recorded first and has at most one run, the runs of one automation
 * follow each other unless it allows otherwise. Safe for use by several threads.
 *
 * <p>What holds when the host is killed: a firing that was recorded and whose run had not begun runs after the next start. One
 * whose run had begun is run again, once, where that run has provably changed nothing ({@link Fate}).
 */
public final class Dispatcher implements AutoCloseable {
    /** How many firings of one automation wait at most. */
    static final int MAX_WAITING = 1000;

    private final TriggerStore store;
    private final Starter starter;
    private final Listener listener;
    private final InstantSource clock;
    private final int maxRuns;
    private final Map<String, Overlap> overlaps = new HashMap<>();
    private final ArrayDeque<Firing> waiting = new ArrayDeque<>();
    private final Map<Long, Running> running = new HashMap<>();
    private boolean closing;
    private boolean cancelling;

    /** Starts the run of a firing. */
    public interface Starter {
        /**
         * @param runId that the run is to have
         * @throws UserException if it may not run, or its parameters do not fit
         */
        ScriptRunner.Run start(Firing firing, String runId);
    }

    /** Hears what becomes of firings; called by several threads. */
    public interface Listener {
        void fired(Firing firing);

        /** The firing was left out. */
        void skipped(String automationId, String cause, String reason);

        /** Called before another run of this automation can begin. The report is null if none began. */
        void ended(Firing firing, FiringState state, String note, @Nullable RunReport report);
    }

    /** Whether a firing may stand for another one that waits. */
    public enum Merge {
        SAME_PARAMETERS,
        NEVER
    }

    /** What became of a firing. */
    public enum Answer {
        ACCEPTED,
        /** Another one stands for it, too many wait, or a run is under way and firings do not wait. */
        SKIPPED,
        /** The same cause has fired before. */
        KNOWN,
        /** The host is going down; nothing was recorded. */
        CLOSING
    }

    private static final class Running {
        final Firing firing;
        final Instant began;
        final Thread thread;
        ScriptRunner.@Nullable Run run;

        Running(Firing firing, Instant began, Thread thread) {
            this.firing = firing;
            this.began = began;
            this.thread = thread;
        }
    }

    /** @param maxRuns how many runs are under way at once, of all automations together */
    public Dispatcher(TriggerStore store, Starter starter, Listener listener, InstantSource clock, int maxRuns) {
        this.store = store;
        this.starter = starter;
        this.listener = listener;
        this.clock = clock;
        this.maxRuns = maxRuns;
    }

    /** Says which automations may run, and how each takes firings while it runs. */
    public synchronized void allow(Map<String, Overlap> byAutomation) {
        overlaps.clear();
        overlaps.putAll(byAutomation);
        pump();
    }

    /**
     * Takes what a host that died had recorded and not begun; what no longer may run is left out.
     *
     * @param late whether a firing comes too late now that the host was down
     */
    public synchronized void resume(Predicate<Firing> late) {
        for (Firing firing : store.waiting()) {
            if (!overlaps.containsKey(firing.automationId())) leaveOut(firing, "it is no longer approved");
            else if (late.test(firing)) leaveOut(firing, "the host was down (missed = \"skip\")");
            else waiting.add(firing);
        }
        pump();
    }

    private void leaveOut(Firing firing, String reason) {
        store.end(firing, FiringState.SKIPPED, reason, "", clock.instant());
        listener.skipped(firing.automationId(), firing.cause(), reason);
    }

    /** Whether a run is under way that may have written a file at this time; what it wrote is known at its end. */
    synchronized boolean mayHaveWritten(Instant at) {
        return running.values().stream().anyMatch(each -> !each.began.isAfter(at));
    }

    private boolean isRunning(String automationId) {
        return running.values().stream()
                .anyMatch(each -> each.firing.automationId().equals(automationId));
    }

    /** Records a firing and has it run when its turn comes. */
    synchronized Answer fire(
            String automationId,
            String cause,
            Map<String, String> parameters,
            Merge merge,
            Set<String> chain,
            Progress progress) {
        if (closing) return Answer.CLOSING;
        String reason = reasonToSkip(automationId, parameters, merge);
        FiringState state = reason.isEmpty() ? FiringState.WAITING : FiringState.SKIPPED;
        Optional<Firing> firing =
                store.record(automationId, cause, parameters, state, reason, clock.instant(), chain, progress);
        if (firing.isEmpty()) return Answer.KNOWN;
        if (!reason.isEmpty()) {
            listener.skipped(automationId, cause, reason);
            return Answer.SKIPPED;
        }
        listener.fired(firing.get());
        waiting.add(firing.get());
        pump();
        return Answer.ACCEPTED;
    }

    private String reasonToSkip(String automationId, Map<String, String> parameters, Merge merge) {
        Overlap overlap = overlaps.get(automationId);
        if (overlap == null) return "it is not approved";
        List<Firing> waits = waits(automationId);
        if (overlap == Overlap.SKIP && (isRunning(automationId) || !waits.isEmpty()))
            return "a run is under way (overlap = \"skip\")";
        if (waits.size() >= MAX_WAITING) return MAX_WAITING + " wait already";
        boolean merged = overlap == Overlap.QUEUE
                && merge == Merge.SAME_PARAMETERS
                && waits.stream().anyMatch(other -> other.parameters().equals(parameters));
        return merged ? "one waits already with the same parameters" : "";
    }

    private List<Firing> waits(String automationId) {
        return waiting.stream()
                .filter(firing -> firing.automationId().equals(automationId))
                .toList();
    }

    /** Starts what may start, in the order of firing. */
    private synchronized void pump() {
        Set<String> blocked = new HashSet<>();
        for (Iterator<Firing> next = waiting.iterator(); next.hasNext() && running.size() < maxRuns && !closing; ) {
            Firing firing = next.next();
            String id = firing.automationId();
            boolean besides = overlaps.get(id) == Overlap.ALLOW;
            if (!besides && (isRunning(id) || !blocked.add(id))) continue;
            next.remove();
            Thread thread =
                    Thread.ofPlatform().daemon().name("firing-" + firing.id()).unstarted(() -> run(firing));
            running.put(firing.id(), new Running(firing, clock.instant(), thread));
            thread.start();
        }
    }

    private void run(Firing firing) {
        FiringState state = FiringState.FAILED;
        String note = "";
        RunReport report = null;
        try {
            String runId = RunIds.at(clock.instant(), ThreadLocalRandom.current());
            if (!store.begin(firing.id(), runId, clock.instant())) return;
            ScriptRunner.Run run = starter.start(firing, runId);
            if (!attach(firing, run)) run.cancel();
            report = run.await();
            state = state(report.outcome());
            note = note(report.outcome());
        } catch (UserException e) {
            state = e.category() == UserException.Category.FAILED ? FiringState.FAILED : FiringState.REFUSED;
            note = String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            state = FiringState.CANCELLED;
        } finally {
            finish(firing, state, note, report);
        }
    }

    private void finish(Firing firing, FiringState state, String note, @Nullable RunReport report) {
        try {
            store.end(firing, state, note, report == null ? "" : report.runId(), clock.instant());
            listener.ended(firing, state, note, report);
        } finally {
            synchronized (this) {
                running.remove(firing.id());
                notifyAll();
                pump();
            }
        }
    }

    /** Keeps the run so that it can be cancelled; false if it is to be cancelled at once. */
    private synchronized boolean attach(Firing firing, ScriptRunner.Run run) {
        Running kept = running.get(firing.id());
        if (kept != null) kept.run = run;
        return !cancelling;
    }

    private static FiringState state(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> FiringState.SUCCEEDED;
            case RunOutcome.Failed _ -> FiringState.FAILED;
            case RunOutcome.LimitExceeded _ -> FiringState.FAILED;
            case RunOutcome.Refused _ -> FiringState.REFUSED;
            case RunOutcome.Cancelled _ -> FiringState.CANCELLED;
        };
    }

    private static String note(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "";
            case RunOutcome.Failed failed -> failed.error();
            case RunOutcome.LimitExceeded limit -> limitNote(limit);
            case RunOutcome.Refused refused -> refused.reason() + ". " + refused.mend();
            case RunOutcome.Cancelled _ -> "";
        };
    }

    private static String limitNote(RunOutcome.LimitExceeded limit) {
        return "it exceeded its limit of "
                + switch (limit) {
                    case RunOutcome.LimitExceeded.WallTime time -> "wall time, " + time.limit();
                    case RunOutcome.LimitExceeded.CpuTime time -> "CPU time, " + time.limit();
                    case RunOutcome.LimitExceeded.Memory memory -> "memory, " + memory.limitBytes() + " bytes";
                    case RunOutcome.LimitExceeded.Processes processes -> processes.limit() + " processes";
                    case RunOutcome.LimitExceeded.Output output -> "output, " + output.limitBytes() + " bytes";
                    case RunOutcome.LimitExceeded.Disk disk -> "disk, " + disk.limitBytes() + " bytes";
                    case RunOutcome.LimitExceeded.OpenFiles files -> files.limit() + " open files";
                };
    }

    /** Takes and begins nothing more, and lets runs that are under way end; what waits runs after the next start. */
    public synchronized void stop(Duration grace) throws InterruptedException {
        closing = true;
        long deadline = System.nanoTime() + grace.toNanos();
        for (long left = grace.toNanos(); !running.isEmpty() && left > 0; left = deadline - System.nanoTime())
            TimeUnit.NANOSECONDS.timedWait(this, left);
    }

    /** Cancels what still runs and waits until it has ended. */
    @Override
    public void close() {
        List<Running> left;
        synchronized (this) {
            closing = true;
            cancelling = true;
            left = new ArrayList<>(running.values());
        }
        for (Running each : left) {
            ScriptRunner.Run run = each.run;
            if (run != null) run.cancel();
        }
        try {
            for (Running each : left) each.thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
