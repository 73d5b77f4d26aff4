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
 * @param machine where it was measured: the number of one of the session's machines, from 0
 */
public record TrialRecord(
        Phase phase, Candidate candidate, List<Double> figures, String failure, Duration took, int machine) {
    public TrialRecord {
        figures = List.copyOf(figures);
        if (figures.isEmpty() == failure.isEmpty())
            throw new IllegalArgumentException("a trial has figures or failed: " + figures + ", '" + failure + "'");
    }

    /** A trial on the first machine. */
    public TrialRecord(Phase phase, Candidate candidate, List<Double> figures, String failure, Duration took) {
        this(phase, candidate, figures, failure, took, 0);
    }

    public boolean failed() {
        return !failure.isEmpty();
    }

    /** The mean of its figures; empty if it failed. */
    public OptionalDouble value() {
        return figures.stream().mapToDouble(Double::doubleValue).average();
    }
}
