package dev.understudy.core.executor.tuning;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * One measure with and without a change, in pairs that were measured one after the other. Compared are the logarithms of the
 * ratios, by Student's t: what slows down both of a pair cancels, and an improvement is a share.
 *
 * @param baseline the middle figure without
 * @param changed the middle figure with it
 * @param improvement the share by which it falls; positive is better, and minus one is twice as much
 * @param low above which the improvement lies
 * @param high below which it lies, both with 95 % confidence for this measure alone
 * @param surely above which it lies with the confidence that is asked of a gain
 */
public record Comparison(
        Measure measure, double baseline, double changed, double improvement, double low, double high, double surely) {
    /** Fewer show nothing. */
    public static final int MIN_PAIRS = 4;

    private static final double ALPHA = 0.05;

    /**
     * Compares.
     *
     * @param without at least {@link #MIN_PAIRS} positive figures
     * @param with as many; the i-th belongs to the i-th
     * @param gainAlpha how likely a gain may be seen where there is none
     */
    public static Comparison of(Measure measure, List<Double> without, List<Double> with, double gainAlpha) {
        int pairs = without.size();
        if (pairs != with.size() || pairs < MIN_PAIRS)
            throw new IllegalArgumentException(pairs + " and " + with.size() + " figures of " + measure);
        double[] falls = new double[pairs];
        for (int i = 0; i < pairs; i++) falls[i] = Math.log(without.get(i)) - Math.log(with.get(i));
        double mean = Arrays.stream(falls).average().orElseThrow();
        double squares =
                Arrays.stream(falls).map(each -> (each - mean) * (each - mean)).sum();
        double error = Math.sqrt(squares / (pairs - 1) / pairs);
        var student = new TDistribution(pairs - 1.0);
        double ends = error * student.inverseCumulativeProbability(1 - ALPHA / 2);
        double sure = error * student.inverseCumulativeProbability(1 - gainAlpha);
        return new Comparison(
                measure,
                middle(without),
                middle(with),
                share(mean),
                share(mean - ends),
                share(mean + ends),
                share(mean - sure));
    }

    /** The share that a fall of a logarithm is. */
    private static double share(double fall) {
        return -Math.expm1(-fall);
    }

    private static double middle(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
