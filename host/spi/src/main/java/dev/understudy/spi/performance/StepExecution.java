package dev.understudy.spi.performance;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One step of one execution.
 *
 * @param name what the step does; steps of one name are compared with one another, and a name may occur more than once in
 *     an execution
 * @param start when it began
 * @param end when it ended, not before {@code start} nor 292 years after it
 * @param state how it ended
 * @param attributes what it worked on, for example {@code http.url}; two steps of one name whose attributes are equal did
 *     the same work
 * @param use what it used
 */
public record StepExecution(
        String name,
        Instant start,
        Instant end,
        ExecutionState state,
        Map<String, String> attributes,
        ResourceUse use) {
    public StepExecution {
        if (name.isBlank()) throw new IllegalArgumentException("name must not be blank");
        if (end.isBefore(start))
            throw new IllegalArgumentException("end " + end + " must not be before start " + start);
        Spans.check("a step's duration", start, end);
        attributes = Map.copyOf(attributes);
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
