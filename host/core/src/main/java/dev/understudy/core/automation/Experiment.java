package dev.understudy.core.automation;

import dev.understudy.core.statistics.Comparison;
import java.time.Instant;
import java.util.Optional;

/**
 * Two versions of an automation on alternate runs.
 *
 * @param runsEach that each version gets; runs that were refused, cancelled or cut short are not counted
 * @param a what the first version has shown so far
 * @param b what the second one has
 * @param end how it ended; empty while it is under way
 */
public record Experiment(long id, String automationId, int runsEach, Arm a, Arm b, Instant started, Optional<End> end) {

    /** One version and its runs in this experiment. */
    public record Arm(int version, Comparison.Arm runs) {}

    /**
     * How it ended.
     *
     * @param verdict of the test; {@code NO_DIFFERENCE} as well if it was stopped
     * @param reason in one line for people
     */
    public record End(Instant at, Comparison.Verdict verdict, String reason) {}
}
