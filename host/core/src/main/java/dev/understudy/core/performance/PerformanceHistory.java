package dev.understudy.core.performance;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.SummaryStore.Slot;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Metrics of processes and executions of workflows: the latest as they came, all of them as distributions by the hour. Safe
 * for use by several threads and processes; what a method acknowledges by returning is on the disk.
 */
public final class PerformanceHistory {
    private static final String METRIC = "metric";
    private static final String WORKFLOW = "workflow";
    private static final int MAX_NAME = 200;

    private final Database database;
    private final Thresholds thresholds;
    private final int maxMetrics;
    private final int maxExecutions;
    private final List<Consumer<List<WorkflowExecution>>> feeds = new CopyOnWriteArrayList<>();

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

    /** A history as it is configured. */
    public static PerformanceHistory of(Config config, Database database) {
        return new PerformanceHistory(
                database,
                config.thresholds(),
                config.performanceAnalysis().maxMetrics(),
                config.performanceAnalysis().maxExecutions());
    }

    /** Records metrics; those whose id is known are passed over. Returns how many were new. */
    public int recordMetrics(List<PerformanceMetric> metrics) {
        return metrics.isEmpty() ? 0 : database.write(handle -> recordMetrics(handle, metrics));
    }

    private int recordMetrics(Handle handle, List<PerformanceMetric> metrics) {
        var ids = new RecordedIds(handle);
        for (PerformanceMetric metric : metrics) ids.add("metric " + metric.metricId(), micros(metric.timestamp()));
        List<PerformanceMetric> fresh = where(ids.write(), metrics);
        PreparedBatch batch = handle.prepareBatch("INSERT OR IGNORE INTO metric (id, process, at, duration_nanos,"
                + " cpu, memory, success, io_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        for (PerformanceMetric metric : fresh)
            batch.bind(0, metric.metricId())
                    .bind(1, cut(metric.processName()))
                    .bind(2, micros(metric.timestamp()))
                    .bind(3, metric.duration().toNanos())
                    .bind(4, metric.cpuUsage())
                    .bind(5, metric.memoryUsage())
                    .bind(6, metric.success() ? 1 : 0)
                    .bind(7, Double.isNaN(metric.ioBytes()) ? null : metric.ioBytes())
                    .add();
        int added = batch.size() == 0 ? 0 : Arrays.stream(batch.execute()).sum();
        if (added > 0) summarizeOldMetrics(handle, added);
        return added;
    }

    /** Of those that were written, the ones that changed a row. */
    private static <T> List<T> where(int[] changed, List<T> written) {
        return IntStream.range(0, written.size())
                .filter(i -> changed[i] > 0)
                .mapToObj(written::get)
                .toList();
    }

    private static String cut(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME - 1) + "…";
    }

    private void summarizeOldMetrics(Handle handle, int added) {
        int surplus = surplus(handle, "metrics", added, maxMetrics);
        if (surplus <= 0) return;
        var store = new SummaryStore(handle);
        var summaries = new LinkedHashMap<Slot, DurationSummary>();
        for (PerformanceMetric metric : metrics(handle, "ORDER BY at, rowid LIMIT " + surplus, Map.of()))
            summaries
                    .computeIfAbsent(
                            new Slot(
                                    METRIC,
                                    store.admitted(METRIC, metric.processName()),
                                    SummaryStore.WHOLE,
                                    hour(metric.timestamp())),
                            _ -> new DurationSummary())
                    .add(metric.duration().toNanos(), metric.success(), isBottleneck(metric));
        store.add(summaries);
        handle.execute(
                "DELETE FROM metric WHERE rowid IN (SELECT rowid FROM metric ORDER BY at, rowid LIMIT ?)", surplus);
    }

    /** By how many rows there are too many now; they count as deleted. */
    private static int surplus(Handle handle, String rows, int added, int allowed) {
        int count = handle.createQuery(
                        "UPDATE performance_state SET " + rows + " = " + rows + " + :added RETURNING " + rows)
                .bind("added", added)
                .mapTo(Integer.class)
                .one();
        if (count > allowed) handle.execute("UPDATE performance_state SET " + rows + " = ?", allowed);
        return count - allowed;
    }

    private boolean isBottleneck(PerformanceMetric metric) {
        return metric.duration().compareTo(thresholds.bottleneck()) > 0
                || metric.cpuUsage() > thresholds.cpuPercent()
                || metric.memoryUsage() > thresholds.memoryPercent();
    }

    /** Records executions; those whose id is known are passed over. Returns how many were new. */
    public int recordExecutions(List<WorkflowExecution> executions) {
        int recorded = executions.isEmpty() ? 0 : database.write(handle -> recordExecutions(handle, executions));
        if (recorded > 0) tell(executions);
        return recorded;
    }

