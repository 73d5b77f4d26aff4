package dev.understudy.plugins.recommendations;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.HypergeometricDistribution;
import org.hipparchus.stat.inference.TTest;

/** The tests that the predictors share. */
final class Statistics {
    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final TTest T_TEST = new TTest();

    private Statistics() {}

    /**
     * The probability that an undirected series rises as much as this one does: the one-sided Mann-Kendall test with the
     * correction for ties (Kendall, "Rank Correlation Methods", 1975, chapter 4), exact for up to ten values without ties.
     */
    static double risesByChance(double[] values) {
        int n = values.length;
        long s = 0;
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                s += Double.compare(values[j], values[i]) > 0 ? 1 : values[j] < values[i] ? -1 : 0;
        Map<Double, Integer> ties = new TreeMap<>();
        for (double value : values) ties.merge(value, 1, Integer::sum);
        if (n <= 10 && ties.size() == n) return exact(n, s);
        double variance = n * (n - 1.0) * (2.0 * n + 5);
        for (int tie : ties.values()) variance -= tie * (tie - 1.0) * (2.0 * tie + 5);
        variance /= 18;
        if (variance <= 0) return 1;
        double corrected = s > 0 ? s - 1 : s < 0 ? s + 1 : 0;
        return 1 - NORMAL.cumulativeProbability(corrected / Math.sqrt(variance));
    }

    /** P(S >= s) over all orders of n different values, from the numbers of orders with k inversions. */
    private static double exact(int n, long s) {
        long[] orders = {1};
        for (int length = 2; length <= n; length++) {
            long[] next = new long[orders.length + length - 1];
            for (int k = 0; k < orders.length; k++) for (int add = 0; add < length; add++) next[k + add] += orders[k];
            orders = next;
        }
        long pairs = n * (n - 1L) / 2;
        long atLeast = 0;
        long all = 0;
        for (int inversions = 0; inversions < orders.length; inversions++) {
            all += orders[inversions];
            if (pairs - 2L * inversions >= s) atLeast += orders[inversions];
        }
        return atLeast / (double) all;
    }

    /**
     * The median slope over all pairs (Theil 1950; Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau",
     * 1968).
     *
     * @param times strictly rising
     */
    static double medianSlope(double[] times, double[] values) {
        int n = values.length;
        double[] slopes = new double[n * (n - 1) / 2];
        int k = 0;
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) slopes[k++] = (values[j] - values[i]) / (times[j] - times[i]);
        return median(slopes);
    }

    /** The median; sorts a copy. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** The standard deviation of a sample; 0 if it has one value only, since nothing is known of its spread. */
    static double deviation(double[] values) {
        if (values.length < 2) return 0;
        double mean = mean(values);
        double squares = 0;
        for (double each : values) squares += (each - mean) * (each - mean);
        return Math.sqrt(squares / (values.length - 1));
    }

    /**
     * The probability that of failures which fall on executions by chance so many or more fall on the latest ones: the one-sided
     * exact test of Fisher ("The Design of Experiments", 1935, section 11).
     *
     * @param failures among all
     * @param latestFailures among the latest, at most {@code failures} and {@code latest}
     * @param latest how many are the latest, at most {@code all}
     */
    static double failuresLateByChance(int failures, int latestFailures, int latest, int all) {
        return failures == 0
                ? 1
                : new HypergeometricDistribution(all, failures, latest).upperCumulativeProbability(latestFailures);
    }

    /** The probability that two samples of one mean differ as much (Welch's t-test, two-sided). */
    static double differByChance(double[] one, double[] other) {
        if (constant(one) && constant(other)) return one[0] == other[0] ? 1 : 0;
        return T_TEST.tTest(one, other);
    }

    private static boolean constant(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }
}
