package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The chance that a row can be measured: a kernel estimate (Nadaraya, "On estimating regression", 1964) from what succeeded
 * and failed near by, with one success believed beforehand. Near is judged most by the columns in which the two differ, by the
 * square of the statistic of Smirnov's test of two samples (1939) above what chance alone would give. Immutable.
 */
final class Success {
    private static final double PRIOR_SUCCESSES = 1;
    /** How far a success or failure reaches, in widths of the range, if the columns all mattered alike and were one. */
    private static final double REACH = 0.2;

    private final List<Point> measured;
    private final List<Point> failed;
    private final Kernel nearness;

    Success(Encoding encoding, Observations observations) {
        measured = List.copyOf(observations.measured());
        failed = List.copyOf(observations.failed());
        nearness = new Kernel(encoding, failed.isEmpty() ? new double[encoding.columns()] : logLengths(encoding), 1);
    }

    private double[] logLengths(Encoding encoding) {
        double[] weights = new double[encoding.columns()];
        // The square of the statistic where the two do not differ, about.
        double chance = measured.isEmpty() ? 1 : 1.0 / failed.size() + 1.0 / measured.size();
        for (int i = 0; i < weights.length; i++) {
            double statistic = measured.isEmpty() ? 0 : difference(i, encoding.isNominal(i));
            weights[i] = chance + statistic * statistic;
        }
        double all = Arrays.stream(weights).sum();
        double[] lengths = new double[weights.length];
        for (int i = 0; i < lengths.length; i++) lengths[i] = Math.log(REACH / Math.sqrt(weights[i] / all));
        return lengths;
    }

    /** How much successes and failures differ in a column, from 0 to 1: most of their distributions, or all of their shares. */
    private double difference(int column, boolean isNominal) {
        double[] good = values(measured, column);
        double[] bad = values(failed, column);
        double largest = 0;
        double sum = 0;
        int i = 0;
        int j = 0;
        double goodBefore = 0;
        double badBefore = 0;
        while (i < good.length || j < bad.length) {
            double next = Math.min(
                    i < good.length ? good[i] : Double.POSITIVE_INFINITY,
                    j < bad.length ? bad[j] : Double.POSITIVE_INFINITY);
            while (i < good.length && good[i] <= next) i++;
            while (j < bad.length && bad[j] <= next) j++;
            double goodShare = i / (double) good.length;
            double badShare = j / (double) bad.length;
            largest = Math.max(largest, Math.abs(goodShare - badShare));
            sum += Math.abs((goodShare - goodBefore) - (badShare - badBefore)) / 2;
            goodBefore = goodShare;
            badBefore = badShare;
        }
        return isNominal ? sum : largest;
    }

    private static double[] values(List<Point> points, int column) {
        return points.stream()
                .mapToDouble(point -> point.row()[column])
                .sorted()
                .toArray();
    }

    /** Whether a row succeeds in a draw; nothing is drawn where nothing has failed. */
    boolean happens(double[] row, RandomGenerator random) {
        return failed.isEmpty() || Math.log(1 - random.nextDouble()) <= log(row);
    }

    /** The logarithm of the chance; 0 where nothing has failed. */
    double log(double[] row) {
        if (failed.isEmpty()) return 0;
        double successes = PRIOR_SUCCESSES;
        double failures = 0;
        for (Point point : measured) successes += nearness.at(row, point.row());
        for (Point point : failed) failures += nearness.at(row, point.row());
        return Math.log(successes / (successes + failures));
    }
}
