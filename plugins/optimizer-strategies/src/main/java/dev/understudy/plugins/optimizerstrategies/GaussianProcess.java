package dev.understudy.plugins.optimizerstrategies;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Gaussian process regression with a fitted constant mean, a Matérn 5/2 kernel with automatic relevance determination and
 * noise, its parameters at their most probable (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
 * algorithm 2.1 and section 5.4.1).
 *
 * <p>Length scales have the prior of Hvarfner, Hellsten and Nardi, "Vanilla Bayesian optimization performs great in high
 * dimensions", ICML 2024, which grows with the number of columns. Repeated measurements enter the noise's likelihood by
 * their sum of squares, which is chi-squared. Immutable.
 */
final class GaussianProcess {
    private static final double JITTER = 1e-8;
    private static final double MEAN_VARIANCE = 1;
    private static final double LOG_LENGTH_DEVIATION = Math.sqrt(3);
    private static final double LOG_SIGNAL_DEVIATION = 1;
    private static final double LOG_NOISE_MEAN = Math.log(1e-4);
    private static final double LOG_NOISE_DEVIATION = 3;

    private final Encoding encoding;
    private final Data data;
    private final double[] parameters;
    private final Kernel kernel;
    private final double noise;
    private final Covariance covariance;
    private final double[] inverseFactor;
    private final double[] weights;
    private final double mean;

    /**
     * Where the variance of one measurement's noise may lie.
     *
     * @param low lowest noise variance
     * @param high highest noise variance
     */
    record NoiseBounds(double low, double high) {
        static final NoiseBounds FREE = new NoiseBounds(1e-7, 3);
    }

    private GaussianProcess(Encoding encoding, Data data, double[] parameters, Solution solution) {
        this.encoding = encoding;
        this.data = data;
        this.parameters = parameters;
        kernel = kernel(encoding, parameters);
        noise = Math.exp(parameters[parameters.length - 1]);
        covariance = solution.covariance;
        weights = solution.weights;
        mean = solution.mean;
        inverseFactor = covariance.inverseFactor();
    }

    /** Where a fit starts that knows nothing: the priors' modes. */
    static double[] priorMode(Encoding encoding) {
        double[] parameters = new double[encoding.columns() + 2];
        Arrays.fill(parameters, 0, encoding.columns(), logLengthMean(encoding));
        parameters[encoding.columns()] = 0;
        parameters[encoding.columns() + 1] = LOG_NOISE_MEAN;
        return parameters;
    }

    // Rows have a unit cube's diameter, so scales grow with its root.
    private static double logLengthMean(Encoding encoding) {
        return Math.sqrt(2) + 0.5 * Math.log(encoding.columns());
    }

    /** A fit and how probable it is. */
    record Fit(GaussianProcess process, double logPosterior) {}

    /** Fits a process, or returns null if its covariance has no decomposition anywhere near the start. */
    static @Nullable Fit fit(
            Encoding encoding, Data data, double[] start, NoiseBounds noiseBounds, int maxEvaluations) {
        int columns = encoding.columns();
        double[] low = new double[columns + 2];
        double[] high = new double[columns + 2];
        Arrays.fill(low, 0, columns, Math.log(0.01));
        Arrays.fill(high, 0, columns, Math.log(100));
        low[columns] = Math.log(0.01);
        high[columns] = Math.log(100);
        low[columns + 1] = Math.log(noiseBounds.low());
        high[columns + 1] = Math.log(noiseBounds.high());
        var evidence = new Evidence(encoding, data);
        var minimum = BoundedMinimizer.minimize(evidence, start, low, high, 0.5, maxEvaluations);
        if (!Double.isFinite(minimum.value())) return null;
        var process = with(encoding, data, minimum.point());
        return process == null ? null : new Fit(process, -minimum.value());
    }

    /** Returns a process with known parameters, or null if its covariance has no decomposition. */
    static @Nullable GaussianProcess with(Encoding encoding, Data data, double[] parameters) {
        Solution solution = Solution.of(encoding, data, parameters, new double[0]);
        return solution == null ? null : new GaussianProcess(encoding, data, parameters, solution);
    }

