package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A steady-state genetic search over what was measured: each child comes from parents among the best, the better the
 * likelier, and the mutation's step follows the share of children that do well (Rechenberg, "Evolutionsstrategie", 1973: the
 * one-fifth rule). Used by one thread.
 */
final class Breeding {
    /** How many of the best are parents. */
    private static final int POPULATION = 6;

    private static final double FIRST_STEP = 0.2;
    private static final double SMALLEST_STEP = 0.003;
    private static final double LARGEST_STEP = 0.3;
    private static final double SUCCESS_SHARE = 0.2;
    private static final double STEP_RATE = 0.25;
    private static final double BLEND = 0.3;
    /** The share of children whose every column comes from a parent of its own. */
    private static final double POOL_SHARE = 0.5;

    private final Encoding encoding;
    private final RandomGenerator random;
    private final Variation variation;
    private double step = FIRST_STEP;

    Breeding(Encoding encoding, RandomGenerator random) {
        this.encoding = encoding;
        this.random = random;
        variation = new Variation(encoding, random);
    }

    /** Learns how a child came out, given all points with the best first. */
    void learn(Point child, List<Point> ranked) {
        int rank = ranked.indexOf(child);
        boolean isSuccess = rank >= 0 && rank < Math.max(1, Math.min(POPULATION, ranked.size()) / 4);
        step = Math.clamp(
                step * Math.exp(STEP_RATE * ((isSuccess ? 1 : 0) - SUCCESS_SHARE)), SMALLEST_STEP, LARGEST_STEP);
    }

    /** Returns a child of some of the best points, of which there is at least one; the constraints may forbid it. */
    double[] child(List<Point> ranked) {
        int size = Math.min(POPULATION, ranked.size());
        double[] child = random.nextDouble() < POOL_SHARE
                ? pooled(ranked, size)
                : variation.cross(
                        ranked.get(pick(size)).row(), ranked.get(pick(size)).row(), BLEND);
        return variation.mutate(child, 1.0 / encoding.columns(), step);
    }

    /** Gene pool recombination (Mühlenbein and Voigt, 1996), by which the luck of one noisy measurement spreads less. */
    private double[] pooled(List<Point> ranked, int size) {
        double[] child = new double[encoding.columns()];
        for (int i = 0; i < child.length; i++) child[i] = ranked.get(pick(size)).row()[i];
        return encoding.canonical(child);
    }

    /** A tournament of two. */
    private int pick(int size) {
        return Math.min(random.nextInt(size), random.nextInt(size));
    }
}
