package dev.understudy.plugins.recommendations;

import java.util.Arrays;

/**
 * How far the latest values of a stream, as a run of so many, lie from the nearest earlier run: what came before at any time,
 * be it every day, after every start or in any weather, is near. The root of the mean squared difference is taken as it is,
 * neither shifted nor scaled, so that a known shape at a new level is far.
 *
 * <p>This is the left matrix profile (Yeh et al., "Matrix Profile I", ICDM 2016; Lu et al., "DAMP: Matrix Profile for Streams", KDD 2022).
 * For each lag a sum of squared differences is kept and moved on by the pair that comes and the pair that goes, so that a value
 * costs as much for long runs as for short ones.
 */
final class NearestRuns {
    private final int memory;
    private final int[] lengths;
    private final int longest;

    /** By length, by lag: the sum of the squared differences of the latest run and the one so many values before. */
    private final double[][] sums;

    /** The latest first, from {@link #head} on, so that lags run the way that the processor likes. */
    private final double[] values;

    private final double[] distances;
    private int head;
    private int seen;

    /**
     * @param memory with how many values back to compare
     * @param lengths of the runs, each at least 1
     */
    NearestRuns(int memory, int... lengths) {
        this.memory = memory;
        this.lengths = lengths.clone();
        longest = Arrays.stream(lengths).max().orElseThrow();
        sums = new double[lengths.length][memory + 1];
        values = new double[2 * kept()];
        head = values.length;
        distances = new double[lengths.length];
    }

    private int kept() {
        return memory + longest + 1;
    }

    /**
     * Takes the next value.
     *
     * @return for each length the distance to the nearest run that does not overlap the latest; 0 while there is none. The same array
     *     each time
     */
    double[] accept(double value) {
        if (head == 0) {
            head = values.length - kept() + 1;
            System.arraycopy(values, 0, values, head, kept() - 1);
            values[--head] = value;
            // What is only ever added to and taken from gathers rounding errors; here the sums start afresh.
            seen = Math.min(seen + 1, kept());
            for (int i = 0; i < lengths.length; i++) distances[i] = distance(afresh(i), lengths[i]);
            return distances;
        }
        values[--head] = value;
        seen = Math.min(seen + 1, kept());
        for (int i = 0; i < lengths.length; i++) distances[i] = distance(moved(i), lengths[i]);
        return distances;
    }

    private static double distance(double squares, int length) {
        return squares == Double.MAX_VALUE ? 0 : Math.sqrt(Math.max(0, squares) / length);
    }

    private int lags() {
        return Math.min(memory, seen - 1);
    }

    private double moved(int which) {
        double[] sum = sums[which];
        int length = lengths[which];
        int lags = lags();
        // A run of which the oldest pair is not there yet loses none.
        int whole = Math.max(0, Math.min(lags, seen - 1 - length));
        for (int lag = whole + 1; lag <= lags; lag++) sum[lag] += squared(values[head] - values[head + lag]);
        if (whole > 0) move(sum, whole, length);
        return least(sum, length, Math.min(lags, seen - length));
    }

    private void move(double[] sum, int to, int length) {
        double coming = values[head];
        double going = values[head + length];
        int now = head;
        int then = head + length;
        for (int lag = 1; lag <= to; lag++) {
            double added = coming - values[now + lag];
            double taken = going - values[then + lag];
            sum[lag] += added * added - taken * taken;
        }
    }

    private double afresh(int which) {
        double[] sum = sums[which];
        int length = lengths[which];
        int lags = lags();
        for (int lag = 1; lag <= lags; lag++) {
            double squares = 0;
            int to = Math.min(length, seen - lag);
            for (int i = 0; i < to; i++) squares += squared(values[head + i] - values[head + i + lag]);
            sum[lag] = squares;
        }
        return least(sum, length, Math.min(lags, seen - length));
    }

    private static double least(double[] sum, int from, int to) {
        double least = Double.MAX_VALUE;
        for (int lag = from; lag <= to; lag++) least = Math.min(least, sum[lag]);
        return least;
    }

    private static double squared(double value) {
        return value * value;
    }
}
