package dev.understudy.core.performance;

/**
 * What many durations say together, in milliseconds.
 *
 * @param count how many
 * @param successRate share of them that succeeded, from 0.0 to 1.0; NaN if there are none
 * @param meanMillis mean
 * @param medianMillis median
 * @param p95Millis 95th percentile
 * @param p99Millis 99th percentile
 * @param minMillis least
 * @param maxMillis greatest
 * @param varianceSeconds2 variance (of a sample), in square seconds; 0 if there is one only
 * @param bottlenecks how many exceeded a threshold of duration, processor time or memory
 */
public record DurationStatistics(
        long count,
        double successRate,
        double meanMillis,
        double medianMillis,
        double p95Millis,
        double p99Millis,
        double minMillis,
        double maxMillis,
        double varianceSeconds2,
        long bottlenecks) {

    /** Nothing was measured. */
    public static final DurationStatistics NONE = new DurationStatistics(
            0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
}
