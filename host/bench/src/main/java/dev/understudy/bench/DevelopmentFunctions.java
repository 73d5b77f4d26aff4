package dev.understudy.bench;

import dev.understudy.spi.optimization.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * The functions on which the strategies' constants were decided: others than {@link PublishedFunctions}, shifted and rotated
 * by a seed. Formulas are those of Surjanovic and Bingham, "Virtual library of simulation experiments".
 */
final class DevelopmentFunctions {
    private static final double[][] HARTMANN3_A = {{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}};
    private static final double[][] HARTMANN3_P = {
        {0.3689, 0.1170, 0.2673}, {0.4699, 0.4387, 0.7470}, {0.1091, 0.8732, 0.5547}, {0.0381, 0.5743, 0.8828}
    };
    private static final double STYBLINSKI_MINIMUM = -39.16616570377142;

    private DevelopmentFunctions() {}

    static List<Problem> all(long seed) {
        var random = new Random(seed * 7919 + 1);
        List<Problem> problems = new ArrayList<>();
        problems.add(Problem.real(
                "hartmann3", 3, 0, 1, x -> PublishedFunctions.hartmann(x, HARTMANN3_A, HARTMANN3_P), -3.86278, 0.1));
        problems.add(
                shifted("styblinski5", 5, 5, 0.3, DevelopmentFunctions::styblinski, 5 * STYBLINSKI_MINIMUM, 5, random));
        problems.add(rotated(
                "ellipsoid8",
                8,
                5,
                0.5,
                x -> {
                    double sum = 0;
                    for (int i = 0; i < x.length; i++) sum += Math.pow(100, i / (x.length - 1.0)) * x[i] * x[i];
                    return sum;
                },
                20,
                random));
        problems.add(shifted(
                "zakharov4",
                4,
                8,
                0.3,
                x -> {
                    double squares = 0;
                    double weighted = 0;
                    for (int i = 0; i < x.length; i++) {
                        squares += x[i] * x[i];
                        weighted += 0.5 * (i + 1) * x[i];
                    }
                    return squares + weighted * weighted + Math.pow(weighted, 4);
                },
                0,
                5,
                random));
        problems.add(Problem.real(
                "dixonprice6",
                6,
                -10,
                10,
                x -> {
                    double sum = (x[0] - 1) * (x[0] - 1);
                    for (int i = 1; i < x.length; i++) sum += (i + 1) * Math.pow(2 * x[i] * x[i] - x[i - 1], 2);
                    return sum;
                },
                0,
                100));
        problems.add(Problem.real(
                "michalewicz5",
                5,
                0,
                Math.PI,
                x -> {
                    double sum = 0;
                    for (int i = 0; i < x.length; i++)
                        sum -= Math.sin(x[i]) * Math.pow(Math.sin((i + 1) * x[i] * x[i] / Math.PI), 20);
                    return sum;
                },
                -4.687658,
                0.1));
        problems.add(rotated(
                "griewank6",
                6,
                60,
                0.5,
                x -> {
                    double sum = 0;
                    double product = 1;
                    for (int i = 0; i < x.length; i++) {
                        sum += x[i] * x[i] / 400;
                        product *= Math.cos(x[i] / Math.sqrt(i + 1));
                    }
                    return sum - product + 1;
                },
                0.5,
                random));
        problems.add(rotated(
                "well10",
                10,
                1.5,
                0.5,
                x -> {
                    double squares = Arrays.stream(x).map(each -> each * each).sum();
                    double ripple = Arrays.stream(x)
                            .map(each -> Math.cos(20 * each))
                            .average()
                            .orElse(0);
                    return 10 * (1 - Math.exp(-0.9 * Math.sqrt(squares))) + 0.3 * (1 - ripple);
                },
                0.5,
                random));
        problems.add(mixedStyblinski(random));
        problems.add(mixedBowl(random));
        return problems;
    }

    private static double styblinski(double[] x) {
        return Arrays.stream(x)
                .map(each -> 0.5 * (Math.pow(each, 4) - 16 * each * each + 5 * each))
                .sum();
    }

    private static double[] shift(int dimensions, double halfWidth, Random random) {
        return random.doubles(dimensions, -halfWidth, halfWidth).toArray();
    }

    private static Problem shifted(
            String name,
            int dimensions,
            double halfWidth,
            double share,
            ToDoubleFunction<double[]> function,
            double minimum,
            double noise,
            Random random) {
        double[] shift = shift(dimensions, share * halfWidth * 0.5, random);
        return Problem.real(
                name,
                dimensions,
                -halfWidth,
                halfWidth,
                x -> {
                    double[] moved = new double[x.length];
                    for (int i = 0; i < x.length; i++) moved[i] = x[i] - shift[i];
                    return function.applyAsDouble(moved);
                },
                minimum,
                noise);
    }