    /** Returns this process as it would be had these points been measured and come out as it expects. */
    GaussianProcess believing(List<double[]> rows) {
        return with(rows, rows.stream().mapToDouble(row -> at(row).mean()).toArray());
    }

    /** Returns this process as it would be had these points come out as badly as the worst that was measured. */
    GaussianProcess fearing(List<double[]> rows) {
        double[] targets = new double[rows.size()];
        Arrays.fill(targets, Arrays.stream(data.targets()).max().orElse(0));
        return with(rows, targets);
    }

    private GaussianProcess with(List<double[]> rows, double[] targets) {
        if (rows.isEmpty()) return this;
        GaussianProcess with = with(encoding, data.with(encoding, rows, targets), parameters);
        return with == null ? this : with;
    }

    /** What the process expects of the function, without noise. */
    record Prediction(double mean, double deviation) {}

    Prediction at(double[] row) {
        int n = weights.length;
        double[] explained = new double[n];
        double expected = mean;
        for (int i = 0; i < n; i++) {
            double near = kernel.at(row, data.row(i));
            expected += near * weights[i];
            Covariance.addMultiple(explained, i, near, inverseFactor, i * n + i, n - i);
        }
        return new Prediction(expected, deviation(explained));
    }

    /** Like {@link #at(double[])}, and writes the derivatives of mean and deviation by the row's numbers. */
    Prediction at(double[] row, double[] meanGradient, double[] deviationGradient) {
        int n = weights.length;
        double[] slopes = new double[n];
        double[] near = new double[n];
        double[] explained = new double[n];
        double expected = mean;
        for (int i = 0; i < n; i++) {
            near[i] = kernel.at(row, data.row(i), slopes, i);
            expected += near[i] * weights[i];
            Covariance.addMultiple(explained, i, near[i], inverseFactor, i * n + i, n - i);
        }
        double deviation = deviation(explained);
        covariance.solve(near);
        Arrays.fill(meanGradient, 0);
        Arrays.fill(deviationGradient, 0);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < row.length; c++) {
                double derivative = kernel.byColumn(c, row, data.row(i), slopes[i]);
                meanGradient[c] += weights[i] * derivative;
                deviationGradient[c] -= near[i] * derivative / deviation;
            }
        }
        return new Prediction(expected, deviation);
    }

    private double deviation(double[] explained) {
        double variance = kernel.signal();
        for (double each : explained) variance -= each * each;
        return Math.sqrt(Math.max(kernel.signal() * 1e-10, variance));
    }

    /** What the process expects at each of its points. */
    double[] fitted() {
        double[] fitted = new double[weights.length];
        for (int i = 0; i < fitted.length; i++)
            fitted[i] = data.target(i) - weights[i] * (noise * data.variance(i) + JITTER * kernel.signal());
        return fitted;
    }

    /**
     * What the process would expect at each of its points had it not been measured (Rasmussen and Williams, equation 5.12).
     */
    double[] leftOut() {
        int n = weights.length;
        double[] inverse = covariance.inverse();
        double[] leftOut = new double[n];
        for (int i = 0; i < n; i++) leftOut[i] = data.target(i) - weights[i] / inverse[i * n + i];
        return leftOut;
    }

    double[] parameters() {
        return parameters.clone();
    }

    /** The variance of one measurement's noise. */
    double noise() {
        return noise;
    }

    /** The length scale of a column. */
    double length(int column) {
        return Math.exp(parameters[column]);
    }

    private static Kernel kernel(Encoding encoding, double[] parameters) {
        return new Kernel(encoding, parameters, Math.exp(parameters[encoding.columns()]));
    }

    /** The decomposed covariance, the weights of the targets, and the mean that suits them best. */
    @SuppressWarnings("ArrayRecordComponent") // only carried, never compared
    private record Solution(Covariance covariance, double[] weights, double mean) {

        /** @param distances takes the scaled distance of each pair, if it has the room */
        static @Nullable Solution of(Encoding encoding, Data data, double[] parameters, double[] distances) {
            int n = data.size();
            Kernel kernel = kernel(encoding, parameters);
            double noise = Math.exp(parameters[parameters.length - 1]);
            var matrix = new DMatrixRMaj(n, n);
            int pair = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double distance = kernel.distance(data.squares(), pair * encoding.columns());
                    if (distances.length > 0) distances[pair] = distance;
                    double value = Kernel.covariance(distance, kernel.signal());
                    matrix.data[i * n + j] = value;
                    matrix.data[j * n + i] = value;
                    pair++;
                }
                matrix.data[i * n + i] = kernel.signal() * (1 + JITTER) + noise * data.variance(i);
            }
            Covariance covariance = Covariance.of(matrix);
            if (covariance == null) return null;
            double[] ofTargets = data.targets().clone();
            double[] ofOnes = new double[n];
            Arrays.fill(ofOnes, 1);
            covariance.solve(ofTargets);
            covariance.solve(ofOnes);
            double mean = sum(ofTargets) / (sum(ofOnes) + 1 / MEAN_VARIANCE);
            for (int i = 0; i < n; i++) ofTargets[i] -= mean * ofOnes[i];
            return new Solution(covariance, ofTargets, mean);
        }

        private static double sum(double[] values) {
            double sum = 0;
            for (double value : values) sum += value;
            return sum;
        }
    }

    /** Minus the logarithm of the parameters' posterior density, with its gradient. */
    private record Evidence(Encoding encoding, Data data) implements BoundedMinimizer.Smooth {
        @Override
        public double at(double[] parameters, double[] gradient) {
            int n = data.size();
            int columns = encoding.columns();
            double[] distances = new double[Math.max(1, n * (n - 1) / 2)];
            Solution solution = Solution.of(encoding, data, parameters, distances);
            if (solution == null) return Double.POSITIVE_INFINITY;
            double value =
                    0.5 * solution.covariance.logDeterminant() + 0.5 * solution.mean * solution.mean / MEAN_VARIANCE;
            for (int i = 0; i < n; i++) value += 0.5 * solution.weights[i] * (data.target(i) - solution.mean);
            Arrays.fill(gradient, 0);
            addLikelihood(parameters, solution, distances, gradient);
            double noise = Math.exp(parameters[columns + 1]);
            value += 0.5 * (data.repeatFreedom() * parameters[columns + 1] + data.repeatSquares() / noise);
            gradient[columns + 1] += 0.5 * (data.repeatFreedom() - data.repeatSquares() / noise);
            double logLengthMean = logLengthMean(encoding);
            for (int c = 0; c < columns; c++)
                value += addPrior(parameters, gradient, c, logLengthMean, LOG_LENGTH_DEVIATION);
            value += addPrior(parameters, gradient, columns, 0, LOG_SIGNAL_DEVIATION);
            value += addPrior(parameters, gradient, columns + 1, LOG_NOISE_MEAN, LOG_NOISE_DEVIATION);
            return value;
        }

        private static double addPrior(double[] at, double[] gradient, int index, double mean, double deviation) {
            double scaled = (at[index] - mean) / deviation;
            gradient[index] += scaled / deviation;
            return 0.5 * scaled * scaled;
        }

        private void addLikelihood(double[] parameters, Solution solution, double[] distances, double[] gradient) {
            int n = data.size();
            int columns = encoding.columns();
            Kernel kernel = kernel(encoding, parameters);
            double noise = Math.exp(parameters[columns + 1]);
            double[] inverse = solution.covariance.inverse();
            double[] byColumn = new double[columns];
            int pair = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double weight = inverse[i * n + j] - solution.weights[i] * solution.weights[j];
                    double distance = distances[pair];
                    double decayed = kernel.signal() * Math.exp(-distance);
                    gradient[columns] += weight * decayed * (1 + distance + distance * distance / 3);
                    Covariance.addMultiple(
                            byColumn,
                            0,
                            weight * Kernel.slope(distance, decayed),
                            data.squares(),
                            pair * columns,
                            columns);
                    pair++;
                }
                double weight = 0.5 * (inverse[i * n + i] - solution.weights[i] * solution.weights[i]);
                gradient[columns] += weight * kernel.signal() * (1 + JITTER);
                gradient[columns + 1] += weight * noise * data.variance(i);
            }
            for (int c = 0; c < columns; c++) gradient[c] += byColumn[c] * kernel.inverseSquare(c);
        }
    }
}
