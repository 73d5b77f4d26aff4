package dev.understudy.core.statistics;

import org.hipparchus.distribution.discrete.HypergeometricDistribution;

/**
 * Fisher's exact test of two success rates (R. A. Fisher, "The Design of Experiments", 1935, chapter II): exact at any
 * number of runs, and on the careful side.
 */
final class FisherTest {
    /** As R's fisher.test: tables that differ from the observed one by rounding only count as equally likely. */
    private static final double SAME = 1 + 1e-7;

    private FisherTest() {}

    /** The chance, if both rates are equal, of a table at most as likely as this one. */
    static double twoSided(int succeededA, int totalA, int succeededB, int totalB) {
        if (totalA == 0 || totalB == 0) return 1;
        var tables = new HypergeometricDistribution(totalA + totalB, succeededA + succeededB, totalA);
        double observed = tables.probability(succeededA) * SAME;
        double sum = 0;
        for (int x = tables.getSupportLowerBound(); x <= tables.getSupportUpperBound(); x++) {
            double probability = tables.probability(x);
            if (probability <= observed) sum += probability;
        }
        return Math.min(1, sum);
    }

    /** The chance that of {@code marked} among {@code total} at least {@code found} are among {@code drawn} of them. */
    static double atLeast(int found, int drawn, int marked, int total) {
        if (found <= 0) return 1;
        return new HypergeometricDistribution(total, marked, drawn).upperCumulativeProbability(found);
    }
}
