package dev.understudy.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * One measured figure.
 *
 * @param name what was measured
 * @param unit of {@code p50} and {@code p99}, for example {@code ms} or {@code tasks/s}
 * @param p50 the median of {@code n} runs
 * @param p99 the 99th percentile; equal to {@code p50} where there is one run only
 * @param n how many runs
 * @param extra further figures and texts by column name, for example {@code goal} or {@code published}
 */
public record Row(String name, String unit, double p50, double p99, int n, Map<String, Object> extra) {

    /** Of measured times, in milliseconds; percentiles are nearest ranks. */
    static Row ofNanos(String name, long[] nanos, Map<String, Object> extra) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Row(name, "ms", percentile(sorted, 0.50), percentile(sorted, 0.99), sorted.length, extra);
    }

    private static double percentile(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }
}
