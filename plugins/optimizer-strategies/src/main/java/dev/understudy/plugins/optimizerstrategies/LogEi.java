package dev.understudy.plugins.optimizerstrategies;

import org.hipparchus.special.Erf;

/**
 * The logarithm of the expected improvement and what its gradient is made of, without loss of figures far from the
 * incumbent: Ament, Daulton, Eriksson, Balandat and Bakshy, "Unexpected improvements to expected improvement for Bayesian
 * optimization", NeurIPS 2023, equation 9.
 */
final class LogEi {
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
    private static final double ROOT_TWO = Math.sqrt(2);
    private static final double ROOT_HALF_PI = Math.sqrt(Math.PI / 2);
    /** Below it, one minus a number this near to one has no figures left, and its series takes over. */
    private static final double FAR = -1e4;

    private LogEi() {}

    /** Returns the logarithm of the expected improvement of a normal outcome on an incumbent; lower outcomes are better. */
    static double value(double mean, double deviation, double incumbent) {
        return Math.log(deviation) + logH((incumbent - mean) / deviation);
    }

    /** The logarithm of h(z) = phi(z) + z Phi(z). */
    static double logH(double z) {
        if (z > -1) return Math.log(density(z) + z * distribution(z));
        // h(z) = phi(z) (1 - |z| m(|z|)) with Mills' ratio m.
        double product = -z * mills(-z);
        double rest = z < FAR ? 1 / (z * z) : 1 - product;
        return -0.5 * z * z - LOG_ROOT_TWO_PI + Math.log(rest);
    }

    /** Returns Phi(z) / h(z): minus the derivative by the mean, times the deviation. */
    static double byMean(double z) {
        if (z > -1) return distribution(z) / (density(z) + z * distribution(z));
        double product = -z * mills(-z);
        double rest = z < FAR ? 1 / (z * z) : 1 - product;
        return mills(-z) / rest;
    }

    /** Returns phi(z) / h(z): the derivative by the deviation, times the deviation. */
    static double byDeviation(double z) {
        if (z > -1) return density(z) / (density(z) + z * distribution(z));
        double rest = z < FAR ? 1 / (z * z) : 1 + z * mills(-z);
        return 1 / rest;
    }

    static double density(double z) {
        return Math.exp(-0.5 * z * z - LOG_ROOT_TWO_PI);
    }

    static double distribution(double z) {
        return 0.5 * Erf.erfc(-z / ROOT_TWO);
    }

    /** Mills' ratio (1 - Phi(x)) / phi(x) for x of at least 1. */
    static double mills(double x) {
        if (x < 3) return ROOT_HALF_PI * Math.exp(0.5 * x * x) * Erf.erfc(x / ROOT_TWO);
        // Laplace's continued fraction (Abramowitz and Stegun, 26.2.14), from its end.
        double fraction = x;
        for (int i = 60; i >= 1; i--) fraction = x + i / fraction;
        return 1 / fraction;
    }
}
