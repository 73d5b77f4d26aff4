package dev.understudy.core.tuning;

import dev.understudy.spi.optimization.Candidate;
import java.util.List;
import java.util.Optional;

/**
 * How the race ended. What is said of it holds for the machines on which it was run, and for no others but where
 * {@code elsewhere} says so. It is independent of the search's measurements, so the luck that made a candidate look best there is no
 * part of it.
 *
 * @param candidate that raced against the default
 * @param unit of the next three
 * @param improvement the estimate; positive is better
 * @param low above which it lies with at least 95 % confidence; minus infinity if that cannot be said
 * @param high below which it lies with at least 95 % confidence; plus infinity likewise
 * @param defaultValues measured of the default, in order
 * @param candidateValues measured of the candidate, in order
 * @param machines how it went on each machine, in order
 * @param elsewhere where the improvement lies on nine of ten other machines like these; empty if that cannot be said
 * @param worstDefault of these
 * @param worstCandidate of these
 */
public record RaceResult(
        Candidate candidate,
        Unit unit,
        double improvement,
        double low,
        double high,
        List<Double> defaultValues,
        List<Double> candidateValues,
        List<AtMachine> machines,
        Optional<Elsewhere> elsewhere,
        double worstDefault,
        double worstCandidate) {

    /** What an improvement is told in. */
    public enum Unit {
        /** The share by which the figure falls (or rises, where more is better): 0.1 is 10 %. All figures are positive. */
        SHARE,
        /** The objective's own unit. */
        FIGURE
    }

    /**
     * The race on one machine.
     *
     * @param machine its number
     * @param improvement measured there, in the race's unit
     */
    public record AtMachine(int machine, double improvement) {}

    /** Where the improvement lies on other machines, in the race's unit. */
    public record Elsewhere(double low, double high) {}

    public RaceResult {
        machines = List.copyOf(machines);
        defaultValues = List.copyOf(defaultValues);
        candidateValues = List.copyOf(candidateValues);
    }

    /** Whether there were enough measurements for an interval with two ends. */
    public boolean bounded() {
        return !Double.isInfinite(low) && !Double.isInfinite(high);
    }
}
