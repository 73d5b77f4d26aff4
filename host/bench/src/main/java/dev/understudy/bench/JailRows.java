package dev.understudy.bench;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.ScriptRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What runs in the process jail cost, and how fast a cancelled run is gone with all that it started. */
final class JailRows {
    private static final int RUNS = 500;
    private static final int WARM_UP = 100;
    /** Each of these builds a jail from nothing, or starts a program by hand. */
    private static final int SLOW_RUNS = 60;

    private static final int CANCELLED = 25;
    private static final int CONCURRENT = 3;
    private static final long SUSTAINED_NANOS = 4_000_000_000L;

    private static final String PYTHON = """
            def execute(params):
                return {"success": True, "total": sum(params["items"])}
            """;
    private static final String BASH = "echo '{\"success\":true}' >\"$RESULT\"";
    private static final String PARAMETERS = "{\"items\":[1,2,3]}";

    private static final Map<String, RunRequest> ENDLESS = Map.of(
            "JavaScript in a cell",
            request("js", Language.JAVASCRIPT, ScriptRuntime.POLYGLOT, """
                    function execute() { console.log("at work"); while (true) {} }
                    """),
            "Python in a cell",
            request("python", Language.PYTHON, ScriptRuntime.POLYGLOT, """
                    def execute(params):
                        print("at work", flush=True)
                        while True: pass
                    """),
            "native Python, with children",
            request("native", Language.PYTHON, ScriptRuntime.NATIVE, """
                    import os, signal, time
                    def execute(params):
                        signal.signal(signal.SIGTERM, signal.SIG_IGN)
                        for _ in range(4):
                            if os.fork() == 0:
                                os.setsid()
                                if os.fork() == 0: time.sleep(60)
                                time.sleep(60)
                        print("at work", flush=True)
                        while True: pass
                    """),
            "native JavaScript",
            request("node", Language.JAVASCRIPT, ScriptRuntime.NATIVE, """
                    function execute() { require("fs").writeSync(1, "at work\\n"); while (true) {} }
                    """),
            "Bash, with children",
            request("bash", Language.BASH, ScriptRuntime.POLYGLOT, """
                    trap '' TERM HUP INT
                    for i in 1 2 3 4; do ( ( while :; do :; done ) & while :; do :; done ) & done
                    echo at work
                    while :; do :; done
                    """));

    private final ScriptRunner cells;
    private final ScriptRunner jails;

    /** The runners stay the caller's. */
    JailRows(ScriptRunner cells, ScriptRunner jails) {
        this.cells = cells;
        this.jails = jails;
    }

    List<Row> measure(List<String> bwrapBash) throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        RunRequest python = request("python", Language.PYTHON, ScriptRuntime.NATIVE, PYTHON);
        rows.add(latency("native Python, forked by a server", python, "p50 6"));
        rows.add(sustained(python));
        rows.addAll(bash(bwrapBash));
        for (var endless :
                ENDLESS.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList())
            rows.add(cancelled(endless.getKey(), endless.getValue()));
        return rows;
    }

    private static RunRequest request(String domain, Language language, ScriptRuntime runtime, String source) {
        return new RunRequest(
                "bench",
                domain,
                language,
                source,
                PARAMETERS,
                runtime,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.SHARED,
                Map.of(),
                null);
    }

    private void runOnce(RunRequest request) throws InterruptedException {
        RunReport report = jails.start(request, RunListener.SILENT).await();
        if (!(report.outcome() instanceof RunOutcome.Succeeded))
            throw new IllegalStateException("the benchmark's own script did not succeed: " + report.outcome());
    }

    private long timed(RunRequest request) throws InterruptedException {
        long start = System.nanoTime();
        runOnce(request);
        return System.nanoTime() - start;
    }

    private Row latency(String name, RunRequest request, String goal) throws InterruptedException {
        for (int i = 0; i < WARM_UP; i++) runOnce(request);
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) nanos[i] = timed(request);
        return Row.ofNanos(name, nanos, Map.of("goal", goal));
    }

    private Row sustained(RunRequest request) throws InterruptedException {
        var done = new AtomicLong();
        long start = System.nanoTime();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < CONCURRENT; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                try {
                    while (System.nanoTime() - start < SUSTAINED_NANOS) {
                        runOnce(request);
                        done.incrementAndGet();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread caller : callers) caller.join();
        double perSecond = done.get() * 1e9 / (System.nanoTime() - start);
        return new Row(
                "native Python, sustained", "runs/s", perSecond, perSecond, done.intValue(), Map.of("goal", "150"));
    }

    /** Bash beside bubblewrap by hand, in turn, so that both meet the same minutes. */
    private List<Row> bash(List<String> byHand) throws IOException, InterruptedException {
        RunRequest again = request("bash", Language.BASH, ScriptRuntime.POLYGLOT, BASH);
        for (int i = 0; i < WARM_UP / 4; i++) runOnce(again);
        long[] forked = new long[SLOW_RUNS];
        long[] first = new long[SLOW_RUNS];
        long[] hand = new long[SLOW_RUNS];
        for (int i = 0; i < SLOW_RUNS; i++) {
            forked[i] = timed(again);
            first[i] = timed(request("bash " + i, Language.BASH, ScriptRuntime.POLYGLOT, BASH));
            long start = System.nanoTime();
            Process process = new ProcessBuilder(byHand)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            hand[i] = System.nanoTime() - start;
        }
        double reference = median(hand);
        return List.of(
                Row.ofNanos(
                        "Bash, forked by a server",
                        forked,
                        Map.of("goal", "1.25 x by hand", "note", times(forked, reference))),
                Row.ofNanos("Bash, a script's first run", first, Map.of("note", times(first, reference))),
                Row.ofNanos("bwrap bash by hand, in turn with both", hand, Map.of()));
    }

    private static String times(long[] nanos, double reference) {
        return String.format(java.util.Locale.ROOT, "%.2f x by hand", median(nanos) / reference);
    }

    private static double median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** From the call to the moment when no process of the run is left, which its report says. */
    private Row cancelled(String name, RunRequest request) throws InterruptedException {
        ScriptRunner runner =
                request.runtime() == ScriptRuntime.NATIVE || request.language() == Language.BASH ? jails : cells;
        long[] nanos = new long[CANCELLED];
        for (int i = 0; i < CANCELLED; i++) {
            var atWork = new CountDownLatch(1);
            ScriptRunner.Run run = runner.start(request, new RunListener() {
                @Override
                public void output(RunReport.OutputLine line) {
                    atWork.countDown();
                }
            });
            atWork.await();
            long start = System.nanoTime();
            run.cancel();
            RunReport report = run.await();
            nanos[i] = System.nanoTime() - start;
            if (!(report.outcome() instanceof RunOutcome.Cancelled))
                throw new IllegalStateException(name + " ended otherwise: " + report.outcome());
        }
        return Row.ofNanos("cancel to gone, " + name, nanos, Map.of("goal", "100"));
    }
}
