package dev.understudy.core.engine;

import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.automation.RunLog;
import dev.understudy.core.triggers.Fate;
import dev.understudy.core.triggers.Firing;
import dev.understudy.core.triggers.FiringState;
import java.util.Optional;

/** Tells from the log what became of runs: each is there before it begins, and its end before that of its firing. */
public final class LoggedFates implements Fate.Teller {
    private final RunLog log;

    LoggedFates(RunLog log) {
        this.log = log;
    }

    @Override
    public Fate of(Firing firing, String runId) {
        // Begun by an earlier version, which did not say as which run.
        if (runId.isEmpty()) return new Fate.CutShort();
        return of(log, firing.automationId(), runId);
    }

    /** What became of a run of this host that an earlier process of it had begun. */
    public static Fate of(RunLog log, String automationId, String runId) {
        Optional<LoggedRun> run = log.find(automationId, runId);
        if (run.isEmpty()) return new Fate.NotBegun();
        return run.get()
                .outcome()
                .filter(_ -> !run.get().interrupted())
                .<Fate>map(outcome -> new Fate.Ended(state(outcome), run.get().error()))
                .orElseGet(() -> run.get().untouched() ? new Fate.Untouched() : new Fate.CutShort());
    }

    private static FiringState state(String outcome) {
        return switch (outcome) {
            case "succeeded" -> FiringState.SUCCEEDED;
            case "refused" -> FiringState.REFUSED;
            case "cancelled" -> FiringState.CANCELLED;
            default -> FiringState.FAILED;
        };
    }
}