    /** A function whose optimum is at the origin and 0, moved and turned. */
    private static Problem rotated(
            String name,
            int dimensions,
            double halfWidth,
            double share,
            ToDoubleFunction<double[]> function,
            double noise,
            Random random) {
        double[] shift = shift(dimensions, share * halfWidth, random);
        double[][] rotation = rotation(dimensions, random);
        return Problem.real(
                name,
                dimensions,
                -halfWidth,
                halfWidth,
                x -> {
                    double[] turned = new double[x.length];
                    for (int i = 0; i < x.length; i++)
                        for (int j = 0; j < x.length; j++) turned[i] += rotation[i][j] * (x[j] - shift[j]);
                    return function.applyAsDouble(turned);
                },
                0,
                noise);
    }

    /** Orthonormal rows: drawn normal vectors, made orthogonal one after the other. */
    private static double[][] rotation(int dimensions, Random random) {
        double[][] rows = new double[dimensions][dimensions];
        for (int i = 0; i < dimensions; i++) {
            for (int j = 0; j < dimensions; j++) rows[i][j] = random.nextGaussian();
            for (int k = 0; k <= i; k++) {
                double product = 0;
                for (int j = 0; j < dimensions; j++) product += rows[i][j] * rows[k][j];
                for (int j = 0; j < dimensions; j++)
                    rows[i][j] = k < i ? rows[i][j] - product * rows[k][j] : rows[i][j] / Math.sqrt(product);
            }
        }
        return rows;
    }

    /** Styblinski-Tang over three reals and two integers, plus a penalty for each pair of a 4-way choice and a switch. */
    private static Problem mixedStyblinski(Random random) {
        double[] penalties = random.doubles(8, 10, 60).toArray();
        penalties[random.nextInt(8)] = 0;
        double[] shift = shift(3, 1.5, random);
        SearchSpace space = SearchSpace.builder()
                .real("x0", -5, 5)
                .real("x1", -5, 5)
                .real("x2", -5, 5)
                .integer("n0", -5, 5)
                .integer("n1", -5, 5)
                .categorical("a", "a0", "a1", "a2", "a3")
                .flag("on")
                .build();
        double lowestOfInteger = styblinski(new double[] {-3});
        return new Problem(
                "mixedstyblinski7",
                space,
                values -> {
                    double[] x = Arrays.copyOf(Problem.reals(values), 5);
                    for (int i = 0; i < 3; i++) x[i] -= shift[i];
                    x[3] = Problem.integer(values, "n0");
                    x[4] = Problem.integer(values, "n1");
                    int pair = Problem.choice(values, "a") * 2 + (Boolean.TRUE.equals(values.get("on")) ? 1 : 0);
                    return styblinski(x) + penalties[pair];
                },
                3 * STYBLINSKI_MINIMUM + 2 * lowestOfInteger,
                5);
    }

    /**
     * What tuning a program is like: logarithmic integers, one with 0 for automatic, a method that brings a parameter of its
     * own, a switch, and levels. Bowls on logarithmic scales, each worth the same.
     */
    private static Problem mixedBowl(Random random) {
        double workers = Math.pow(2, 1 + 5 * random.nextDouble());
        double buffer = Math.pow(10, 1 + 3 * random.nextDouble());
        double ratio = random.nextDouble();
        int level = random.nextInt(5);
        SearchSpace space = SearchSpace.builder()
                .logInteger("workers", 1, 128, 0L)
                .logReal("buffer", 1, 1e5)
                .categorical("method", "m0", "m1", "m2")
                .real("delay", 0, 1)
                .onlyIf("method", "m1", "m2")
                .real("ratio", 0, 1)
                .flag("compress")
                .ordinal("level", "l0", "l1", "l2", "l3", "l4")
                .build();
        return new Problem(
                "mixedprogram7",
                space,
                values -> {
                    long threads = Problem.integer(values, "workers");
                    double cost = threads == 0 ? 1.0 : Math.pow(Math.log(threads / Math.max(1, Math.rint(workers))), 2);
                    double bytes = values.get("buffer") instanceof Double number ? number : 1;
                    cost += 0.1 * Math.pow(Math.log(bytes / buffer), 2);
                    int method = Problem.choice(values, "method");
                    cost += switch (method) {
                        case 0 -> 1.0;
                        case 1 -> 0.5;
                        default -> 0;
                    };
                    if (values.get("delay") instanceof Double delay)
                        cost += 8 * Math.pow(delay - (method == 1 ? 0.2 : 0.8), 2);
                    double share = values.get("ratio") instanceof Double number ? number : 0;
                    boolean compress = Boolean.TRUE.equals(values.get("compress"));
                    cost += 4 * Math.pow(share - (compress ? ratio : 1 - ratio), 2) + (compress ? 0 : 0.4);
                    cost += 0.3 * Math.abs(Problem.choice(values, "level") - level);
                    return cost;
                },
                0,
                0.2);
    }
}
