package dev.understudy.plugins.recommendations;

import java.util.Arrays;

/** The standard deviation of the latest so many values. */
final class Deviation {
    private final double[] latest;
    private long seen;
    private double origin;
    private double sum;
    private double squares;

    Deviation(int memory) {
        latest = new double[memory];
    }

    /** Takes one more, which counts. */
    double accept(double value) {
        // Relative to a value of their own size, lest a large offset eats the digits.
        if (seen == 0) origin = value;
        int slot = (int) (seen % latest.length);
        double entering = value - origin;
        double leaving = seen < latest.length ? 0 : latest[slot] - origin;
        sum += entering - leaving;
        squares += entering * entering - leaving * leaving;
        latest[slot] = value;
        seen++;
        // A sum that only ever adds and takes away gathers rounding errors; once round it starts afresh.
        if (slot == latest.length - 1) {
            origin = value;
            sum = Arrays.stream(latest).map(each -> each - origin).sum();
            squares = Arrays.stream(latest)
                    .map(each -> (each - origin) * (each - origin))
                    .sum();
        }
        long count = Math.min(seen, latest.length);
        double mean = sum / count;
        return Math.sqrt(Math.max(0, squares / count - mean * mean));
    }
}