    /**
     * Has somebody told of executions that are recorded in this process, by whoever records them; must return at once. Some of
     * a batch may have been known before.
     */
    public void feed(Consumer<List<WorkflowExecution>> feed) {
        feeds.add(feed);
    }

    private void tell(List<WorkflowExecution> executions) {
        feeds.forEach(feed -> feed.accept(executions));
    }

    /** Another one whenever metrics or executions were recorded since, by whatever process. */
    public String stamp() {
        return database.read(handle -> handle.createQuery("SELECT (SELECT coalesce(max(rowid), 0) FROM execution)"
                        + " || ' ' || (SELECT coalesce(max(rowid), 0) FROM metric)"
                        + " || ' ' || (SELECT count(*) FROM accepted_recommendation)")
                .mapTo(String.class)
                .one());
    }

    /**
     * Records an execution and the metric of the process that it was, in a transaction that is under way; whoever is fed hears of
     * it when that stands.
     */
    public void record(Handle handle, WorkflowExecution execution, PerformanceMetric metric) {
        if (recordExecutions(handle, List.of(execution)) > 0) handle.afterCommit(() -> tell(List.of(execution)));
        recordMetrics(handle, List.of(metric));
    }

    private int recordExecutions(Handle handle, List<WorkflowExecution> executions) {
        var ids = new RecordedIds(handle);
        for (WorkflowExecution execution : executions)
            ids.add("execution " + execution.id(), micros(execution.start()));
        var store = new SummaryStore(handle);
        List<WorkflowExecution> added = insert(handle, named(store, where(ids.write(), executions)));
        if (added.isEmpty()) return 0;
        var summaries = new LinkedHashMap<Slot, DurationSummary>();
        for (WorkflowExecution execution : added) summarize(execution, summaries);
        store.add(summaries);
        int surplus = surplus(handle, "executions", added.size(), maxExecutions);
        if (surplus > 0)
            handle.execute(
                    "DELETE FROM execution WHERE rowid IN (SELECT rowid FROM execution ORDER BY started, rowid LIMIT ?)",
                    surplus);
        return added.size();
    }

    private static List<WorkflowExecution> named(SummaryStore store, List<WorkflowExecution> executions) {
        return executions.stream()
                .map(each -> {
                    String name = store.admitted(WORKFLOW, cut(each.workflow()));
                    return name.equals(each.workflow())
                            ? each
                            : new WorkflowExecution(
                                    each.id(), name, each.start(), each.end(), each.state(), each.steps());
                })
                .toList();
    }

    /** Returns those that were not there. */
    private static List<WorkflowExecution> insert(Handle handle, List<WorkflowExecution> executions) {
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
        return batch.size() == 0 ? List.of() : where(batch.execute(), executions);
    }

    private void summarize(WorkflowExecution execution, Map<Slot, DurationSummary> summaries) {
        long hour = hour(execution.start());
        summaries
                .computeIfAbsent(
                        new Slot(WORKFLOW, execution.workflow(), SummaryStore.WHOLE, hour), _ -> new DurationSummary())
                .add(
                        execution.duration().toNanos(),
                        execution.state() == ExecutionState.SUCCEEDED,
                        execution.duration().compareTo(thresholds.maxDuration()) > 0);
        for (StepExecution step : execution.steps())
            summaries
                    .computeIfAbsent(
                            new Slot(WORKFLOW, execution.workflow(), cut(step.name()), hour),
                            _ -> new DurationSummary())
                    .add(
                            step.duration().toNanos(),
                            step.state() == ExecutionState.SUCCEEDED,
                            step.duration().compareTo(thresholds.bottleneck()) > 0);
    }

    /** The names of all processes that were ever measured, in the order of the alphabet. */
    public List<String> processes() {
        return database.read(handle -> handle.createQuery("SELECT DISTINCT process FROM metric UNION"
                        + " SELECT subject FROM timing WHERE scope = 'metric' ORDER BY 1")
                .mapTo(String.class)
                .list());
    }

    /** How many workflows have been executed, or have ended, since a moment, of those executions that are kept as they came. */
    public int activeWorkflows(Instant since) {
        return database.read(
                handle -> handle.createQuery("SELECT count(DISTINCT workflow) FROM execution WHERE ended >= ?")
                        .bind(0, micros(since))
                        .mapTo(Integer.class)
                        .one());
    }

    /** The names of all workflows that were ever executed, in the order of the alphabet. */
    public List<String> workflows() {
        return database.read(handle -> new SummaryStore(handle).subjects(WORKFLOW));
    }

