package dev.understudy.core.automation;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunIds;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** All runners as one: each request goes to the one for its language and runtime. Whoever made them closes them. */
final class Runners implements ScriptRunner {
    private final Map<RunnerKey, ScriptRunner> byKey;
    private final InstantSource clock;

    Runners(Map<RunnerKey, ScriptRunner> byKey, InstantSource clock) {
        this.byKey = Map.copyOf(byKey);
        this.clock = clock;
    }

    /** The day that it is on this machine. */
    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        ScriptRunner runner = byKey.get(new RunnerKey(request.language(), request.runtime()));
        if (runner != null) return runner.start(request, listener);
        return new EndedRun(report(
                request.runIdFrom(clock.instant(), ThreadLocalRandom.current()),
                request.isolation(),
                new RunOutcome.Refused(
                        "nothing here runs " + request.language() + " with the runtime " + request.runtime(),
                        "'doctor' shows what this machine can do")));
    }

    /** The report of a run that was not started. */
    RunReport notStarted(IsolationLevel isolation, RunOutcome outcome) {
        return report(RunIds.at(clock.instant(), ThreadLocalRandom.current()), isolation, outcome);
    }

    private RunReport report(String runId, IsolationLevel isolation, RunOutcome outcome) {
        return new RunReport(
                runId,
                outcome,
                isolation,
                Tier.NONE,
                clock.instant(),
                Duration.ZERO,
                List.of(),
                List.of(),
                RunReport.Usage.NONE);
    }

    @Override
    public void close() {
        // They are not ours.
    }

    /** A run that ended before it began. */
    private record EndedRun(RunReport report) implements Run {
        @Override
        public RunReport await() {
            return report;
        }

        @Override
        public void cancel() {
            // It has ended.
        }
    }
}
