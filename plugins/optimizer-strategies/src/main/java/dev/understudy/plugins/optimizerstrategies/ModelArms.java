package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.AcquisitionSearch.Box;
import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The ways to a next row that go by a model, and the first rows that make one. Used by one thread. */
final class ModelArms {
    private static final int KNOWN_STARTS = 8;
    private static final int CHILDREN = 30;

    private final Encoding encoding;
    private final Observations observations;
    private final RandomGenerator random;
    private final Sobol sobol;
    private final Model model;
    private final AcquisitionSearch search;
    private final int designSize;

    ModelArms(Encoding encoding, Observations observations, RandomGenerator random) {
        this.encoding = encoding;
        this.observations = observations;
        this.random = random;
        sobol = new Sobol(encoding.columns(), random);
        model = new Model(encoding);
        search = new AcquisitionSearch(encoding, observations, random);
        designSize = Math.clamp(encoding.columns() + 2, 4, 12);
    }

    /** Whether too few rows were measured or are out for a model. */
    boolean isDesigning() {
        return observations.measured().size() < 2
                || observations.measured().size()
                                + observations.failed().size()
                                + observations.pending().size()
                        < designSize;
    }

    /** The next row of an even design. */
    double[] design() {
        return encoding.firstAllowed(() -> encoding.fromUnitCube(sobol.next()));
    }

    /**
     * Brings the model up to date after a trial. Asking for a recommendation must not: a resumed search, which repeats only
     * asks and tells, would go on another way.
     */
    void learn() {
        if (!isDesigning()) model.update(observations.measured());
    }

    Model model() {
        return model;
    }

    /** The row of the whole space that promises most, or null if there is none that is new. */
    double @Nullable [] global() {
        return best(Box.whole(encoding));
    }

    /** The row of a region about the incumbent that promises most, or null if there is none that is new. */
    double @Nullable [] in(TrustRegion region) {
        Model current = model();
        GaussianProcess process = current.process();
        Point incumbent = current.incumbent();
        if (process == null || incumbent == null) return null;
        return best(region.box(encoding, process, incumbent.row()));
    }

    /** The child of the best points that promises most among some, or null if there is none that is new. */
    double @Nullable [] offspring(Breeding breeding) {
        Acquisition acquisition = acquisition();
        if (acquisition == null) return null;
        List<Point> parents = model().byExpectation();
        return bestOf(() -> breeding.child(parents), acquisition::at);
    }

    /** The likeliest good row among some drawn like the good ones, without the model; null if there is none that is new. */
    double @Nullable [] byDensity() {
        List<Point> ranked = observations.ranked();
        if (ranked.size() < 2) return null;
        var ratio = new DensityRatio(encoding, ranked.stream().map(Point::row).toList());
        return bestOf(() -> ratio.draw(random), ratio::at);
    }

    private double @Nullable [] bestOf(Supplier<double[]> children, ToDoubleFunction<double[]> promise) {
        double @Nullable [] best = null;
        double highest = 0;
        for (int i = 0; i < CHILDREN; i++) {
            double[] child = children.get();
            if (!encoding.allows(child) || observations.knows(child)) continue;
            double promised = promise.applyAsDouble(child);
            if (best == null || promised > highest) {
                best = child;
                highest = promised;
            }
        }
        return best;
    }

    private @Nullable Acquisition acquisition() {
        Model current = model();
        GaussianProcess process = current.process();
        if (process == null) return null;
        List<double[]> neverMeasured = observations.failed().stream()
                .filter(point -> point.count() == 0)
                .map(Point::row)
                .toList();
        return new Acquisition(
                encoding,
                process.fearing(neverMeasured).believing(observations.pendingRows()),
                current.incumbentMean(),
                observations.measured(),
                observations.failed());
    }

    private double @Nullable [] best(Box box) {
        Model current = model();
        Acquisition acquisition = acquisition();
        if (acquisition == null) return null;
        List<double[]> known = current.byExpectation().stream()
                .limit(KNOWN_STARTS)
                .map(Point::row)
                .toList();
        return search.best(acquisition, known, box);
    }

    /** The measured point that the model expects to be lowest, or where the model is poor the lowest measured. */
    Optional<Candidate> recommended() {
        Point incumbent = model.incumbent();
        return incumbent == null || model.isPoor() ? observations.lowest() : Optional.of(incumbent.candidate());
    }

    /** How much each dimension explains by the model; empty while it is blind. */
    Map<String, Double> importance() {
        GaussianProcess process = model.process();
        return process == null || model.isBlind() ? Map.of() : Importance.of(encoding, process);
    }
}
