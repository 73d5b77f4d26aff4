package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Ends each run at once as a test says. */
final class ScriptedRunner implements ScriptRunner {
    static final RunOutcome SUCCEEDED = new RunOutcome.Succeeded("{\"success\":true}");
    static final RunOutcome FAILED = new RunOutcome.Failed("no such file", "");

    final List<RunRequest> requests = new ArrayList<>();
    Function<RunRequest, RunOutcome> outcome = _ -> SUCCEEDED;
    Function<RunRequest, Duration> duration = _ -> Duration.ofMillis(5);
    Runnable meanwhile = () -> {};

    @Override
    public Run start(RunRequest request, RunListener listener) {
        requests.add(request);
        return new Run() {
            @Override
            public RunReport await() {
                meanwhile.run();
                return report(request);
            }

            @Override
            public void cancel() {}
        };
    }

    private RunReport report(RunRequest request) {
        return new RunReport(
                request.runIdFrom(Instant.EPOCH, new java.util.Random(1)),
                outcome.apply(request),
                request.isolation(),
                Tier.PROCESS,
                Instant.EPOCH,
                duration.apply(request),
                List.of(new FileChange(
                        Path.of("/bak/a.txt"),
                        FileChange.Kind.CREATED,
                        false,
                        0,
                        1,
                        Optional.empty(),
                        Optional.of("A"))),
                List.of(),
                RunReport.Usage.NONE);
    }

    @Override
    public void close() {}
}
