package dev.understudy.plugins.recommendations;

/**
 * How unlikely a value is to be as high as it is, judged by the highest values seen so far.
 *
 * <p>The excesses over a high quantile follow a generalized Pareto distribution (Pickands, "Statistical Inference Using
 * Extreme Order Statistics", 1975); applied to streams by Siffer et al., "Anomaly Detection in Streams with Extreme Value
 * Theory", KDD 2017, section 3. Where they fit its two parameters by maximum likelihood, we keep to its shape 0, the exponential
 * distribution, and take the mean: with some ten excesses a second parameter would be noise. Distances to what is nearest have
 * no longer tail than that in what is undisturbed.
 */
final class PeaksOverThreshold {
    private static final int MIN_VALUES = 50;
    private static final int MIN_EXCESSES = 10;
    private static final double TAIL = 0.01;

    private final SortedWindow latest;

    /** @param memory how many of the latest values count */
    PeaksOverThreshold(int memory) {
        latest = new SortedWindow(memory);
    }

    /**
     * Takes one more value.
     *
     * @param value finite
     * @return how unlikely a value as high as this was before it came, as the negative decimal logarithm of its
     *     probability; 0 for what lies below the tail and while there are too few values to say
     */
    double accept(double value) {
        double surprise = surprise(value);
        latest.add(value);
        return surprise;
    }

    private double surprise(double value) {
        int count = latest.size();
        if (count < MIN_VALUES) return 0;
        int excesses = Math.max(MIN_EXCESSES, (int) (count * TAIL));
        double threshold = latest.get(count - excesses - 1);
        if (value <= threshold) return 0;
        double sum = 0;
        for (int i = count - excesses; i < count; i++) sum += latest.get(i) - threshold;
        double mean = Math.max(sum / excesses, Double.MIN_NORMAL);
        return Math.min(MOST, (Math.log(count / (double) excesses) + (value - threshold) / mean) / Math.log(10));
    }

    /** More than this is no more telling. */
    static final double MOST = 300;
}
