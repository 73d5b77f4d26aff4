package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A runner in which a script's source is the name of what it does. */
final class FakeRunner implements ScriptRunner {
    static final Instant STARTED = Instant.parse("2026-11-21T12:00:00Z");
    static final Duration DURATION = Duration.ofMillis(1234);

    private final Map<String, RunOutcome> outcomes = new HashMap<>();
    private final Map<String, List<FileChange>> changes = new HashMap<>();
    private final List<RunRequest> requests = new ArrayList<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private int cancelled;
    private int running;
    private int mostRunning;

    /** Ends runs of this source so. */
    FakeRunner ending(String source, RunOutcome outcome, FileChange... changed) {
        outcomes.put(source, outcome);
        changes.put(source, List.of(changed));
        return this;
    }

    @Override
    public synchronized Run start(RunRequest request, RunListener listener) {
        requests.add(request);
        mostRunning = Math.max(mostRunning, ++running);
        return new Run() {
            @Override
            public RunReport await() throws InterruptedException {
                if (request.source().equals("hang")) hanging.await();
                return ended(request);
            }

            @Override
            public void cancel() {
                synchronized (FakeRunner.this) {
                    cancelled++;
                }
            }
        };
    }

    private synchronized RunReport ended(RunRequest request) {
        running--;
        var outcome = outcomes.getOrDefault(request.source(), new RunOutcome.Succeeded("null"));
        return new RunReport(
                "run-" + requests.size(),
                outcome,
                IsolationLevel.FULL,
                Tier.ISOLATED,
                STARTED,
                DURATION,
                changes.getOrDefault(request.source(), List.of()),
                List.of(new RunReport.OutputLine("info", "looked")),
                RunReport.Usage.NONE);
    }

    synchronized List<RunRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized int cancelled() {
        return cancelled;
    }

    synchronized int mostRunning() {
        return mostRunning;
    }

    @Override
    public void close() {}
}
