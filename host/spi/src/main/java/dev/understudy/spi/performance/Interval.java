package dev.understudy.spi.performance;

/**
 * An estimate with what it may be as well.
 *
 * @param estimate the best guess
 * @param low lower end of the 90 % interval, at most {@code estimate}
 * @param high upper end of it, at least {@code estimate}
 */
public record Interval(double estimate, double low, double high) {
    public Interval {
        if (!(low <= estimate && estimate <= high))
            throw new IllegalArgumentException(estimate + " must lie between " + low + " and " + high);
    }
}
