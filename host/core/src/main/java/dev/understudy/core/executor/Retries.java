package dev.understudy.core.executor;

import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed.Cause;
import dev.understudy.sandbox.control.RunReport;
import java.time.Duration;

/**
 * Tries again what failed by no fault of its script and can have changed nothing: a script that may neither send requests nor
 * start programs can change files only, and those of a run that failed are as they were.
 */
final class Retries implements Stage {
    private final ExecutorSettings.ErrorHandling settings;

    Retries(ExecutorSettings.ErrorHandling settings) {
        this.settings = settings;
    }

    /** What an outcome calls for. */
    enum Kind {
        /** It succeeded, or was ended by whoever asked for it. */
        NONE,
        /** Somebody else was in its way, or the host was: another try may succeed. */
        PASSING,
        /** The script, its grants or its limits: the next try would end as this one did. */
        LASTING
    }

    static Kind kind(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _, RunOutcome.Cancelled _ -> Kind.NONE;
            case RunOutcome.Failed failed ->
                failed.cause() == Cause.CONFLICT || failed.cause() == Cause.HOST ? Kind.PASSING : Kind.LASTING;
            case RunOutcome.LimitExceeded _, RunOutcome.Refused _ -> Kind.LASTING;
        };
    }

    @Override
    public RunReport run(Call call, Next next) throws InterruptedException {
        RunReport report = next.run(call);
        Duration wait = settings.pause();
        for (int i = 0; i < settings.retries(); i++) {
            if (kind(report.outcome()) != Kind.PASSING || !call.isRepeatable()) return report;
            if (!call.control().sleep(wait)) return report;
            report = next.run(call);
            wait = wait.multipliedBy(2);
        }
        return report;
    }
}
