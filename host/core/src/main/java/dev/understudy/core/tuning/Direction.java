package dev.understudy.core.tuning;

/** Which figures are better. */
public enum Direction {
    /** Less is better, as with times. */
    MINIMIZE(1),
    /** More is better, as with rates. */
    MAXIMIZE(-1);

    private final int sign;

    Direction(int sign) {
        this.sign = sign;
    }

    /** The figure as one of which less is better, and back. */
    double cost(double value) {
        return sign * value;
    }

    /** Whether one figure is better than another. */
    public boolean isBetter(double value, double than) {
        return cost(value) < cost(than);
    }
}
