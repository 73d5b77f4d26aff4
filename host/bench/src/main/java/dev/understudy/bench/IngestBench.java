package dev.understudy.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.understudy.core.config.Config;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.OtlpReceiver;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceImport;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** How fast spans come in and whether any is lost, how fast the store answers, and what it weighs. */
public final class IngestBench implements Benchmark {
    private static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");
    private static final Instant END = DAY.plus(Duration.ofDays(400));
    private static final String WORKFLOW = "shop: POST /orders";
    private static final int SENDERS = 2;
    private static final int REQUESTS_A_SENDER = 300;
    private static final int REQUESTS_A_FILE = 200;
    private static final int ROUNDS = 4;
    private static final int STEPS = 10;
    private static final int BATCH = 2000;
    private static final int RUNS = 1000;

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String description() {
        return "spans taken over HTTP and from files without loss, queries over a million step timings, disk for a year";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path folder = place.folder();
        found.accept(overHttp(folder));
        fromFiles(folder).forEach(found);
        queries(folder).forEach(found);
        found.accept(yearOfMetrics(folder));
        found.accept(runs(folder));
    }

    private static long nanosOf(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L;
    }

    private static double processCpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** From the first byte to the last execution in the store; the senders share the machine and are counted apart. */
    private static Row overHttp(Path folder) throws IOException, InterruptedException {
        var rates = new ArrayList<Double>();
        var acknowledged = new ArrayList<Double>();
        double cpu = 0;
        double sendersCpu = 0;
        long sent = 0;
        long stored = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (Database database = Database.open(folder.resolve("http" + round + ".db"))) {
                var history = PerformanceHistory.of(Config.DEFAULT, database);
                var problems = new AtomicLong();
                double cpuStart = processCpuSeconds();
                long start = System.nanoTime();
                double senders;
                double acknowledgedSeconds;
                try (var receiver = OtlpReceiver.start(
                        0, history, folder.resolve("spool" + round), _ -> problems.incrementAndGet())) {
                    senders = send(receiver);
                    acknowledgedSeconds = (System.nanoTime() - start) / 1e9;
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                int spans = SENDERS * REQUESTS_A_SENDER * TraceSender.SPANS;
                sent += spans;
                stored += storedSpans(history);
                // The first round runs half compiled.
                if (round == 0) continue;
                rates.add(spans / seconds);
                acknowledged.add(spans / acknowledgedSeconds);
                cpu += processCpuSeconds() - cpuStart - senders;
                sendersCpu += senders;
            }
        }
        double millions = (ROUNDS - 1) * SENDERS * REQUESTS_A_SENDER * TraceSender.SPANS / 1e6;
        var extra = new LinkedHashMap<String, Object>();
        extra.put("goal", 50_000);
        extra.put("sent", sent);
        extra.put("stored", stored);
        extra.put("lost", sent - stored);
        extra.put("acknowledged_per_s", Math.round(percentile(acknowledged, 0.5)));
        extra.put("cpu_s_per_million", cpu / millions);
        extra.put("senders_cpu_s_per_million", sendersCpu / millions);
        return new Row(
                "spans over HTTP, protobuf, into the store",
                "spans/s",
                percentile(rates, 0.5),
                percentile(rates, 0.01),
                rates.size(),
                extra);
    }

    /** Returns the processor time of the senders in seconds. */
    private static double send(OtlpReceiver receiver) throws InterruptedException {
        var threads = ManagementFactory.getThreadMXBean();
        var sending = new ArrayList<Callable<Double>>();
        for (int i = 1; i <= SENDERS; i++) {
            var sender = new TraceSender(i, nanosOf(DAY));
            sending.add(() -> {
                long before = threads.getCurrentThreadCpuTime();
                sender.send(receiver.address(), REQUESTS_A_SENDER);
                return (threads.getCurrentThreadCpuTime() - before) / 1e9;
            });
        }
        try (var executor = Executors.newFixedThreadPool(SENDERS)) {
            double sum = 0;
            for (Future<Double> each : executor.invokeAll(sending)) sum += each.get();
            return sum;
        } catch (ExecutionException e) {
            throw new IllegalStateException("sending failed", e.getCause());
        }
    }

