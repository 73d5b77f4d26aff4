package dev.understudy.core.performance;

import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Metrics of processes and executions of workflows: the latest as they came, all of them as distributions by the hour. Safe
 * for use by several threads and processes; what a method acknowledges by returning is on the disk.
 */
public final class PerformanceHistory {
    private static final String METRIC = "metric";
    private static final String WORKFLOW = "workflow";
    private static final String WHOLE = "";

    private final Database database;
    private final Thresholds thresholds;
    private final int maxMetrics;
    private final int maxExecutions;
    private final List<Consumer<List<WorkflowExecution>>> feeds = new CopyOnWriteArrayList<>();

    /** What a summary is about. */
    private record Key(String scope, String subject, String part, long hour) {}

    /**
     * @param maxMetrics how many metrics are kept as they came, at least 1
     * @param maxExecutions how many executions are kept as they came, at least 1
     */
    public PerformanceHistory(Database database, Thresholds thresholds, int maxMetrics, int maxExecutions) {
        this.database = database;
        this.thresholds = thresholds;
        this.maxMetrics = maxMetrics;
        this.maxExecutions = maxExecutions;
    }

    /** Records metrics; those whose id is known are passed over. Returns how many were new. */
    public int recordMetrics(List<PerformanceMetric> metrics) {
        return database.write(handle -> {
            PreparedBatch batch = handle.prepareBatch("INSERT OR IGNORE INTO metric (id, process, at, duration_nanos,"
                    + " cpu, memory, success) VALUES (?, ?, ?, ?, ?, ?, ?)");
            for (PerformanceMetric metric : metrics)
                batch.bind(0, metric.metricId())
                        .bind(1, metric.processName())
                        .bind(2, micros(metric.timestamp()))
                        .bind(3, metric.duration().toNanos())
                        .bind(4, metric.cpuUsage())
                        .bind(5, metric.memoryUsage())
                        .bind(6, metric.success() ? 1 : 0)
                        .add();
            int added = 0;
            if (batch.size() > 0) for (int each : batch.execute()) added += each;
            summarizeOldMetrics(handle);
            return added;
        });
    }

    private void summarizeOldMetrics(Handle handle) {
        int surplus = handle.createQuery("SELECT count(*) FROM metric")
                        .mapTo(Integer.class)
                        .one()
                - maxMetrics;
        if (surplus <= 0) return;
        var summaries = new LinkedHashMap<Key, DurationSummary>();
        for (PerformanceMetric metric : metrics(handle, "ORDER BY at, rowid LIMIT " + surplus, Map.of()))
            summaries
                    .computeIfAbsent(
                            new Key(METRIC, metric.processName(), WHOLE, hour(metric.timestamp())),
                            _ -> new DurationSummary())
                    .add(metric.duration().toNanos(), metric.success(), isBottleneck(metric));
        store(handle, summaries);
        handle.execute(
                "DELETE FROM metric WHERE rowid IN (SELECT rowid FROM metric ORDER BY at, rowid LIMIT ?)", surplus);
    }

    private boolean isBottleneck(PerformanceMetric metric) {
        return metric.duration().compareTo(thresholds.bottleneck()) > 0
                || metric.cpuUsage() > thresholds.cpuPercent()
                || metric.memoryUsage() > thresholds.memoryPercent();
    }

    private static void store(Handle handle, Map<Key, DurationSummary> summaries) {
        if (summaries.isEmpty()) return;
        PreparedBatch batch = handle.prepareBatch(
                "INSERT OR REPLACE INTO duration_summary (scope, subject, part, hour, summary) VALUES (?, ?, ?, ?, ?)");
        for (Map.Entry<Key, DurationSummary> entry : summaries.entrySet()) {
            Key key = entry.getKey();
            handle.createQuery(
                            "SELECT summary FROM duration_summary WHERE scope = ? AND subject = ? AND part = ? AND hour = ?")
                    .bind(0, key.scope())
                    .bind(1, key.subject())
                    .bind(2, key.part())
                    .bind(3, key.hour())
                    .mapTo(byte[].class)
                    .findOne()
                    .ifPresent(stored -> entry.getValue().add(DurationSummary.of(stored)));
            batch.bind(0, key.scope())
                    .bind(1, key.subject())
                    .bind(2, key.part())
                    .bind(3, key.hour())
                    .bind(4, entry.getValue().toBytes())
                    .add();
        }
        batch.execute();
    }

