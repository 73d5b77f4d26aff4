package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.understudy.core.config.ExecutorSettings.Telemetry;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.Step;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/**
 * Tells the performance history of runs for real: each is an execution of the workflow {@code automation:ID}, with the steps
 * of the script, or with one step {@code run} if it has none; and a metric of the process of that name. With
 * {@code enable_optimized_telemetry}, of some runs only, and several at a time; how many runs succeeded is counted elsewhere, run by
 * run. Safe for use by several threads.
 */
final class RunTimings {
    static final String PREFIX = "automation:";
    private static final String ONLY_STEP = "run";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final PerformanceHistory history;
    private final Function<String, List<StepReport>> steps;
    private final double machineMemoryBytes = machineMemoryBytes();
    private final Telemetry telemetry;
    private final RandomGenerator random;
    /** Not written yet. */
    private final Set<Timed> pending = new LinkedHashSet<>();

    /** A run as the history keeps it. */
    private record Timed(WorkflowExecution execution, PerformanceMetric metric) {}

    /**
     * @param steps of the run of a workflow, by its id
     * @param telemetry which runs, and how many at a time
     * @param random draws the runs; safe for use by several threads
     */
    RunTimings(
            PerformanceHistory history,
            Function<String, List<StepReport>> steps,
            Telemetry telemetry,
            RandomGenerator random) {
        this.history = history;
        this.steps = steps;
        this.telemetry = telemetry;
        this.random = random;
    }

    /** Every run at once. */
    static final Telemetry ALL = new Telemetry(1, 1);

    private static double machineMemoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** Adds a run that ended, in the transaction that counts it. */
    void record(Handle handle, RunBook.Entry entry, RunReport report) {
        if (telemetry.sampling() < 1 && random.nextDouble() >= telemetry.sampling()) return;
        Timed timed = timed(entry, report);
        if (telemetry.batchSize() == 1) {
            history.record(handle, timed.execution(), timed.metric());
            return;
        }
        List<Timed> batch;
        synchronized (pending) {
            pending.add(timed);
            if (pending.size() < telemetry.batchSize()) return;
            batch = List.copyOf(pending);
        }
        write(handle, batch);
    }

    /** Writes what waits for a full batch. */
    void flush(Database database) {
        List<Timed> batch;
        synchronized (pending) {
            batch = List.copyOf(pending);
        }
        if (!batch.isEmpty()) database.change(handle -> write(handle, batch));
    }

    private void write(Handle handle, List<Timed> batch) {
        for (Timed each : batch) history.record(handle, each.execution(), each.metric());
        // A transaction that fails leaves them here; what is written twice is written once, as their ids are the runs'.
        handle.afterCommit(() -> {
            synchronized (pending) {
                batch.forEach(pending::remove);
            }
        });
    }

    private Timed timed(RunBook.Entry entry, RunReport report) {
        String name = PREFIX + entry.automationId();
        ExecutionState state =
                report.outcome() instanceof RunOutcome.Succeeded ? ExecutionState.SUCCEEDED : ExecutionState.FAILED;
        Instant end = report.started().plus(report.duration());
        var execution = new WorkflowExecution(
                PREFIX + report.runId(), name, report.started(), end, state, steps(entry, report, end, state));
        RunReport.Usage usage = report.usage();
        var metric = new PerformanceMetric(
                PREFIX + report.runId(),
                name,
                end,
                report.duration(),
                percent(usage.cpuTime(), report.duration(), 0),
                Math.min(100, 100 * usage.peakMemoryBytes() / machineMemoryBytes),
                state == ExecutionState.SUCCEEDED,
                ioBytes(usage.ioBytes()));
        return new Timed(execution, metric);
    }

    private List<StepExecution> steps(RunBook.Entry entry, RunReport report, Instant end, ExecutionState state) {
        long memoryBytes = entry.file().limits().memoryBytes();
        if (entry.file().steps().isEmpty()) {
            ResourceUse use = use(
                    report.usage().cpuTime(),
                    report.duration(),
                    report.usage().peakMemoryBytes(),
                    memoryBytes,
                    report.usage().ioBytes());
            boolean pure = entry.file().promises().contains(RunRequest.Promise.PURE);
            Map<String, String> attributes = pure ? given(entry) : Map.of();
            return List.of(new StepExecution(ONLY_STEP, report.started(), end, state, attributes, use));
        }
        Map<String, String> given = given(entry);
        Set<String> determined = determined(entry.file().steps());
        // A run that goes on lists the steps of the one before it, too; they are kept to the millisecond.
        Instant start = report.started().truncatedTo(ChronoUnit.MILLIS);
        return steps.apply(report.runId()).stream()
                .filter(step -> !step.started().isBefore(start))
                .map(step -> new StepExecution(
                        step.name(),
                        step.started(),
                        step.started().plus(step.duration()),
                        state(step),
                        determined.contains(step.name()) ? given : Map.of(),
                        use(step.cpuTime(), step.duration(), step.peakMemoryBytes(), memoryBytes, step.ioBytes())))
                .toList();
    }

    /** What decides the result of what is pure, as a digest: values may be a person's secrets. */
    private static Map<String, String> given(RunBook.Entry entry) {
        try {
            return Map.of("parameters_sha256", AutomationStore.sha256(JSON.writeValueAsString(entry.parameters())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("parameters that are no JSON", e);
        }
    }

    /** Pure steps that wait for pure ones only: the parameters alone decide what they give. */
    private static Set<String> determined(List<Step> steps) {
        var names = new LinkedHashSet<String>();
        // No step waits for one that stands below it, or it is passed over and merely has no attributes.
        for (Step each : steps)
            if (each.purity() == Step.Purity.PURE && names.containsAll(each.after())) names.add(each.name());
        return names;
    }

    private static ExecutionState state(StepReport step) {
        return switch (step.outcome()) {
            case "succeeded" -> ExecutionState.SUCCEEDED;
            case "cancelled" -> ExecutionState.CANCELLED;
            default -> ExecutionState.FAILED;
        };
    }

    /** Of a run without another's help, all of one core is allotted to it. */
    private static ResourceUse use(
            Duration cpuTime, Duration duration, long memoryBytes, long allottedBytes, OptionalLong ioBytes) {
        return new ResourceUse(
                cpuTime.isZero() ? Double.NaN : percent(cpuTime, duration, Double.NaN),
                memoryBytes == 0 ? Double.NaN : 100.0 * memoryBytes / allottedBytes,
                ioBytes(ioBytes));
    }

    private static double ioBytes(OptionalLong counted) {
        return counted.isPresent() ? counted.getAsLong() : Double.NaN;
    }

    private static double percent(Duration cpuTime, Duration duration, double unknown) {
        return duration.isZero() ? unknown : 100.0 * cpuTime.toNanos() / duration.toNanos();
    }
}