    /** The kept metrics of a process, oldest first. */
    public List<PerformanceMetric> metrics(String process, Instant from, Instant to) {
        return database.read(handle -> metrics(
                handle,
                "WHERE process = :process AND at >= :from AND at < :to ORDER BY at, rowid",
                Map.of("process", process, "from", micros(from), "to", micros(to))));
    }

    private static List<PerformanceMetric> metrics(Handle handle, String rest, Map<String, ?> bindings) {
        return handle.createQuery(
                        "SELECT id, process, at, duration_nanos, cpu, memory, success, io_bytes FROM metric " + rest)
                .bindMap(bindings)
                .map((row, _) -> new PerformanceMetric(
                        row.getString(1),
                        row.getString(2),
                        instant(row.getLong(3)),
                        Duration.ofNanos(row.getLong(4)),
                        row.getDouble(5),
                        row.getDouble(6),
                        row.getInt(7) != 0,
                        row.getObject(8) == null ? Double.NaN : row.getDouble(8)))
                .list();
    }

    /**
     * What the metrics of a process say together. Of those that are no longer kept as they came, whole hours count, and after
     * five weeks whole days.
     *
     * @param from the first moment that counts
     * @param to the first moment that no longer counts
     */
    public DurationStatistics processStatistics(String process, Instant from, Instant to) {
        DurationSummary sum =
                summaries(METRIC, process, from, to).getOrDefault(SummaryStore.WHOLE, new DurationSummary());
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
                .sorted(Comparator.comparingDouble(
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

    /** What the executions of a workflow say together; whole hours count, and after five weeks whole days. */
    public DurationStatistics executionStatistics(String workflow, Instant from, Instant to) {
        return Optional.ofNullable(summaries(WORKFLOW, workflow, from, to).get(SummaryStore.WHOLE))
                .map(DurationSummary::statistics)
                .orElse(DurationStatistics.NONE);
    }

    /** What the executions of each step say together, by its name; whole hours count, and after five weeks whole days. */
    public Map<String, DurationStatistics> stepStatistics(String workflow, Instant from, Instant to) {
        var statistics = new LinkedHashMap<String, DurationStatistics>();
        summaries(WORKFLOW, workflow, from, to).forEach((step, summary) -> {
            if (!step.equals(SummaryStore.WHOLE)) statistics.put(step, summary.statistics());
        });
        return statistics;
    }

    /**
     * What the executions of a workflow, or of one of its steps, say together, by the hour since 1970 from which they are kept
     * together.
     *
     * @param step its name; empty for the whole
     */
    Map<Long, DurationSummary> executionSummaries(String workflow, String step, Instant from, Instant to) {
        return database.read(handle -> new SummaryStore(handle).byHour(WORKFLOW, workflow, step, hour(from), hour(to)));
    }

    private Map<String, DurationSummary> summaries(String scope, String subject, Instant from, Instant to) {
        return database.read(handle -> new SummaryStore(handle)
                .sums(
                        scope,
                        subject,
                        hour(from),
                        hour(to.plus(1, ChronoUnit.HOURS).minusNanos(1))));
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

    /**
     * The kept metrics of a process as executions of one step, which has its name, so that what judges workflows can judge it;
     * processor time counts against as many whole cores as it ever used.
     */
    public WorkflowHistory metricsAsExecutions(String process, Instant from, Instant to) {
        List<PerformanceMetric> measured = metrics(process, from, to);
        double cores = Math.max(
                1,
                Math.ceil(measured.stream()
                                .mapToDouble(PerformanceMetric::cpuUsage)
                                .max()
                                .orElse(0)
                        / 100));
        return new WorkflowHistory(
                process, measured.stream().map(each -> execution(each, cores)).toList());
    }

    private static WorkflowExecution execution(PerformanceMetric metric, double cores) {
        Instant start = metric.timestamp().minus(metric.duration());
        ExecutionState state = metric.success() ? ExecutionState.SUCCEEDED : ExecutionState.FAILED;
        var use = new ResourceUse(metric.cpuUsage() / cores, metric.memoryUsage(), metric.ioBytes());
        return new WorkflowExecution(
                metric.metricId(),
                metric.processName(),
                start,
                metric.timestamp(),
                state,
                List.of(new StepExecution(metric.processName(), start, metric.timestamp(), state, Map.of(), use)));
    }

    /** How long each of the kept executions of a workflow took, in milliseconds, until a moment. */
    double[] durationsMillis(String workflow, Instant to) {
        return database.read(handle -> handle
                .createQuery("SELECT ended - started FROM execution WHERE workflow = ? AND started < ?")
                .bind(0, workflow)
                .bind(1, micros(to))
                .mapTo(Long.class)
                .stream()
                .mapToDouble(micros -> micros / 1e3)
                .toArray());
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
