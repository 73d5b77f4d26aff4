package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.ScriptRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs test suites, several cases at once, and keeps their results.
 *
 * <p>Safe for use by several threads; the bound on concurrent runs holds for each call.
 */
public final class AutomationTester {
    /** How many cases run at once where nothing else is configured. */
    public static final int DEFAULT_MAX_CONCURRENT = 3;

    private final ScriptRunner runner;
    private final TestHistory history;
    private final int maxConcurrent;

    /**
     * Makes a tester.
     *
     * @param runner of all languages that the tests are in; stays the caller's to close
     * @param maxConcurrent runs at once, at least 1
     */
    public AutomationTester(ScriptRunner runner, TestHistory history, int maxConcurrent) {
        if (maxConcurrent < 1)
            throw new IllegalArgumentException("maxConcurrent must be at least 1, was " + maxConcurrent);
        this.runner = runner;
        this.history = history;
        this.maxConcurrent = maxConcurrent;
    }

    /** Runs one suite. */
    public SuiteResult run(TestSuite suite, TestListener listener) throws InterruptedException {
        return run(List.of(suite), listener).getFirst();
    }

    /**
     * Runs the cases of all suites, in their order as far as there is room.
     *
     * @return results in the order of suites and cases
     * @throws InterruptedException if the calling thread is interrupted; the runs under way are then cancelled
     */
    public List<SuiteResult> run(List<TestSuite> suites, TestListener listener) throws InterruptedException {
        var progress = new Progress(
                listener,
                suites.stream().mapToInt(suite -> suite.cases().size()).sum());
        // A fixed pool, so that no more than maxConcurrent cases are under way; its threads only wait.
        ExecutorService pool =
                Executors.newFixedThreadPool(maxConcurrent, Thread.ofVirtual().factory());
        try {
            var futures = new ArrayList<List<Future<CaseResult>>>();
            for (TestSuite suite : suites)
                futures.add(suite.cases().stream()
                        .map(test -> pool.submit(() -> run(suite, test, progress)))
                        .toList());
            var results = new ArrayList<SuiteResult>();
            for (int i = 0; i < suites.size(); i++)
                results.add(new SuiteResult(suites.get(i).name(), all(futures.get(i))));
            return List.copyOf(results);
        } finally {
            // Interrupts what still runs, which cancels it; and waits, so that nothing outlives the call.
            pool.shutdownNow();
            pool.close();
        }
    }

    private static List<CaseResult> all(List<Future<CaseResult>> futures) throws InterruptedException {
        var results = new ArrayList<CaseResult>();
        for (Future<CaseResult> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException bug) {
                throw new IllegalStateException("a test could not be run: " + bug.getCause(), bug.getCause());
            }
        }
        return results;
    }

    /** Runs a suite and says whether enough of it passed for a deployment. */
    public Validation validate(TestSuite suite, double minSuccessRate, TestListener listener)
            throws InterruptedException {
        return new Validation(run(suite, listener), minSuccessRate);
    }

    private CaseResult run(TestSuite suite, TestCase test, Progress progress) throws InterruptedException {
        RunReport report = await(runner.start(test.request(), RunListener.SILENT));
        var result = new CaseResult(suite.name(), test.name(), new Judgement(runner, test, report).problems(), report);
        history.add(result.toRecord());
        progress.finished(result);
        return result;
    }

    /** Waits for a run's end, and ends it if the waiting is interrupted. */
    static RunReport await(ScriptRunner.Run run) throws InterruptedException {
        try {
            return run.await();
        } catch (InterruptedException stopped) {
            run.cancel();
            throw stopped;
        }
    }

    /** Counts what is done and tells the listener, one thread at a time. */
    private static final class Progress {
        private final TestListener listener;
        private final int total;
        private int done;

        Progress(TestListener listener, int total) {
            this.listener = listener;
            this.total = total;
        }

        synchronized void finished(CaseResult result) {
            listener.finished(result, ++done, total);
        }
    }
}
