package dev.understudy.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Learns with which probability a statement holds from figures about it: logistic regression, fitted by Newton's method with a
 * weak prior at 0 for the slopes (Platt, "Probabilistic Outputs for Support Vector Machines", 1999; his two smoothed targets
 * are kept, so that a class without an exception is not said to be sure).
 */
final class Platt {
    private static final int STEPS = 50;
    private static final double PRIOR = 1e-2;

    /**
     * What is known of one statement.
     *
     * @param figures as many in each
     * @param held whether it turned out so
     */
    record Example(List<Double> figures, boolean held) {}

    private Platt() {}

    /** The constant, then a factor for each figure. */
    static double[] fit(List<Example> examples) {
        int width = examples.getFirst().figures().size() + 1;
        double[] weights = new double[width];
        long held = examples.stream().filter(Example::held).count();
        double high = (held + 1.0) / (held + 2.0);
        double low = 1 / (examples.size() - held + 2.0);
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = new double[width];
            double[][] curvature = new double[width][width];
            for (int i = 1; i < width; i++) {
                gradient[i] = -PRIOR * weights[i];
                curvature[i][i] = PRIOR;
            }
            for (Example each : examples) {
                double said = probability(weights, each.figures());
                for (int i = 0; i < width; i++) {
                    gradient[i] += ((each.held() ? high : low) - said) * figure(each.figures(), i);
                    for (int j = 0; j < width; j++)
                        curvature[i][j] += said * (1 - said) * figure(each.figures(), i) * figure(each.figures(), j);
                }
            }
            double[] change = solve(curvature, gradient);
            double now = likelihood(weights, examples, high, low);
            double[] next = moved(weights, change, 1);
            // Far from the summit a whole step may lead beyond it.
            for (double share = 0.5; share > 1e-6 && likelihood(next, examples, high, low) < now; share /= 2)
                next = moved(weights, change, share);
            weights = next;
            if (Arrays.stream(change).map(Math::abs).max().orElse(0) < 1e-9) break;
        }
        return weights;
    }

    private static double[] moved(double[] weights, double[] change, double share) {
        double[] moved = weights.clone();
        for (int i = 0; i < moved.length; i++) moved[i] += share * change[i];
        return moved;
    }

    /** Its logarithm, with the prior. */
    private static double likelihood(double[] weights, List<Example> examples, double high, double low) {
        double sum = 0;
        for (int i = 1; i < weights.length; i++) sum -= PRIOR / 2 * weights[i] * weights[i];
        for (Example each : examples) {
            double said = Math.clamp(probability(weights, each.figures()), 1e-300, 1 - 1e-15);
            double target = each.held() ? high : low;
            sum += target * Math.log(said) + (1 - target) * Math.log(1 - said);
        }
        return sum;
    }

    static double probability(double[] weights, List<Double> figures) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) sum += weights[i] * figure(figures, i);
        return 1 / (1 + Math.exp(-sum));
    }

    private static double figure(List<Double> figures, int index) {
        return index == 0 ? 1 : figures.get(index - 1);
    }

    /** By elimination with pivots; a column that says nothing gets nothing. */
    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
                if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
            double[] swapped = matrix[column];
            matrix[column] = matrix[pivot];
            matrix[pivot] = swapped;
            double value = right[column];
            right[column] = right[pivot];
            right[pivot] = value;
            if (Math.abs(matrix[column][column]) < 1e-12) continue;
            for (int row = column + 1; row < n; row++) {
                double factor = matrix[row][column] / matrix[column][column];
                for (int i = column; i < n; i++) matrix[row][i] -= factor * matrix[column][i];
                right[row] -= factor * right[column];
            }
        }
        double[] solution = new double[n];
        for (int row = n - 1; row >= 0; row--) {
            double sum = right[row];
            for (int i = row + 1; i < n; i++) sum -= matrix[row][i] * solution[i];
            solution[row] = Math.abs(matrix[row][row]) < 1e-12 ? 0 : sum / matrix[row][row];
        }
        return solution;
    }
}
