package dev.understudy.plugins.optimizerstrategies;

/**
 * The Matérn kernel of smoothness 5/2 with a length scale for each column (Rasmussen and Williams, "Gaussian Processes for
 * Machine Learning", 2006, equation 4.17). Two choices of a nominal column are at distance 1 if they differ, so its length
 * scale says how much the choice matters: a Euclidean distance of one-hot vectors, hence positive definite. Immutable.
 */
final class Kernel {
    private static final double ROOT_FIVE = Math.sqrt(5);

    private final Encoding encoding;
    private final double[] inverseSquares;
    private final double signal;

    /**
     * @param logLengths logarithms of the columns' length scales; what follows them is not looked at
     * @param signal the variance at distance 0
     */
    Kernel(Encoding encoding, double[] logLengths, double signal) {
        this.encoding = encoding;
        this.signal = signal;
        inverseSquares = new double[encoding.columns()];
        for (int i = 0; i < inverseSquares.length; i++) inverseSquares[i] = Math.exp(-2 * logLengths[i]);
    }

    double signal() {
        return signal;
    }

    /** One over the square of a column's length scale. */
    double inverseSquare(int column) {
        return inverseSquares[column];
    }

    /** The scaled distance from squared differences that lie one after the other. */
    double distance(double[] squares, int start) {
        double square = 0;
        for (int i = 0; i < inverseSquares.length; i++) square += squares[start + i] * inverseSquares[i];
        return ROOT_FIVE * Math.sqrt(square);
    }

    private double distance(double[] one, double[] other) {
        double square = 0;
        for (int i = 0; i < inverseSquares.length; i++) square += encoding.square(i, one, other) * inverseSquares[i];
        return ROOT_FIVE * Math.sqrt(square);
    }

    double at(double[] one, double[] other) {
        return covariance(distance(one, other), signal);
    }

    /** Like {@link #at(double[], double[])}, and leaves the slope in the first place of an array. */
    double at(double[] one, double[] other, double[] slopes, int place) {
        double distance = distance(one, other);
        double decayed = signal * Math.exp(-distance);
        slopes[place] = slope(distance, decayed);
        return decayed * (1 + distance + distance * distance / 3);
    }

    static double covariance(double distance, double signal) {
        return signal * Math.exp(-distance) * (1 + distance + distance * distance / 3);
    }

    /** Minus twice the derivative of the covariance by the squared scaled distance. */
    static double slope(double distance, double decayed) {
        return decayed * (1 + distance) * 5 / 3;
    }

    /** The derivative of a covariance by a number of the first row, given its slope; 0 for a nominal column. */
    double byColumn(int column, double[] row, double[] other, double slope) {
        if (encoding.isNominal(column)) return 0;
        return -slope * (row[column] - other[column]) * inverseSquares[column];
    }
}
