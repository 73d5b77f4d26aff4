package dev.understudy.core.executor;

import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.Promise;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends runs as a test says: at once, or when it lets them. */
final class FakeRunner implements ScriptRunner {
    static final RunOutcome SUCCEEDED = new RunOutcome.Succeeded("{\"n\":1}");
    static final RunOutcome FAILED = new RunOutcome.Failed("no such file", "");
    static final RunOutcome CONFLICT =
            new RunOutcome.Failed("a has changed meanwhile", "", RunOutcome.Failed.Cause.CONFLICT);

    final Queue<RunRequest> requests = new ConcurrentLinkedQueue<>();
    final Queue<RunOutcome> outcomes = new ConcurrentLinkedQueue<>();
    Function<RunRequest, Duration> duration = _ -> Duration.ofMillis(5);
    volatile List<RunReport.FileChange> changes = List.of();
    volatile List<RunReport.OutputLine> output = List.of();
    /** Counted down when runs may end. */
    volatile CountDownLatch mayEnd = new CountDownLatch(0);

    static Map<RunnerKey, ScriptRunner> everywhere(ScriptRunner runner) {
        return Map.of(
                new RunnerKey(Language.PYTHON, ScriptRuntime.POLYGLOT), runner,
                new RunnerKey(Language.PYTHON, ScriptRuntime.NATIVE), runner);
    }

    /** Settings as a person would write them. */
    static ExecutorSettings settings(Switch on, String more) {
        String written = on.key() + ": true" + (more.isEmpty() ? "" : ", " + more);
        return Config.parse("config.yaml", "executor: { " + written + " }").executor();
    }

    static RunRequest request(String name, String parametersJson, Set<Promise> promises) {
        return new RunRequest(
                        name,
                        name.split("/")[0],
                        Language.PYTHON,
                        "def execute(params): ...",
                        parametersJson,
                        ScriptRuntime.POLYGLOT,
                        IsolationLevel.FULL,
                        Limits.DEFAULT,
                        Grants.NONE,
                        RunRequest.Mode.COMMIT,
                        RunRequest.Reuse.SHARED,
                        Map.of(),
                        null)
                .withPromises(promises);
    }

    static RunRequest request(String name) {
        return request(name, "{}", Set.of());
    }

    static RunRequest with(RunRequest request, Grants grants, RunRequest.Mode mode) {
        return new RunRequest(
                        request.name(),
                        request.trustDomain(),
                        request.language(),
                        request.source(),
                        request.parametersJson(),
                        request.runtime(),
                        request.isolation(),
                        request.limits(),
                        grants,
                        mode,
                        request.reuse(),
                        Map.of(),
                        null)
                .withPromises(request.promises());
    }

    @Override
    public Run start(RunRequest request, RunListener listener) {
        requests.add(request);
        RunOutcome next = outcomes.poll();
        output.forEach(listener::output);
        var cancelled = new CountDownLatch(1);
        return new Run() {
            @Override
            public RunReport await() throws InterruptedException {
                mayEnd.await();
                return report(request, cancelled.getCount() == 0 ? new RunOutcome.Cancelled() : next);
            }

            @Override
            public void cancel() {
                cancelled.countDown();
                mayEnd.countDown();
            }
        };
    }

    private RunReport report(RunRequest request, @Nullable RunOutcome outcome) {
        return new RunReport(
                request.runIdFrom(Instant.EPOCH, new java.util.Random(1)),
                outcome == null ? SUCCEEDED : outcome,
                request.isolation(),
                Tier.ISOLATED,
                Instant.EPOCH,
                duration.apply(request),
                changes,
                output,
                RunReport.Usage.NONE);
    }

    @Override
    public void close() {}
}
