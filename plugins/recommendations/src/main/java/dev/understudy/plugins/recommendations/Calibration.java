package dev.understudy.plugins.recommendations;

/**
 * What a verdict is worth by experience: a small chance of an accident is not yet a great chance of holding, since real series
 * drift, come back and have moods. A logistic curve leads from the evidence to the share of verdicts with as much that held
 * (Platt, "Probabilistic Outputs for Support Vector Machines", 1999), learnt on recorded series; {@code understudy bench degradation}
 * fits it without the series that it is checked on, prints it, and shows in classes what was said and what held.
 */
public final class Calibration {
    /** The figure of a verdict under which its share stands. */
    public static final String FIGURE = "held_by_experience";

    /** More digits than these of a chance come of a formula, not of the world. */
    private static final double MOST_DIGITS = 12;

    private Calibration() {}

    /** What speaks for an anomaly: how surprising it is, and how much had been seen by then. */
    public static double[] ofAnomaly(double surprise, long seen) {
        return new double[] {Math.log(surprise), Math.log(Math.min(1, seen / (double) StreamingAnomalies.MEMORY))};
    }

    /** What speaks for a degradation: in how many digits it is no accident. */
    public static double[] ofDegradation(double probability) {
        return new double[] {Math.log1p(Math.min(MOST_DIGITS, -Math.log10(1 - probability)))};
    }

    /** An anomaly holds if people have marked the time as one at which something was wrong. */
    static double anomaly(double surprise, long seen) {
        return share(ofAnomaly(surprise, seen), 0.515, 0.272, 0.905);
    }

    /** A trend holds if the next twenty values are still nearer to the worse level than to the better. */
    static double trend(double probability) {
        return share(ofDegradation(probability), -0.413, 0.621);
    }

    /** Likewise a change of level. */
    static double changePoint(double probability) {
        return share(ofDegradation(probability), -0.598, 0.816);
    }

    /** Likewise a rise over the last few values. */
    static double threshold(double probability) {
        return share(ofDegradation(probability), -0.338, 0.936);
    }

    private static double share(double[] evidence, double... weights) {
        double sum = weights[0];
        for (int i = 0; i < evidence.length; i++) sum += weights[i + 1] * evidence[i];
        return 1 / (1 + Math.exp(-sum));
    }
}
