package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Executions with the same aim, one below the other: each column is a step, which holds one kind or a choice of several,
 * and which some executions leave out. Built by aligning one after the other, the commonest first (progressive alignment:
 * Needleman and Wunsch, "A General Method Applicable to the Search for Similarities", JMB 48(3), 1970).
 */
final class StepTable {
    private static final double SAME = 2;
    private static final double INSTEAD = -0.7;
    private static final double LEFT_OUT = -0.5;

    /** By column, how many executions have which kind there. */
    private final List<int[]> columns = new ArrayList<>();

    private final int kinds;

    StepTable(int kinds) {
        this.kinds = kinds;
    }

    int size() {
        return columns.size();
    }

    /** How many executions have a kind in a column. */
    int count(int column, int kind) {
        return columns.get(column)[kind];
    }

    /** How many executions have anything in a column. */
    int count(int column) {
        return Arrays.stream(columns.get(column)).sum();
    }

    /** The longest part that two sequences of kinds have in common, in this order. */
    static int common(int[] one, int[] other) {
        int[] row = new int[other.length + 1];
        for (int kind : one) {
            int diagonal = 0;
            for (int at = 1; at <= other.length; at++) {
                int above = row[at];
                row[at] = kind == other[at - 1] ? diagonal + 1 : Math.max(above, row[at - 1]);
                diagonal = above;
            }
        }
        return row[other.length];
    }

    /** Takes so many executions of the same steps; new columns are made where they fit in none. */
    void add(int[] steps, int times) {
        int[] at = align(steps, true);
        int inserted = 0;
        int last = -1;
        for (int step = 0; step < steps.length; step++) {
            int column = at[step] < 0 ? last + 1 : at[step] + inserted;
            if (at[step] < 0) {
                columns.add(column, new int[kinds]);
                inserted++;
            }
            columns.get(column)[steps[step]] += times;
            last = column;
        }
    }

    /** By step, its column; -1 if it fits in none. */
    int[] place(int[] steps) {
        return align(steps, false);
    }

    private int[] align(int[] steps, boolean choice) {
        int width = columns.size();
        double[][] best = new double[steps.length + 1][width + 1];
        for (int step = 1; step <= steps.length; step++) best[step][0] = step * LEFT_OUT;
        for (int column = 1; column <= width; column++) best[0][column] = column * LEFT_OUT;
        for (int step = 1; step <= steps.length; step++)
            for (int column = 1; column <= width; column++)
                best[step][column] = Math.max(
                        best[step - 1][column - 1] + fit(column - 1, steps[step - 1], choice),
                        Math.max(best[step - 1][column] + LEFT_OUT, best[step][column - 1] + LEFT_OUT));
        int[] at = new int[steps.length];
        Arrays.fill(at, -1);
        int step = steps.length;
        int column = width;
        while (step > 0 && column > 0) {
            if (best[step][column] == best[step - 1][column - 1] + fit(column - 1, steps[step - 1], choice)) {
                at[--step] = --column;
            } else if (best[step][column] == best[step - 1][column] + LEFT_OUT) step--;
            else column--;
        }
        return at;
    }

    private double fit(int column, int kind, boolean choice) {
        int[] counts = columns.get(column);
        if (counts[kind] > 0) return SAME + 0.01 * counts[kind] / Math.max(1, count(column));
        return choice ? INSTEAD : Double.NEGATIVE_INFINITY;
    }
}
