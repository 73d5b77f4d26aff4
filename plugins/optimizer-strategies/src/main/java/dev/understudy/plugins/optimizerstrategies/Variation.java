package dev.understudy.plugins.optimizerstrategies;

import java.util.random.RandomGenerator;

/** How a genetic search makes a new row from known ones. Used by one thread. */
final class Variation {
    private final Encoding encoding;
    private final RandomGenerator random;

    Variation(Encoding encoding, RandomGenerator random) {
        this.encoding = encoding;
        this.random = random;
    }

    /**
     * Takes each numeric column from a little outside the interval between two parents (Eshelman and Schaffer, "Real-coded
     * genetic algorithms and interval-schemata", 1993: BLX-alpha) and each nominal one from either.
     */
    double[] cross(double[] one, double[] other, double alpha) {
        double[] child = new double[one.length];
        for (int i = 0; i < child.length; i++) {
            if (encoding.isNominal(i)) child[i] = random.nextBoolean() ? one[i] : other[i];
            else child[i] = reflect(one[i] + (random.nextDouble() * (1 + 2 * alpha) - alpha) * (other[i] - one[i]));
        }
        return encoding.canonical(child);
    }

    /**
     * Changes some columns, at least one: a numeric one by a normal step, at least to its next level; a nominal one to
     * another choice.
     *
     * @param share the share of columns to change
     * @param deviation of a numeric step, in widths of the range
     */
    double[] mutate(double[] parent, double share, double deviation) {
        double[] child = parent.clone();
        int sure = random.nextInt(child.length);
        for (int i = 0; i < child.length; i++) if (i == sure || random.nextDouble() < share) step(child, i, deviation);
        return encoding.canonical(child);
    }

    private void step(double[] child, int column, double deviation) {
        int levels = encoding.levels(column);
        if (encoding.isNominal(column)) {
            child[column] = ((int) child[column] + 1 + random.nextInt(levels - 1)) % levels;
            return;
        }
        double step = deviation * random.nextGaussian();
        if (levels > 0 && Math.abs(step) < 1.0 / levels) step = Math.copySign(1.0 / levels, step);
        child[column] = reflect(child[column] + step);
    }

    private static double reflect(double value) {
        double inside = Math.abs(value) % 2;
        return inside > 1 ? 2 - inside : inside;
    }
}
