package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.AcquisitionSearch.Box;

/**
 * A box about the incumbent that grows with success and shrinks with failure (Eriksson, Pearce, Gardner, Turner and Poloczek,
 * "Scalable global optimization via local Bayesian optimization", NeurIPS 2019), its sides in proportion to the model's
 * length scales. We start anew about the incumbent where they restart elsewhere: the other arms do the exploring. Used by one
 * thread.
 */
final class TrustRegion {
    private static final double FIRST = 0.4;
    private static final double LARGEST = 0.8;
    private static final double SMALLEST = 1.0 / 256;
    private static final int SUCCESSES = 2;
    private static final int FAILURES = 3;

    /** Length scales beyond it are alike: the range is 1 wide. */
    private static final double LONGEST = 2;

    private static final double MOST_STRETCH = 3;

    private double side = FIRST;
    private int successes;
    private int failures;

    /** Learns whether a row from the region was a success. */
    void learn(boolean isSuccess) {
        successes = isSuccess ? successes + 1 : 0;
        failures = isSuccess ? 0 : failures + 1;
        if (successes >= SUCCESSES) {
            side = Math.min(LARGEST, side * 2);
            successes = 0;
        }
        if (failures >= FAILURES) {
            side /= 2;
            failures = 0;
            if (side < SMALLEST) side = FIRST;
        }
    }

    /** The box about a row, as far as it lies in the space. */
    Box box(Encoding encoding, GaussianProcess process, double[] center) {
        double[] halfWidths = new double[center.length];
        double logMean = 0;
        int numeric = 0;
        for (int i = 0; i < center.length; i++) {
            if (encoding.isNominal(i)) continue;
            logMean += Math.log(Math.min(LONGEST, process.length(i)));
            numeric++;
        }
        double mean = Math.exp(logMean / Math.max(1, numeric));
        for (int i = 0; i < center.length; i++)
            halfWidths[i] =
                    side / 2 * Math.clamp(Math.min(LONGEST, process.length(i)) / mean, 1 / MOST_STRETCH, MOST_STRETCH);
        return Box.around(encoding, center, halfWidths);
    }
}
