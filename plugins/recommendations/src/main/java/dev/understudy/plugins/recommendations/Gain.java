package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * By how much a change would have made recorded executions shorter, with what it may be as well: the percentile bootstrap
 * over executions (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), 90 %, seeded.
 */
final class Gain {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 20_261;

    private Gain() {}

    /**
     * The share that is saved over all executions together, in percent.
     *
     * @param before what each execution took, not all zero
     * @param after what it would have taken, in the same order
     */
    static Interval percent(double[] before, double[] after) {
        double estimate =
                percentOf(Arrays.stream(before).sum(), Arrays.stream(after).sum());
        var random = new SplittableRandom(SEED);
        double[] resampled = new double[RESAMPLES];
        for (int k = 0; k < RESAMPLES; k++) {
            double sumBefore = 0;
            double sumAfter = 0;
            for (int i = 0; i < before.length; i++) {
                int drawn = random.nextInt(before.length);
                sumBefore += before[drawn];
                sumAfter += after[drawn];
            }
            resampled[k] = percentOf(sumBefore, sumAfter);
        }
        Arrays.sort(resampled);
        return new Interval(
                estimate,
                Math.min(estimate, resampled[RESAMPLES / 20]),
                Math.max(estimate, resampled[RESAMPLES - 1 - RESAMPLES / 20]));
    }

    private static double percentOf(double before, double after) {
        return before <= 0 ? 0 : 100 * (before - after) / before;
    }
}
