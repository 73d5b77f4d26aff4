package dev.understudy.spi.performance;

import java.time.Instant;
import java.util.List;

/**
 * One figure over time.
 *
 * @param name what was measured, for example {@code backup: execution time}
 * @param kind what it stands for
 * @param unit of its values, for example {@code ms}
 * @param threshold from where on a value is too high; {@link Double#NaN} if no such limit is known
 * @param points oldest first
 */
public record MetricSeries(String name, Kind kind, String unit, double threshold, List<Point> points) {
    /** What the values of a series stand for. */
    public enum Kind {
        /** How long executions took: lower is better. */
        EXECUTION_TIME,
        /**
         * The share of executions that failed, from 0.0 to 1.0, or each execution by itself: 1 if it failed, 0 if not. Lower is
         * better.
         */
        ERROR_RATE,
        /** Anything else: only what is unusual about it can be said. */
        OTHER
    }

    /**
     * One value.
     *
     * @param time when it was measured
     * @param value finite
     */
    public record Point(Instant time, double value) {
        public Point {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("value must be finite, was " + value);
        }
    }

    public MetricSeries {
        points = List.copyOf(points);
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).time().isBefore(points.get(i - 1).time()))
                throw new IllegalArgumentException("points must be in the order of their times; "
                        + points.get(i).time() + " comes after "
                        + points.get(i - 1).time());
        }
    }

    /** Whether this is an error rate of which each value is an execution by itself: 0 or 1. */
    public boolean isOfSingleExecutions() {
        return kind == Kind.ERROR_RATE && points.stream().allMatch(point -> point.value() == 0 || point.value() == 1);
    }

    /** The values alone, oldest first. */
    public double[] values() {
        return points.stream().mapToDouble(Point::value).toArray();
    }
}
