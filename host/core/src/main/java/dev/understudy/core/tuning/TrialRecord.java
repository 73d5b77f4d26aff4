package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A trial that has ended.
 *
 * @param phase what it was for
 * @param candidate what was tried
 * @param figures one for each measurement; empty if it failed
 * @param failure why it failed; empty if it did not
 * @param took with applying and settling
 */
public record TrialRecord(Phase phase, Candidate candidate, List<Double> figures, String failure, Duration took) {
    public TrialRecord {
        figures = List.copyOf(figures);
        if (figures.isEmpty() == failure.isEmpty())
            throw new IllegalArgumentException("a trial has figures or failed: " + figures + ", '" + failure + "'");
    }

    public boolean failed() {
        return !failure.isEmpty();
    }

    /** The mean of its figures; empty if it failed. */
    public OptionalDouble value() {
        return figures.stream().mapToDouble(Double::doubleValue).average();
    }
}