    private static long storedSpans(PerformanceHistory history) {
        return history.executionStatistics(WORKFLOW, DAY, END).count()
                + history.stepStatistics(WORKFLOW, DAY, END).values().stream()
                        .mapToLong(DurationStatistics::count)
                        .sum();
    }

    private static List<Row> fromFiles(Path folder) throws IOException {
        Path binary = folder.resolve("traces.binpb");
        Path json = folder.resolve("traces.jsonl");
        var sender = new TraceSender(1, nanosOf(DAY));
        try (OutputStream messages = Files.newOutputStream(binary);
                var lines = Files.newBufferedWriter(json)) {
            for (int i = 0; i < REQUESTS_A_FILE; i++) {
                byte[] request = sender.next();
                messages.write(request);
                lines.append(OtlpText.of(request)).append('\n');
            }
        }
        return List.of(
                fromFile(folder, "spans from a file, protobuf", binary),
                fromFile(folder, "spans from a file, JSON", json));
    }

    private static Row fromFile(Path folder, String name, Path file) {
        var rates = new ArrayList<Double>();
        long stored = 0;
        double cpu = 0;
        int spans = REQUESTS_A_FILE * TraceSender.SPANS;
        for (int round = 0; round < ROUNDS; round++) {
            try (Database database = Database.open(folder.resolve(file.getFileName() + "-" + round + ".db"))) {
                var history = PerformanceHistory.of(Config.DEFAULT, database);
                double cpuStart = processCpuSeconds();
                long start = System.nanoTime();
                PerformanceImport.file(history, file);
                double seconds = (System.nanoTime() - start) / 1e9;
                stored += storedSpans(history);
                if (round == 0) continue;
                cpu += processCpuSeconds() - cpuStart;
                rates.add(spans / seconds);
            }
        }
        var extra = new LinkedHashMap<String, Object>();
        extra.put("goal", 50_000);
        extra.put("sent", (long) ROUNDS * spans);
        extra.put("stored", stored);
        extra.put("lost", (long) ROUNDS * spans - stored);
        extra.put("cpu_s_per_million", cpu / ((ROUNDS - 1) * spans / 1e6));
        return new Row(name, "spans/s", percentile(rates, 0.5), percentile(rates, 0.01), rates.size(), extra);
    }

    /** 100,000 executions of ten steps over a month, then over a year. */
    private static List<Row> queries(Path folder) throws IOException {
        Path file = folder.resolve("queries.db");
        try (Database database = Database.open(file)) {
            var history = PerformanceHistory.of(Config.DEFAULT, database);
            int count = 100_000;
            fill(history, count, Duration.ofDays(30), "month");
            long timings = history.stepStatistics(WORKFLOW, DAY, END).values().stream()
                    .mapToLong(DurationStatistics::count)
                    .sum();
            var rows = new ArrayList<Row>();
            Instant month = DAY.plus(Duration.ofDays(30));
            rows.add(timed(
                    "statistics of 10 steps over 1,000,000 timings, 30 days",
                    60,
                    Map.of("goal", 100, "timings", timings),
                    () -> history.stepStatistics(WORKFLOW, DAY, month)));
            rows.add(timed(
                    "the same, one day",
                    60,
                    Map.of("goal", 100),
                    () -> history.stepStatistics(WORKFLOW, DAY, DAY.plus(Duration.ofDays(1)))));
            rows.add(timed(
                    "20,000 kept executions with their steps read",
                    6,
                    Map.of(),
                    () -> history.executions(WORKFLOW, DAY, month)));
            fill(history, count, Duration.ofDays(365), "year");
            rows.add(disk("disk for 200,000 executions of 10 steps over a year", database, file, 200_000));
            return rows;
        }
    }