    /** Records executions; those whose id is known are passed over. Returns how many were new. */
    public int recordExecutions(List<WorkflowExecution> executions) {
        int recorded = write(executions);
        if (recorded > 0) feeds.forEach(feed -> feed.accept(executions));
        return recorded;
    }

    /**
     * Has somebody told of executions that are recorded in this process, by whoever records them; must return at once. Some of
     * a batch may have been known before.
     */
    public void feed(Consumer<List<WorkflowExecution>> feed) {
        feeds.add(feed);
    }

    /** Another one whenever metrics or executions were recorded since, by whatever process. */
    public String stamp() {
        return database.read(handle -> handle.createQuery("SELECT (SELECT coalesce(max(rowid), 0) FROM execution)"
                        + " || ' ' || (SELECT coalesce(max(rowid), 0) FROM metric)"
                        + " || ' ' || (SELECT count(*) FROM accepted_recommendation)")
                .mapTo(String.class)
                .one());
    }

    private int write(List<WorkflowExecution> executions) {
        return database.write(handle -> {
            PreparedBatch batch = handle.prepareBatch("INSERT OR IGNORE INTO execution (id, workflow, started, ended,"
                    + " state, steps) VALUES (?, ?, ?, ?, ?, ?)");
            for (WorkflowExecution execution : executions)
                batch.bind(0, execution.id())
                        .bind(1, execution.workflow())
                        .bind(2, micros(execution.start()))
                        .bind(3, micros(execution.end()))
                        .bind(4, execution.state().name())
                        .bind(5, StepJson.write(execution.start(), execution.steps()))
                        .add();
            int[] added = batch.size() > 0 ? batch.execute() : new int[0];
            var summaries = new LinkedHashMap<Key, DurationSummary>();
            int sum = 0;
            for (int i = 0; i < added.length; i++) {
                sum += added[i];
                if (added[i] > 0) summarize(executions.get(i), summaries);
            }
            store(handle, summaries);
            handle.execute(
                    "DELETE FROM execution WHERE rowid IN (SELECT rowid FROM execution ORDER BY started, rowid"
                            + " LIMIT max(0, (SELECT count(*) FROM execution) - ?))",
                    maxExecutions);
            return sum;
        });
    }

    private void summarize(WorkflowExecution execution, Map<Key, DurationSummary> summaries) {
        long hour = hour(execution.start());
        summaries
                .computeIfAbsent(new Key(WORKFLOW, execution.workflow(), WHOLE, hour), _ -> new DurationSummary())
                .add(
                        execution.duration().toNanos(),
                        execution.state() == ExecutionState.SUCCEEDED,
                        execution.duration().compareTo(thresholds.maxDuration()) > 0);
        for (StepExecution step : execution.steps())
            summaries
                    .computeIfAbsent(
                            new Key(WORKFLOW, execution.workflow(), step.name(), hour), _ -> new DurationSummary())
                    .add(
                            step.duration().toNanos(),
                            step.state() == ExecutionState.SUCCEEDED,
                            step.duration().compareTo(thresholds.bottleneck()) > 0);
    }

    /** The names of all processes that were ever measured, in the order of the alphabet. */
    public List<String> processes() {
        return database.read(handle -> handle.createQuery("SELECT DISTINCT process FROM metric UNION"
                        + " SELECT DISTINCT subject FROM duration_summary WHERE scope = 'metric' ORDER BY 1")
                .mapTo(String.class)
                .list());
    }

    /** The names of all workflows that were ever executed, in the order of the alphabet. */
    public List<String> workflows() {
        return database.read(handle -> handle.createQuery(
                        "SELECT DISTINCT subject FROM duration_summary" + " WHERE scope = 'workflow' ORDER BY 1")
                .mapTo(String.class)
                .list());
    }

    /** The kept metrics of a process, oldest first. */
    public List<PerformanceMetric> metrics(String process, Instant from, Instant to) {
        return database.read(handle -> metrics(
                handle,
                "WHERE process = :process AND at >= :from AND at < :to ORDER BY at, rowid",
                Map.of("process", process, "from", micros(from), "to", micros(to))));
    }

    private static List<PerformanceMetric> metrics(Handle handle, String rest, Map<String, ?> bindings) {
        return handle.createQuery("SELECT id, process, at, duration_nanos, cpu, memory, success FROM metric " + rest)
                .bindMap(bindings)
                .map((row, _) -> new PerformanceMetric(
                        row.getString(1),
                        row.getString(2),
                        instant(row.getLong(3)),
                        Duration.ofNanos(row.getLong(4)),
                        row.getDouble(5),
                        row.getDouble(6),
                        row.getInt(7) != 0))
                .list();
    }

