package dev.understudy.plugins.recommendations;

import java.util.Arrays;

/**
 * How unlikely a value is to be as high as it is, judged by the highest values seen so far.
 *
 * <p>The excesses over a high quantile follow a generalized Pareto distribution (Pickands, "Statistical Inference Using
 * Extreme Order Statistics", 1975); applied to streams by Siffer et al., "Anomaly Detection in Streams with Extreme Value
 * Theory", KDD 2017, section 3. Where they fit the two parameters by maximum likelihood, we take the moments, which cost
 * next to nothing at each value, and keep the shape from 0 (exponential) to 0.5 (finite variance): with some ten excesses
 * more would be noise. The latest {@value #MEMORY} values count.
 */
final class PeaksOverThreshold {
    static final int MEMORY = 10_000;
    private static final int MIN_VALUES = 50;
    private static final int MIN_EXCESSES = 10;
    private static final double TAIL = 0.01;
    private static final double MAX_SHAPE = 0.5;

    private final double[] latest = new double[MEMORY];
    private double[] sorted = new double[256];
    private int count;
    private long seen;

    /**
     * Takes one more value.
     *
     * @param value finite
     * @return how unlikely a value as high as this was before it came, as the negative decimal logarithm of its
     *     probability; 0 for what lies below the tail and while there are too few values to say
     */
    double accept(double value) {
        double surprise = surprise(value);
        int slot = (int) (seen % MEMORY);
        if (seen >= MEMORY) remove(latest[slot]);
        latest[slot] = value;
        seen++;
        insert(value);
        return surprise;
    }

    private double surprise(double value) {
        if (count < MIN_VALUES) return 0;
        int excesses = Math.max(MIN_EXCESSES, (int) (count * TAIL));
        double threshold = sorted[count - excesses - 1];
        if (value <= threshold) return 0;
        double sum = 0;
        double squares = 0;
        for (int i = count - excesses; i < count; i++) {
            double excess = sorted[i] - threshold;
            sum += excess;
            squares += excess * excess;
        }
        double mean = Math.max(sum / excesses, 1e-12);
        double variance = Math.max(0, squares / excesses - mean * mean);
        double shape = variance > 0 ? Math.clamp(0.5 * (1 - mean * mean / variance), 0, MAX_SHAPE) : 0;
        double z = (value - threshold) / (mean * (1 - shape));
        double tail = -Math.log10(excesses / (double) count);
        return tail + (shape < 1e-6 ? z / Math.log(10) : Math.log10(1 + shape * z) / shape);
    }

    private void insert(double value) {
        if (count == sorted.length) sorted = Arrays.copyOf(sorted, Math.min(MEMORY, 2 * count));
        int at = Arrays.binarySearch(sorted, 0, count, value);
        if (at < 0) at = -at - 1;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = value;
        count++;
    }

    private void remove(double value) {
        int at = Arrays.binarySearch(sorted, 0, count, value);
        System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
        count--;
    }
}
