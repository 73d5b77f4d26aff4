package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.AcquisitionSearch.Box;
import dev.understudy.plugins.optimizerstrategies.Encoding.Branch;
import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import dev.understudy.spi.optimization.Candidate;
import java.util.Comparator;
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
    /** In points: before, a model that expects another to be lower is mostly one that has seen too little. */
    private static final int DOUBT_AFTER = 20;

    private static final int DESIGN_TRIES = 10;
    /**
     * How much the chance of success counts beside the density of good rows, which sees one column at a time. On plateaus of noise
     * a quarter of which fails, with two to ten columns: 13 of 100 trials failed with 0 (and 50 before failures counted among
     * the rest), 10 with 1, 8 with 3.
     */
    private static final double SUCCESS_WEIGHT = 3;

    private final Encoding encoding;
    private final Observations observations;
    private final RandomGenerator random;
    private final Sobol sobol;
    private final Model model;
    private final AcquisitionSearch search;
    private final Branches branches;
    private final int designSize;
    private boolean hasDoubted;

    ModelArms(Encoding encoding, Observations observations, RandomGenerator random) {
        this.encoding = encoding;
        this.observations = observations;
        this.random = random;
        sobol = new Sobol(encoding.columns(), random);
        model = new Model(encoding);
        search = new AcquisitionSearch(encoding, observations, random);
        branches = new Branches(encoding, observations);
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

    /** The next row of an even design; thinner where others have failed. */
    double[] design() {
        var success = new Success(encoding, observations);
        double[] row = evenly();
        for (int i = 0; i < DESIGN_TRIES && !success.happens(row, random); i++) row = evenly();
        return row;
    }

    private double[] evenly() {
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

    /**
     * The row that promises most of a branch which is owed a trial: against the best of that branch, not of all, since what it is
     * worth at its best is the question. Null if nothing is owed, or nothing was found.
     */
    double @Nullable [] owed() {
        Optional<Branch> owed = branches.owed();
        if (owed.isEmpty()) return null;
        Branch branch = owed.get();
        List<Point> inside = branches.measured(branch);
        GaussianProcess process = model.process();
        if (process == null || inside.size() <= branch.ownColumns()) {
            for (int i = 0; i < DESIGN_TRIES; i++) {
                double[] row = encoding.into(branch, evenly());
                if (encoding.allows(row) && !observations.knows(row)) return row;
            }
            return null;
        }
        double lowest = inside.stream()
                .mapToDouble(point -> process.at(point.row()).mean())
                .min()
                .orElseThrow();
        var acquisition = new Acquisition(
                process.fearing(neverMeasured()).believing(observations.pendingRows()),
                lowest,
                new Success(encoding, observations));
        List<double[]> known = inside.stream()
                .sorted(Comparator.comparingDouble(Point::mean))
                .limit(KNOWN_STARTS)
                .map(Point::row)
                .toList();
        return search.best(acquisition, known, Box.of(encoding, branch));
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
        var ratio = new DensityRatio(encoding, ranked.stream().map(Point::row).toList(), neverMeasured());
        var success = new Success(encoding, observations);
        return bestOf(() -> ratio.draw(random), row -> ratio.at(row) + SUCCESS_WEIGHT * success.log(row));
    }

    /** The rows of what has only failed. */
    private List<double[]> neverMeasured() {
        return observations.failed().stream()
                .filter(point -> point.count() == 0)
                .map(Point::row)
                .toList();
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
        return new Acquisition(
                process.fearing(neverMeasured()).believing(observations.pendingRows()),
                current.incumbentMean(),
                new Success(encoding, observations));
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

    /**
     * The row of the lowest measured point, once, where the model expects another one to be lower: measured again, it shows
     * whether there is any noise that the model could see through. Null where that is no question.
     */
    double @Nullable [] doubted() {
        if (hasDoubted || observations.measured().size() < DOUBT_AFTER || observations.hasRepeats()) return null;
        Point incumbent = model.incumbent();
        List<Point> ranked = observations.ranked();
        if (incumbent == null || incumbent.mean() <= ranked.getFirst().mean()) return null;
        hasDoubted = true;
        return ranked.getFirst().row();
    }

    /**
     * The measured point that the model expects to be lowest; where the model is poor, or all that was measured again came out
     * the same, the lowest measured.
     */
    Optional<Candidate> recommended() {
        Point incumbent = model.incumbent();
        return incumbent == null || model.isPoor() || observations.areExact()
                ? observations.lowest()
                : Optional.of(incumbent.candidate());
    }

    /** How much each dimension explains by the model; empty while it is blind. */
    Map<String, Double> importance() {
        GaussianProcess process = model.process();
        return process == null || model.isBlind() ? Map.of() : Importance.of(encoding, process);
    }
}
