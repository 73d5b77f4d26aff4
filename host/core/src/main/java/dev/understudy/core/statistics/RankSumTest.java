package dev.understudy.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * The rank sum test of Mann and Whitney ("On a test of whether one of two random variables is stochastically larger than the
 * other", 1947) by its normal approximation, corrected for ties and for continuity: durations in whole milliseconds tie
 * often, and have long tails that a comparison of means would follow.
 *
 * @param pValue two-sided
 * @param shareAFaster estimate of the chance that a run of A is shorter than one of B, a tie counting half
 */
record RankSumTest(double pValue, double shareAFaster) {
    private static final NormalDistribution NORMAL = new NormalDistribution();

    static RankSumTest of(double[] a, double[] b) {
        if (a.length == 0 || b.length == 0) return new RankSumTest(1, 0.5);
        int total = a.length + b.length;
        double[] all = Arrays.copyOf(a, total);
        System.arraycopy(b, 0, all, a.length, b.length);
        int[] order = IntStream.range(0, total)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> all[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double ranksOfA = 0;
        double ties = 0;
        for (int start = 0; start < total; ) {
            int end = start;
            while (end < total && all[order[end]] == all[order[start]]) end++;
            double rank = (start + 1 + end) / 2.0;
            for (int i = start; i < end; i++) if (order[i] < a.length) ranksOfA += rank;
            double tied = end - start;
            ties += tied * tied * tied - tied;
            start = end;
        }
        double pairs = (double) a.length * b.length;
        // How many pairs have the run of A the longer one.
        double aLonger = ranksOfA - a.length * (a.length + 1) / 2.0;
        double variance = pairs / 12 * (total + 1 - ties / ((double) total * (total - 1)));
        double distance = Math.max(0, Math.abs(aLonger - pairs / 2) - 0.5);
        double pValue =
                variance == 0 ? 1 : Math.min(1, 2 * NORMAL.cumulativeProbability(-distance / Math.sqrt(variance)));
        return new RankSumTest(pValue, 1 - aLonger / pairs);
    }
}
