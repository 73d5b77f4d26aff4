package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.GaussianProcess.Fit;
import dev.understudy.plugins.optimizerstrategies.GaussianProcess.NoiseBounds;
import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.jspecify.annotations.Nullable;

/**
 * A Gaussian process that follows what is measured: it goes on from its last parameters, tries another warp now and then,
 * and notices when it has become poor or blind, that is, when it explains the measurements by noise. Used by one thread.
 */
final class Model {
    private static final int WARM_EVALUATIONS = 12;
    private static final int COLD_EVALUATIONS = 30;
    private static final int RESTART_EVERY = 10;
    /**
     * Below it the model's guesses of points that it was not shown are in too poor an order to follow. It is high since a
     * search that stays at two places has a fair correlation between them and none within.
     */
    private static final double POOR_CORRELATION = 0.75;
    /** Of the variance of what was measured; a fit that explains less has called everything noise. */
    private static final double BLIND_SHARE = 0.1;

    /** Below it the guesses are in no order at all. */
    private static final double NO_CORRELATION = 0.2;

    private static final NoiseBounds LITTLE_NOISE = new NoiseBounds(1e-7, 0.3);

    private final Encoding encoding;
    private double[] parameters;
    private int kind;
    private int updates;
    private @Nullable GaussianProcess process;
    private double rankCorrelation;
    private boolean wasPoor;
    private double[] expected = {};
    private List<Point> points = List.of();

    Model(Encoding encoding) {
        this.encoding = encoding;
        parameters = GaussianProcess.priorMode(encoding);
    }

    /**
     * Learns all that was measured so far.
     *
     * @param measured at least two points
     */
    void update(List<Point> measured) {
        points = List.copyOf(measured);
        updates++;
        Fit best = fit(kind, parameters, WARM_EVALUATIONS);
        int other = updates % 2 == 0 ? kind - 1 : kind + 1;
        if (other >= 0 && other < Warp.KINDS) {
            Fit rival = fit(other, parameters, WARM_EVALUATIONS / 2);
            if (isBetter(rival, best)) {
                best = rival;
                kind = other;
            }
        }
        if (best == null || updates % RESTART_EVERY == 1) {
            Fit rival = fit(kind, GaussianProcess.priorMode(encoding), COLD_EVALUATIONS);
            if (isBetter(rival, best)) best = rival;
        }
        if (best != null) use(best.process());
        wasPoor = explainedShare() < BLIND_SHARE || rankCorrelation < POOR_CORRELATION;
        if (wasPoor) openEyes();
    }

    private static boolean isBetter(@Nullable Fit one, @Nullable Fit other) {
        return one != null && (other == null || one.logPosterior() > other.logPosterior());
    }

    /** Looks for an explanation that leaves less to noise; keeps it if it guesses better. */
    private void openEyes() {
        double before = rankCorrelation;
        GaussianProcess blind = process;
        Fit rival = fit(kind, GaussianProcess.priorMode(encoding), COLD_EVALUATIONS, LITTLE_NOISE);
        if (rival == null) return;
        use(rival.process());
        if (blind != null && rankCorrelation < before && explainedShare() < BLIND_SHARE) use(blind);
    }

    private void use(GaussianProcess chosen) {
        process = chosen;
        parameters = chosen.parameters();
        expected = chosen.fitted();
        double[] targets = targets(kind);
        rankCorrelation = points.size() < 3 ? 0 : correlation(targets, chosen.leftOut());
    }

    private static double correlation(double[] one, double[] other) {
        double correlation = new SpearmansCorrelation().correlation(one, other);
        return Double.isNaN(correlation) ? 0 : correlation;
    }

    private @Nullable Fit fit(int warpKind, double[] start, int evaluations) {
        return fit(warpKind, start, evaluations, NoiseBounds.FREE);
    }

    private @Nullable Fit fit(int warpKind, double[] start, int evaluations, NoiseBounds noiseBounds) {
        Warp warp = warp(warpKind);
        int n = points.size();
        double[][] rows = new double[n][];
        double[] targets = new double[n];
        double[] variances = new double[n];
        double repeatSquares = 0;
        int repeatFreedom = 0;
        double logSlopes = 0;
        for (int i = 0; i < n; i++) {
            Point point = points.get(i);
            rows[i] = point.row();
            targets[i] = warp.apply(point.mean());
            variances[i] = 1.0 / point.count();
            double slope = warp.slope(point.mean());
            logSlopes += Math.log(slope);
            repeatSquares += point.squares() * slope * slope;
            repeatFreedom += point.count() - 1;
        }
        var data = new Data(encoding, rows, targets, variances, repeatSquares, repeatFreedom);
        Fit fit = GaussianProcess.fit(encoding, data, start, noiseBounds, evaluations);
        return fit == null ? null : new Fit(fit.process(), fit.logPosterior() + logSlopes);
    }

    private Warp warp(int warpKind) {
        return new Warp(warpKind, points.stream().mapToDouble(Point::mean).toArray());
    }

    private double[] targets(int warpKind) {
        Warp warp = warp(warpKind);
        return points.stream().mapToDouble(point -> warp.apply(point.mean())).toArray();
    }

    private double explainedShare() {
        double mean = Arrays.stream(expected).average().orElse(0);
        return Arrays.stream(expected)
                .map(each -> (each - mean) * (each - mean))
                .average()
                .orElse(0);
    }

    /** The process, or null before anything was learnt. */
    @Nullable
    GaussianProcess process() {
        return process;
    }

    /** Whether the model still explains next to nothing after it was told to look again. */
    boolean isBlind() {
        return rankCorrelation < NO_CORRELATION || explainedShare() < BLIND_SHARE;
    }

    /** Whether the guesses are in too poor an order to follow. */
    boolean isPoor() {
        return wasPoor || rankCorrelation < POOR_CORRELATION;
    }

    /** The lowest mean that the model expects of a measured point. */
    double incumbentMean() {
        return Arrays.stream(expected).min().orElse(0);
    }

    /** The measured point of which the model expects the lowest mean, or null before anything was learnt. */
    @Nullable
    Point incumbent() {
        int best = -1;
        for (int i = 0; i < expected.length; i++) if (best < 0 || expected[i] < expected[best]) best = i;
        return best < 0 ? null : points.get(best);
    }

    /** The measured points, lowest expectation first. */
    List<Point> byExpectation() {
        Integer[] order = new Integer[expected.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(expected[a], expected[b]));
        return Arrays.stream(order).map(points::get).toList();
    }
}
