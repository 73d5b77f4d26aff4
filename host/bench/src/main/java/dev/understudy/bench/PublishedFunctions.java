package dev.understudy.bench;

import dev.understudy.spi.optimization.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The six functions on which strategies are compared with their peers. Formulas and optima are those of Surjanovic and
 * Bingham, "Virtual library of simulation experiments"; the constants of no strategy were decided on them.
 */
final class PublishedFunctions {
    private static final long ACKLEY_SHIFT_SEED = 20261;
    private static final long MIXED_PENALTY_SEED = 20262;
    private static final int INTEGER_STEPS = 20;

    private static final double[][] HARTMANN6_A = {
        {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}
    };
    private static final double[][] HARTMANN6_P = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
    };
    static final double[] HARTMANN_ALPHA = {1, 1.2, 3, 3.2};
    private static final double[] HARTMANN6_OPTIMUM = {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};

    private PublishedFunctions() {}

    static List<Problem> all() {
        return List.of(
                Problem.real("branin", 2, 0, 1, PublishedFunctions::branin, 0.397887, 1.0),
                Problem.real("hartmann6", 6, 0, 1, PublishedFunctions::hartmann6, -3.32237, 0.1),
                Problem.real("rosenbrock6", 6, -2.048, 2.048, PublishedFunctions::rosenbrock, 0, 5),
                Problem.real("levy8", 8, -10, 10, PublishedFunctions::levy, 0, 1),
                mixed8(),
                ackley10());
    }

    /** Branin's function with its usual domain brought to the unit square. */
    private static double branin(double[] x) {
        double a = 15 * x[0] - 5;
        double b = 15 * x[1];
        double bend = b - 5.1 / (4 * Math.PI * Math.PI) * a * a + 5 / Math.PI * a - 6;
        return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
    }

    private static double hartmann6(double[] x) {
        return hartmann(x, HARTMANN6_A, HARTMANN6_P);
    }

    static double hartmann(double[] x, double[][] a, double[][] p) {
        double sum = 0;
        for (int i = 0; i < HARTMANN_ALPHA.length; i++) {
            double exponent = 0;
            for (int j = 0; j < x.length; j++) exponent += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
            sum += HARTMANN_ALPHA[i] * Math.exp(-exponent);
        }
        return -sum;
    }

    private static double rosenbrock(double[] x) {
        double sum = 0;
        for (int i = 0; i + 1 < x.length; i++) {
            double valley = x[i + 1] - x[i] * x[i];
            sum += 100 * valley * valley + (1 - x[i]) * (1 - x[i]);
        }
        return sum;
    }

    private static double levy(double[] x) {
        double[] w = Arrays.stream(x).map(each -> 1 + (each - 1) / 4).toArray();
        int last = w.length - 1;
        double sum = Math.pow(Math.sin(Math.PI * w[0]), 2);
        for (int i = 0; i < last; i++)
            sum += (w[i] - 1) * (w[i] - 1) * (1 + 10 * Math.pow(Math.sin(Math.PI * w[i] + 1), 2));
        return sum + (w[last] - 1) * (w[last] - 1) * (1 + Math.pow(Math.sin(2 * Math.PI * w[last]), 2));
    }

    /**
     * Hartmann6 with its last two numbers on a grid of 21, plus a penalty for each pair of a 5-way and a 3-way choice: 0 for
     * one pair, drawn evenly from 0.2 to 1.5 for each of the others, so neither choice is good by itself.
     */
    private static Problem mixed8() {
        var random = new Random(MIXED_PENALTY_SEED);
        double[][] penalties = new double[5][3];
        for (double[] row : penalties) for (int j = 0; j < row.length; j++) row[j] = 0.2 + 1.3 * random.nextDouble();
        penalties[random.nextInt(5)][random.nextInt(3)] = 0;
        SearchSpace space = SearchSpace.builder()
                .real("x0", 0, 1)
                .real("x1", 0, 1)
                .real("x2", 0, 1)
                .real("x3", 0, 1)
                .integer("n0", 0, INTEGER_STEPS)
                .integer("n1", 0, INTEGER_STEPS)
                .categorical("a", "a0", "a1", "a2", "a3", "a4")
                .categorical("b", "b0", "b1", "b2")
                .build();
        return new Problem(
                "mixed8",
                space,
                values -> {
                    double[] x = Arrays.copyOf(Problem.reals(values), 6);
                    x[4] = Problem.integer(values, "n0") / (double) INTEGER_STEPS;
                    x[5] = Problem.integer(values, "n1") / (double) INTEGER_STEPS;
                    return hartmann6(x) + penalties[Problem.choice(values, "a")][Problem.choice(values, "b")];
                },
                lowestOnGrid(),
                0.1);
    }

    /** The lowest value of Hartmann6 with its last two numbers on the grid, by coordinate search from its optimum. */
    private static double lowestOnGrid() {
        double lowest = Double.POSITIVE_INFINITY;
        for (int n0 = 5; n0 <= 8; n0++) {
            for (int n1 = 12; n1 <= 14; n1++) {
                double[] x = HARTMANN6_OPTIMUM.clone();
                x[4] = n0 / (double) INTEGER_STEPS;
                x[5] = n1 / (double) INTEGER_STEPS;
                for (double step = 0.01; step > 1e-7; step /= 2) {
                    boolean moved = true;
                    while (moved) {
                        moved = false;
                        for (int i = 0; i < 8; i++) {
                            double before = hartmann6(x);
                            double change = i % 2 == 0 ? step : -step;
                            x[i / 2] += change;
                            if (hartmann6(x) < before) moved = true;
                            else x[i / 2] -= change;
                        }
                    }
                }
                lowest = Math.min(lowest, hartmann6(x));
            }
        }
        return lowest;
    }

    /**
     * Ackley's function with its optimum drawn evenly from the inner half of the domain. Where the published figures had it is
     * not known; with this one random search comes out at its published figures (20.1 and 19.8).
     */
    private static Problem ackley10() {
        var random = new Random(ACKLEY_SHIFT_SEED);
        double[] shift = new double[10];
        for (int i = 0; i < shift.length; i++) shift[i] = 0.5 * 32.8 * (2 * random.nextDouble() - 1);
        return Problem.real(
                "ackley10",
                10,
                -32.8,
                32.8,
                x -> {
                    double squares = 0;
                    double waves = 0;
                    for (int i = 0; i < x.length; i++) {
                        double away = x[i] - shift[i];
                        squares += away * away;
                        waves += Math.cos(2 * Math.PI * away);
                    }
                    return -20 * Math.exp(-0.2 * Math.sqrt(squares / x.length))
                            - Math.exp(waves / x.length)
                            + 20
                            + Math.E;
                },
                0,
                0.5);
    }
}
