package dev.understudy.bench;

import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.executor.BreakerStates;
import dev.understudy.core.executor.Executor;
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
import dev.understudy.sandbox.control.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the executor adds to a run, in front of a runner that ends each run at once: the bare runner, the executor with all
 * switches off, and with each alone, in rounds by turns. A figure is the mean of a batch of calls.
 */
final class ExecutorOverhead {
    private static final int ROUNDS = 60;
    private static final int BATCH = 2000;
    private static final int WARM_UP = 10;
    private static final double GOAL_MICROS = 50;

    private static final RunnerKey KEY = new RunnerKey(Language.JAVASCRIPT, ScriptRuntime.POLYGLOT);

    private static final RunRequest REQUEST = new RunRequest(
            "bench",
            "bench",
            Language.JAVASCRIPT,
            "function execute() {}",
            "{}",
            ScriptRuntime.POLYGLOT,
            IsolationLevel.FULL,
            Limits.DEFAULT,
            Grants.NONE,
            RunRequest.Mode.COMMIT,
            RunRequest.Reuse.SHARED,
            Map.of(),
            null);

    private ExecutorOverhead() {}

    private record AtOnce(RunReport report) implements ScriptRunner, ScriptRunner.Run {
        @Override
        public Run start(RunRequest request, RunListener listener) {
            return this;
        }

        @Override
        public RunReport await() {
            return report;
        }

        @Override
        public void cancel() {
            // It has ended.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    static List<Row> rows() throws InterruptedException {
        var bare = new AtOnce(new RunReport(
                "run",
                new RunOutcome.Succeeded("{}"),
                IsolationLevel.FULL,
                Tier.ISOLATED,
                Instant.EPOCH,
                Duration.ZERO,
                List.of(),
                List.of(),
                RunReport.Usage.NONE));
        Map<RunnerKey, ScriptRunner> runners = Map.of(KEY, bare);
        var executors = new ArrayList<Executor>();
        Map<String, ScriptRunner> sides = new LinkedHashMap<>();
        sides.put("bare runner", bare);
        try {
            sides.put("all off", side(runners, Set.of(), executors));
            for (Switch each : Switch.values()) sides.put(each.key(), side(runners, Set.of(each), executors));
            sides.put("all twelve", side(runners, Set.of(Switch.values()), executors));
            return measure(sides);
        } finally {
            executors.forEach(Executor::close);
        }
    }

    private static ScriptRunner side(Map<RunnerKey, ScriptRunner> runners, Set<Switch> on, List<Executor> executors) {
        var executor = new Executor(
                runners, ExecutorSettings.PLAIN.withOnly(on), BreakerStates.inMemory(), InstantSource.system());
        executors.add(executor);
        return Objects.requireNonNull(executor.runners().get(KEY));
    }

    private static List<Row> measure(Map<String, ScriptRunner> sides) throws InterruptedException {
        Map<String, double[]> micros = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (var side : sides.entrySet()) {
                long start = System.nanoTime();
                for (int i = 0; i < BATCH; i++)
                    side.getValue().start(REQUEST, RunListener.SILENT).await();
                double each = (System.nanoTime() - start) / 1e3 / BATCH;
                if (round >= 0) micros.computeIfAbsent(side.getKey(), _ -> new double[ROUNDS])[round] = each;
            }
        }
        var rows = new ArrayList<Row>();
        micros.forEach((name, figures) -> {
            double[] sorted = figures.clone();
            Arrays.sort(sorted);
            rows.add(new Row(
                    "overhead, " + name,
                    "µs",
                    sorted[ROUNDS / 2],
                    sorted[ROUNDS - 1],
                    ROUNDS,
                    name.equals("all off") ? Map.of("goal", GOAL_MICROS) : Map.of()));
        });
        return rows;
    }
}
