package dev.understudy.plugins.optimizerstrategies;

import java.util.Arrays;
import java.util.List;

/** What a Gaussian process learns from. The distances of its points are worked out once. Immutable; its arrays are shared. */
final class Data {
    private final double[][] rows;
    private final double[] targets;
    private final double[] variances;
    private final double repeatSquares;
    private final int repeatFreedom;
    private final double[] squares;

    /**
     * @param rows the points
     * @param targets what was measured there
     * @param variances the noise of each target in units of one measurement's
     * @param repeatSquares sum of squares of repeated measurements about their means
     * @param repeatFreedom how many measurements these were, less the number of means
     */
    Data(
            Encoding encoding,
            double[][] rows,
            double[] targets,
            double[] variances,
            double repeatSquares,
            int repeatFreedom) {
        this.rows = rows;
        this.targets = targets;
        this.variances = variances;
        this.repeatSquares = repeatSquares;
        this.repeatFreedom = repeatFreedom;
        int columns = encoding.columns();
        squares = new double[rows.length * (rows.length - 1) / 2 * columns];
        int next = 0;
        for (int i = 1; i < rows.length; i++)
            for (int j = 0; j < i; j++)
                for (int c = 0; c < columns; c++) squares[next++] = encoding.square(c, rows[i], rows[j]);
    }

    /** The same points with other targets. */
    private Data(Data points, double[] targets, double repeatSquares) {
        rows = points.rows;
        variances = points.variances;
        repeatFreedom = points.repeatFreedom;
        squares = points.squares;
        this.targets = targets;
        this.repeatSquares = repeatSquares;
    }

    Data withTargets(double[] others, double otherRepeatSquares) {
        return new Data(this, others, otherRepeatSquares);
    }

    /** Returns these data and one measurement more at each of some rows. */
    Data with(Encoding encoding, List<double[]> moreRows, double[] moreTargets) {
        int n = rows.length;
        int more = moreRows.size();
        double[][] allRows = Arrays.copyOf(rows, n + more);
        double[] allTargets = Arrays.copyOf(targets, n + more);
        double[] allVariances = Arrays.copyOf(variances, n + more);
        for (int i = 0; i < more; i++) {
            allRows[n + i] = moreRows.get(i);
            allTargets[n + i] = moreTargets[i];
            allVariances[n + i] = 1;
        }
        return new Data(encoding, allRows, allTargets, allVariances, repeatSquares, repeatFreedom);
    }

    int size() {
        return rows.length;
    }

    double[] row(int index) {
        return rows[index];
    }

    double target(int index) {
        return targets[index];
    }

    double[] targets() {
        return targets;
    }

    double variance(int index) {
        return variances[index];
    }

    double repeatSquares() {
        return repeatSquares;
    }

    int repeatFreedom() {
        return repeatFreedom;
    }

    /** The squared differences of each pair's columns: pair after pair, (1, 0), (2, 0), (2, 1), …. */
    double[] squares() {
        return squares;
    }
}
