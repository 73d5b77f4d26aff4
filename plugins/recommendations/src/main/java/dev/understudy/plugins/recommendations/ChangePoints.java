package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.MetricSeries.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the distribution of a series changes.
 *
 * <p>E-divisive (Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data",
 * JASA 109(505), 2014, section 2): each stretch is split where the energy distance between its two parts is greatest.
 * Where they decide by permutations whether a split stays, Welch's t-test does, as is usual for performance data (Daly et
 * al., "The Use of Change Point Detection to Identify Software Performance Regressions", ICPE 2020, use the former; the test costs a
 * thousandth): a change of spread alone is not what slows anybody down. The threshold is divided by the number of
 * possible splits, since the best of them is looked at.
 */
final class ChangePoints {
    private static final int MIN_STRETCH = 5;
    private static final int MAX_POINTS = 1000;
    private static final double CHANCE = 0.01;

    /**
     * A change.
     *
     * @param index of the first value after it
     * @param chance the probability that there is none
     */
    record ChangePoint(int index, double chance) {}

    private ChangePoints() {}

    /**
     * The changes in order, at most some dozens. Of a long series the latest {@value #MAX_POINTS} values count. A steady
     * slope is none: it has one level after the other, but without the slope only one.
     */
    static List<ChangePoint> of(double[] values) {
        List<ChangePoint> raw = jumps(values);
        return raw.isEmpty() || jumps(withoutSlope(values)).isEmpty() ? List.of() : raw;
    }

    private static double[] withoutSlope(double[] values) {
        int stride = Math.max(1, values.length / 300);
        double[] times = new double[(values.length + stride - 1) / stride];
        double[] some = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = i * (double) stride;
            some[i] = values[i * stride];
        }
        double slope = Statistics.medianSlope(times, some);
        double[] level = new double[values.length];
        for (int i = 0; i < values.length; i++) level[i] = values[i] - slope * i;
        return level;
    }

    private static List<ChangePoint> jumps(double[] values) {
        int offset = Math.max(0, values.length - MAX_POINTS);
        var found = new ArrayList<ChangePoint>();
        split(values, offset, values.length, found);
        return found;
    }

    /** The index of the first value after the last change; 0 if there is none. */
    static int last(List<Point> points) {
        List<ChangePoint> found = of(points.stream().mapToDouble(Point::value).toArray());
        return found.isEmpty() ? 0 : found.getLast().index();
    }

    private static void split(double[] values, int from, int to, List<ChangePoint> found) {
        int n = to - from;
        if (n < 2 * MIN_STRETCH) return;
        int at = best(values, from, to);
        double chance = Math.min(
                1,
                Statistics.differByChance(Arrays.copyOfRange(values, from, at), Arrays.copyOfRange(values, at, to))
                        * (n - 2 * MIN_STRETCH + 1));
        if (!(chance <= CHANCE)) return;
        split(values, from, at, found);
        found.add(new ChangePoint(at, chance));
        split(values, at, to, found);
    }

    /** The split with the greatest energy statistic, in time that grows with the square of the length. */
    private static int best(double[] values, int from, int to) {
        int n = to - from;
        double within = 0;
        for (int i = from; i < to; i++) for (int j = i + 1; j < to; j++) within += Math.abs(values[i] - values[j]);
        double left = 0;
        double right = within;
        double between = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        int best = from + MIN_STRETCH;
        for (int at = from + 1; at <= to - MIN_STRETCH; at++) {
            double moved = values[at - 1];
            double toLeft = 0;
            double toRight = 0;
            for (int i = from; i < at - 1; i++) toLeft += Math.abs(moved - values[i]);
            for (int i = at; i < to; i++) toRight += Math.abs(moved - values[i]);
            left += toLeft;
            right -= toRight;
            between += toRight - toLeft;
            int leftSize = at - from;
            if (leftSize < MIN_STRETCH) continue;
            double l = leftSize;
            double r = n - l;
            double energy = 2 * between / (l * r) - 2 * left / (l * (l - 1)) - 2 * right / (r * (r - 1));
            double statistic = l * r / (l + r) * energy;
            if (statistic > greatest) {
                greatest = statistic;
                best = at;
            }
        }
        return best;
    }
}
