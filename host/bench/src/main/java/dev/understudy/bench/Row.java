package dev.understudy.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One measured figure.
 *
 * @param name what was measured
 * @param unit of {@code p50} and {@code p99}, for example {@code ms} or {@code tasks/s}
 * @param p50 the median of {@code n} runs
 * @param p99 the 99th percentile; equal to {@code p50} where there is one run only
 * @param n how many runs
 * @param median in which the median lies with 95 %, if there were enough runs to say
 * @param extra further figures and texts by column name, for example {@code goal} or {@code published}
 */
public record Row(
        String name, String unit, double p50, double p99, int n, Optional<Interval> median, Map<String, Object> extra) {
    /** With fewer runs the smallest and the largest hold the median in less than 95 % of cases. */
    private static final int LEAST_RUNS = 6;

    private static final double TWO_SIDED_95 = 1.96;

    /** From the lower to the upper end, both included. */
    public record Interval(double low, double high) {}

    /** Of which no interval is known. */
    Row(String name, String unit, double p50, double p99, int n, Map<String, Object> extra) {
        this(name, unit, p50, p99, n, Optional.empty(), extra);
    }

    /** Of measured times, in milliseconds; percentiles are nearest ranks. */
    static Row ofNanos(String name, long[] nanos, Map<String, Object> extra) {
        double[] sorted =
                Arrays.stream(nanos).mapToDouble(each -> each / 1e6).sorted().toArray();
        return new Row(
                name,
                "ms",
                percentile(sorted, 0.50),
                percentile(sorted, 0.99),
                sorted.length,
                medianInterval(sorted),
                extra);
    }

    private static double percentile(double[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    /** By the ranks that the binomial distribution gives (Conover, Practical Nonparametric Statistics, 3.2). */
    static Optional<Interval> medianInterval(double[] sorted) {
        int n = sorted.length;
        if (n < LEAST_RUNS) return Optional.empty();
        double half = TWO_SIDED_95 * Math.sqrt(n) / 2;
        int low = Math.max(1, (int) Math.floor(n / 2.0 - half));
        int high = Math.min(n, (int) Math.ceil(n / 2.0 + 1 + half));
        return Optional.of(new Interval(sorted[low - 1], sorted[high - 1]));
    }

    /**
     * This figure against an earlier one, as in {@code 0.93 x (0.88 to 0.98)}: the ratio of the medians and its 95 %
     * interval, both medians being taken for normal on a log scale; without one where either has none.
     */
    String against(Row earlier) {
        double ratio = p50 / earlier.p50;
        String text = String.format(Locale.ROOT, "%.3g x", ratio);
        Optional<Double> own = logDeviation();
        Optional<Double> other = earlier.logDeviation();
        if (own.isEmpty() || other.isEmpty()) return text;
        double half = TWO_SIDED_95 * Math.hypot(own.get(), other.get());
        return text + String.format(Locale.ROOT, " (%.3g to %.3g)", ratio * Math.exp(-half), ratio * Math.exp(half));
    }

    private Optional<Double> logDeviation() {
        return median.filter(interval -> interval.low > 0)
                .map(interval -> Math.log(interval.high / interval.low) / (2 * TWO_SIDED_95));
    }
}
