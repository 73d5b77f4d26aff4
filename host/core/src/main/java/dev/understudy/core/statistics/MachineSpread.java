package dev.understudy.core.statistics;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How a difference between two settings spreads over machines that are alike. The variance between machines is itself taken to vary
 * from one pair of settings to the next, by a scaled inverse chi-square distribution, so that few machines lean on what is known of
 * others, and many speak for themselves (Smyth, "Linear models and empirical Bayes methods for assessing differential expression
 * in microarray experiments", Statistical Applications in Genetics and Molecular Biology 3, 2004, sections 3 and 4).
 *
 * @param degrees how many degrees of freedom what is known beforehand is worth; 0 where nothing is
 * @param deviation the standard deviation over machines to expect beforehand, in logarithms of figures; 0 where nothing is known
 */
public record MachineSpread(double degrees, double deviation) {
    /**
     * Of logarithms of figures. Fitted by {@code understudy bench promises} to 264 settings of a database and a web server, each
     * measured on ten rented machines (Freischuetz and others, "TUNA: Tuning unstable and noisy cloud applications", EuroSys 2025);
     * fitted without any one of their three workloads it is between (1.8, 0.050) and (2.5, 0.057).
     */
    public static final MachineSpread LIKE_MACHINES = new MachineSpread(2.2, 0.053);

    /** Where nothing is known but what was measured. */
    public static final MachineSpread UNKNOWN = new MachineSpread(0, 0);

    /** The share of other machines that an interval is told for. */
    public static final double SHARE = 0.9;

    /**
     * The chance that the formula leaves beyond each end. Half of what {@link #SHARE} leaves to the end that matters: what was
     * chosen for its figure had luck on the machines where it was measured, and some settings fall into two kinds of machines.
     * {@code understudy bench promises} tells how often what is said held.
     */
    private static final double BEYOND = 0.05;

    /** Where the difference lies on other machines. */
    public record Interval(double low, double high) {}

    public MachineSpread {
        if (!(degrees >= 0) || !(deviation >= 0))
            throw new IllegalArgumentException("must not be negative: " + degrees + ", " + deviation);
    }

    /** Whether there is anything to go by. */
    public boolean knows(int machines) {
        return degrees + machines - 1 > 0;
    }

    /**
     * Where the difference lies on one more machine, nine times of ten.
     *
     * @param differences one for each machine that was measured; at least one, and two where nothing is known beforehand
     */
    public Interval elsewhere(List<Double> differences) {
        int machines = differences.size();
        if (machines == 0 || !knows(machines))
            throw new IllegalArgumentException("there is nothing to go by: " + differences);
        double mean =
                differences.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = differences.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        double freedom = degrees + machines - 1;
        double variance = (degrees * deviation * deviation + squares) / freedom;
        double reach = -new TDistribution(freedom).inverseCumulativeProbability(BEYOND)
                * Math.sqrt(variance * (1 + 1.0 / machines));
        return new Interval(mean - reach, mean + reach);
    }
}