    /**
     * What the metrics of a process say together. Of those that are no longer kept as they came, whole hours count.
     *
     * @param from the first moment that counts
     * @param to the first moment that no longer counts
     */
    public DurationStatistics processStatistics(String process, Instant from, Instant to) {
        DurationSummary sum = summaries(METRIC, process, from, to).getOrDefault(WHOLE, new DurationSummary());
        for (PerformanceMetric metric : metrics(process, from, to))
            sum.add(metric.duration().toNanos(), metric.success(), isBottleneck(metric));
        return sum.statistics();
    }

    /** Processes whose mean duration exceeds the threshold, slowest first. */
    public List<ProcessStatistics> slowProcesses(Instant from, Instant to) {
        return processes().stream()
                .map(process -> new ProcessStatistics(process, processStatistics(process, from, to)))
                .filter(each -> each.statistics().meanMillis()
                        > thresholds.slowProcess().toNanos() / 1e6)
                .sorted(java.util.Comparator.comparingDouble(
                                (ProcessStatistics each) -> each.statistics().meanMillis())
                        .reversed())
                .toList();
    }

    /**
     * A process and what its metrics say.
     *
     * @param process its name
     * @param statistics of its durations
     */
    public record ProcessStatistics(String process, DurationStatistics statistics) {}

    /** What the executions of a workflow say together; whole hours count. */
    public DurationStatistics executionStatistics(String workflow, Instant from, Instant to) {
        return Optional.ofNullable(summaries(WORKFLOW, workflow, from, to).get(WHOLE))
                .map(DurationSummary::statistics)
                .orElse(DurationStatistics.NONE);
    }

    /** What the executions of each step say together, by its name; whole hours count. */
    public Map<String, DurationStatistics> stepStatistics(String workflow, Instant from, Instant to) {
        var statistics = new LinkedHashMap<String, DurationStatistics>();
        summaries(WORKFLOW, workflow, from, to).forEach((step, summary) -> {
            if (!step.equals(WHOLE)) statistics.put(step, summary.statistics());
        });
        return statistics;
    }

    private Map<String, DurationSummary> summaries(String scope, String subject, Instant from, Instant to) {
        return database.read(handle -> {
            var sums = new LinkedHashMap<String, DurationSummary>();
            handle.createQuery("SELECT part, summary FROM duration_summary WHERE scope = ? AND subject = ?"
                            + " AND hour >= ? AND hour < ? ORDER BY part")
                    .bind(0, scope)
                    .bind(1, subject)
                    .bind(2, hour(from))
                    .bind(3, hour(to.plus(1, ChronoUnit.HOURS).minusNanos(1)))
                    .map((row, _) -> Map.entry(row.getString(1), row.getBytes(2)))
                    .forEach(row -> sums.computeIfAbsent(row.getKey(), _ -> new DurationSummary())
                            .add(DurationSummary.of(row.getValue())));
            return sums;
        });
    }

    /** The executions of a workflow that are kept as they came. */
    public WorkflowHistory executions(String workflow, Instant from, Instant to) {
        List<WorkflowExecution> found = database.read(handle -> handle.createQuery(
                        "SELECT id, started, ended, state, steps FROM execution WHERE workflow = ?"
                                + " AND started >= ? AND started < ? ORDER BY started, rowid")
                .bind(0, workflow)
                .bind(1, micros(from))
                .bind(2, micros(to))
                .map((row, _) -> {
                    Instant start = instant(row.getLong(2));
                    return new WorkflowExecution(
                            row.getString(1),
                            workflow,
                            start,
                            instant(row.getLong(3)),
                            ExecutionState.valueOf(row.getString(4)),
                            StepJson.read(start, row.getString(5)));
                })
                .list());
        return new WorkflowHistory(workflow, found);
    }

    /** When the latest metric or execution was recorded; empty if there is none. */
    public Optional<Instant> latest() {
        List<Long> times = new ArrayList<>();
        database.read(handle -> {
            handle.createQuery("SELECT max(at) FROM metric")
                    .mapTo(Long.class)
                    .findOne()
                    .ifPresent(times::add);
            handle.createQuery("SELECT max(started) FROM execution")
                    .mapTo(Long.class)
                    .findOne()
                    .ifPresent(times::add);
            return true;
        });
        return times.stream().max(Long::compare).map(PerformanceHistory::instant);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static long hour(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), 3600);
    }
}
