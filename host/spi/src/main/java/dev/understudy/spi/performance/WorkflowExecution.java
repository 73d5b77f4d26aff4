package dev.understudy.spi.performance;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * One execution of a workflow.
 *
 * @param id unique among the executions of a history
 * @param workflow the name that its executions share
 * @param start when it began
 * @param end when it ended, not before {@code start} nor 292 years after it
 * @param state how it ended
 * @param steps in the order in which they began; they may overlap, and may reach beyond the execution, but
 *     not begin 292 years away from it
 */
public record WorkflowExecution(
        String id, String workflow, Instant start, Instant end, ExecutionState state, List<StepExecution> steps) {
    public WorkflowExecution {
        if (id.isBlank()) throw new IllegalArgumentException("id must not be blank");
        if (workflow.isBlank()) throw new IllegalArgumentException("workflow must not be blank");
        if (end.isBefore(start))
            throw new IllegalArgumentException("end " + end + " must not be before start " + start);
        Spans.check("an execution's duration", start, end);
        for (StepExecution step : steps) Spans.check("the time to a step", start, step.start());
        steps = steps.stream()
                .sorted(Comparator.comparing(StepExecution::start))
                .toList();
    }

    /** How long it took. */
    public Duration duration() {
        return Duration.between(start, end);
    }

    /** The same in milliseconds, with fractions. */
    public double durationMillis() {
        return duration().toNanos() / 1e6;
    }
}
