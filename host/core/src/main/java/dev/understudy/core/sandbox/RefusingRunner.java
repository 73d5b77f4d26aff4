package dev.understudy.core.sandbox;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Refuses every run: stands where the isolation that was asked for cannot be given. */
record RefusingRunner(RunOutcome.Refused outcome, InstantSource clock) implements ScriptRunner {

    @Override
    public Run start(RunRequest request, RunListener listener) {
        Instant now = clock.instant();
        var report = new RunReport(
                request.runId() != null ? request.runId() : "refused-" + now.toEpochMilli(),
                outcome,
                request.isolation(),
                Tier.NONE,
                now,
                Duration.ZERO,
                List.of(),
                List.of(),
                RunReport.Usage.NONE);
        return new Run() {
            @Override
            public RunReport await() {
                return report;
            }

            @Override
            public void cancel() {
                // It has ended.
            }
        };
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