    private static void fill(PerformanceHistory history, int count, Duration time, String id) {
        var batch = new ArrayList<WorkflowExecution>();
        for (int i = 0; i < count; i++) {
            Instant start = DAY.plus(time.multipliedBy(i).dividedBy(count));
            var steps = new ArrayList<StepExecution>();
            for (int step = 0; step < STEPS; step++) {
                Instant from = start.plusMillis(100L * step);
                steps.add(new StepExecution(
                        "step " + step,
                        from,
                        from.plusNanos(1_000_000L * (10 + (i * 31L + step * 17L) % 80)),
                        ExecutionState.SUCCEEDED,
                        Map.of(),
                        ResourceUse.UNKNOWN));
            }
            batch.add(new WorkflowExecution(
                    id + i, WORKFLOW, start, start.plusSeconds(1), ExecutionState.SUCCEEDED, steps));
            if (batch.size() < BATCH) continue;
            history.recordExecutions(batch);
            batch.clear();
        }
        history.recordExecutions(batch);
    }

    private static Row timed(String name, int rounds, Map<String, Object> extra, Runnable query) {
        long[] nanos = new long[rounds];
        for (int i = -rounds / 3; i < rounds; i++) {
            long start = System.nanoTime();
            query.run();
            if (i >= 0) nanos[i] = System.nanoTime() - start;
        }
        return Row.ofNanos(name, nanos, extra);
    }

    private static Row yearOfMetrics(Path folder) throws IOException {
        Path file = folder.resolve("metrics.db");
        int count = 1_000_000;
        try (Database database = Database.open(file)) {
            var history = PerformanceHistory.of(Config.DEFAULT, database);
            var batch = new ArrayList<PerformanceMetric>();
            for (int i = 0; i < count; i++) {
                batch.add(new PerformanceMetric(
                        "m" + i,
                        "process " + i % 10,
                        DAY.plusSeconds(365L * 86_400 * i / count),
                        Duration.ofMillis(10 + i * 31L % 500),
                        10,
                        5,
                        true));
                if (batch.size() < BATCH) continue;
                history.recordMetrics(batch);
                batch.clear();
            }
            return disk("disk for 1,000,000 metrics of 10 processes over a year", database, file, count);
        }
    }

    private static Row disk(String name, Database database, Path file, int count) throws IOException {
        database.read(handle -> handle.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        double mebibytes = Files.size(file) / (double) (1 << 20);
        return new Row(
                name, "MiB", mebibytes, mebibytes, 1, Map.of("bytes_each", Math.round(mebibytes * (1 << 20) / count)));
    }

    /** What an automation's run takes longer by because it is recorded, within the transaction that counts it anyway. */
    private static Row runs(Path folder) {
        try (Database database = Database.open(folder.resolve("runs.db"))) {
            var history = PerformanceHistory.of(Config.DEFAULT, database);
            long[] nanos = new long[RUNS];
            for (int i = -RUNS / 2; i < RUNS; i++) {
                Instant start = DAY.plusSeconds(i + RUNS);
                Instant end = start.plusMillis(40);
                var use = new ResourceUse(20, 30);
                var step = new StepExecution("run", start, end, ExecutionState.SUCCEEDED, Map.of(), use);
                var execution = new WorkflowExecution(
                        "run" + i, "automation:copy", start, end, ExecutionState.SUCCEEDED, List.of(step));
                var metric =
                        new PerformanceMetric("run" + i, "automation:copy", end, Duration.ofMillis(40), 20, 1, true);
                int place = i;
                database.change(handle -> {
                    long before = System.nanoTime();
                    history.record(handle, execution, metric);
                    if (place >= 0) nanos[place] = System.nanoTime() - before;
                });
            }
            return Row.ofNanos("a run of an automation recorded, in its own transaction", nanos, Map.of("goal", 1));
        }
    }

    private static double percentile(List<Double> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
