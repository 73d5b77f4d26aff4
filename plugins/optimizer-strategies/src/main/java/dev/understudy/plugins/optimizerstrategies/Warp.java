package dev.understudy.plugins.optimizerstrategies;

import java.util.Arrays;

/**
 * A rising curve that brings measured values nearer to a normal distribution before a Gaussian process learns them (Snelson,
 * Rasmussen and Ghahramani, "Warped Gaussian processes", NIPS 2003): the identity, or a logarithm of the distance from the
 * lowest value, which gives good values room that bad ones would take. Then mean 0 and deviation 1.
 */
final class Warp {
    /** How soon the logarithm bends, as a share of the way from the lowest value to the median; 0 stands for the identity. */
    private static final double[] BENDS = {0, 1, 0.3, 0.1, 0.03, 0.01};

    static final int KINDS = BENDS.length;

    private final double lowest;
    private final double bend;
    private final double mean;
    private final double deviation;

    /**
     * @param kind which curve, from 0 (the identity) to {@link #KINDS} - 1 (the sharpest)
     * @param values at least one
     */
    Warp(int kind, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        lowest = sorted[0];
        double toMedian = sorted[sorted.length / 2] - lowest;
        double scale = toMedian > 0 ? toMedian : sorted[sorted.length - 1] - lowest;
        bend = scale > 0 ? BENDS[kind] * scale : 0;
        double sum = 0;
        for (double value : values) sum += curve(value);
        mean = sum / values.length;
        double squares = 0;
        for (double value : values) squares += (curve(value) - mean) * (curve(value) - mean);
        double spread = Math.sqrt(squares / values.length);
        deviation = spread > 1e-300 ? spread : 1;
    }

    private double curve(double value) {
        return bend == 0 ? value : Math.log1p(Math.max(0, value - lowest) / bend);
    }

    double apply(double value) {
        return (curve(value) - mean) / deviation;
    }

    /** The derivative at a value. */
    double slope(double value) {
        return (bend == 0 ? 1 : 1 / (bend + Math.max(0, value - lowest))) / deviation;
    }
}
