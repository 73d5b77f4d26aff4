package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Kind;
import dev.understudy.spi.performance.MetricSeries.Point;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Histories as tests write them: times in milliseconds since the execution's start. */
final class Recorded {
    static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");
    static final Thresholds DEFAULTS =
            new Thresholds(Duration.ofSeconds(1), Duration.ofSeconds(2), 80, 80, 0.95, Duration.ofSeconds(5));

    private final Instant start;
    private final List<StepExecution> steps = new ArrayList<>();

    private Recorded(Instant start) {
        this.start = start;
    }

    /** An execution that began so many minutes after {@link #DAY}. */
    static Recorded execution(int minute) {
        return new Recorded(DAY.plus(Duration.ofMinutes(minute)));
    }

    Recorded step(String name, int from, int to) {
        return step(name, from, to, ExecutionState.SUCCEEDED, Map.of(), ResourceUse.UNKNOWN);
    }

    Recorded step(String name, int from, int to, Map<String, String> attributes) {
        return step(name, from, to, ExecutionState.SUCCEEDED, attributes, ResourceUse.UNKNOWN);
    }

    Recorded step(String name, int from, int to, ExecutionState state) {
        return step(name, from, to, state, Map.of(), ResourceUse.UNKNOWN);
    }

    Recorded step(String name, int from, int to, ResourceUse use) {
        return step(name, from, to, ExecutionState.SUCCEEDED, Map.of(), use);
    }

    private Recorded step(
            String name, int from, int to, ExecutionState state, Map<String, String> attributes, ResourceUse use) {
        steps.add(new StepExecution(name, start.plusMillis(from), start.plusMillis(to), state, attributes, use));
        return this;
    }

    WorkflowExecution until(int end) {
        boolean failed = steps.stream().anyMatch(step -> step.state() == ExecutionState.FAILED);
        return new WorkflowExecution(
                start.toString(),
                "nightly",
                start,
                start.plusMillis(end),
                failed ? ExecutionState.FAILED : ExecutionState.SUCCEEDED,
                steps);
    }

    static WorkflowHistory history(List<WorkflowExecution> executions) {
        return new WorkflowHistory("nightly", executions);
    }

    /** One value an hour. */
    static MetricSeries hourly(Kind kind, double threshold, double... values) {
        var points = new ArrayList<Point>();
        for (int i = 0; i < values.length; i++) points.add(new Point(DAY.plus(Duration.ofHours(i)), values[i]));
        return new MetricSeries("nightly", kind, kind == Kind.EXECUTION_TIME ? "ms" : "", threshold, points);
    }
}
