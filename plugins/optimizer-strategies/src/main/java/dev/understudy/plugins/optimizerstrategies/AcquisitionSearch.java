package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Encoding.Branch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the most promising row of a mixed space: a genetic search over all columns, then steepest ascent of its best along
 * the continuous columns and step by step along the others. Used by one thread.
 */
final class AcquisitionSearch {
    private static final int DRAWN = 160;
    private static final int NEAR_KNOWN = 120;
    private static final int GENERATIONS = 3;
    private static final int OFFSPRING = 60;
    private static final int PARENTS = 20;
    private static final int REFINED = 4;
    private static final int REFINEMENT_EVALUATIONS = 20;
    private static final double[] STEPS = {0.25, 0.1, 0.03, 0.01};

    private final Encoding encoding;
    private final RandomGenerator random;
    private final Variation variation;
    private final Observations observations;

    AcquisitionSearch(Encoding encoding, Observations observations, RandomGenerator random) {
        this.encoding = encoding;
        this.observations = observations;
        this.random = random;
        variation = new Variation(encoding, random);
    }

    /** A row and what it promises. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Scored(double[] row, double promise) {}

    /** A box of rows: the numeric columns' bounds; nominal columns are free. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Box(double[] low, double[] high, @Nullable Branch branch) {
        Box(double[] low, double[] high) {
            this(low, high, null);
        }

        /** The whole of a branch. */
        static Box of(Encoding encoding, Branch branch) {
            Box whole = whole(encoding);
            return new Box(whole.low(), whole.high(), branch);
        }

        static Box whole(Encoding encoding) {
            double[] high = new double[encoding.columns()];
            Arrays.fill(high, 1);
            return new Box(new double[encoding.columns()], high);
        }

        static Box around(Encoding encoding, double[] center, double[] halfWidths) {
            double[] low = new double[center.length];
            double[] high = new double[center.length];
            for (int i = 0; i < center.length; i++) {
                double halfWidth = halfWidths[i];
                // A step to the next level must fit in.
                if (encoding.levels(i) > 0) halfWidth = Math.max(halfWidth, 1.01 / encoding.levels(i));
                low[i] = Math.max(0, center[i] - halfWidth);
                high[i] = Math.min(1, center[i] + halfWidth);
            }
            return new Box(low, high);
        }
    }

    /**
     * Returns the row that promises most among those allowed and neither told nor out, or null if none was found.
     *
     * @param known good rows to start from, best first
     */
    double @Nullable [] best(Acquisition acquisition, List<double[]> known, Box box) {
        List<Scored> population = new ArrayList<>();
        for (int i = 0; i < DRAWN; i++) consider(inside(encoding.draw(random), box), acquisition, population);
        if (!known.isEmpty())
            for (int i = 0; i < NEAR_KNOWN; i++) {
                double[] parent = known.get(i % known.size());
                double share = random.nextDouble();
                consider(
                        inside(variation.mutate(parent, share * share, STEPS[i % STEPS.length]), box),
                        acquisition,
                        population);
            }
        for (int generation = 0; generation < GENERATIONS && !population.isEmpty(); generation++) {
            keepBest(population, PARENTS);
            double step = STEPS[Math.min(STEPS.length - 1, generation + 1)];
            for (int i = 0; i < OFFSPRING; i++) {
                double[] one = population
                        .get(random.nextInt(Math.min(PARENTS, population.size())))
                        .row();
                double[] other = population
                        .get(random.nextInt(Math.min(PARENTS, population.size())))
                        .row();
                double[] child = i % 2 == 0 ? variation.cross(one, other, 0.3) : variation.mutate(one, 0.3, step);
                consider(inside(child, box), acquisition, population);
            }
        }
        keepBest(population, REFINED);
        Scored best = null;
        for (Scored scored : population) {
            Scored refined = refine(scored, acquisition, box);
            if (best == null || refined.promise() > best.promise()) best = refined;
        }
        return best == null ? null : best.row();
    }

    private void consider(double[] row, Acquisition acquisition, List<Scored> population) {
        if (encoding.allows(row) && !observations.knows(row)) population.add(new Scored(row, acquisition.at(row)));
    }

    private static void keepBest(List<Scored> population, int count) {
        population.sort(Comparator.comparingDouble(Scored::promise).reversed());
        if (population.size() > count)
            population.subList(count, population.size()).clear();
    }

    /** Puts a row into the box: drawn anew along the columns where it lies outside. */
    private double[] inside(double[] row, Box box) {
        for (int i = 0; i < row.length; i++)
            if (!encoding.isNominal(i) && (row[i] < box.low()[i] || row[i] > box.high()[i]))
                row[i] = box.low()[i] + random.nextDouble() * (box.high()[i] - box.low()[i]);
        Branch branch = box.branch();
        return branch == null ? encoding.canonical(row) : encoding.into(branch, row);
    }

    private Scored refine(Scored start, Acquisition acquisition, Box box) {
        Scored best = ascend(start, acquisition, box);
        for (int round = 0; round < 2; round++) {
            Scored before = best;
            for (int i = 0; i < encoding.columns(); i++)
                if (!encoding.isContinuous(i)) best = bestNeighbour(best, i, acquisition, box);
            if (best.promise() <= before.promise()) break;
            best = ascend(best, acquisition, box);
        }
        return best;
    }

    private Scored bestNeighbour(Scored start, int column, Acquisition acquisition, Box box) {
        Scored best = start;
        int levels = encoding.levels(column);
        int tried = encoding.isNominal(column) ? Math.min(levels - 1, 8) : 2;
        for (int i = 1; i <= tried; i++) {
            double[] row = start.row().clone();
            if (encoding.isNominal(column)) row[column] = ((int) row[column] + i) % levels;
            else row[column] += (i == 1 ? 1.0 : -1.0) / levels;
            if (!encoding.isNominal(column) && (row[column] < box.low()[column] || row[column] > box.high()[column]))
                continue;
            encoding.canonical(row);
            Branch branch = box.branch();
            if (branch != null && !encoding.isIn(branch, row)) continue;
            if (!encoding.allows(row) || observations.knows(row)) continue;
            double promise = acquisition.at(row);
            if (promise > best.promise()) best = new Scored(row, promise);
        }
        return best;
    }

    private Scored ascend(Scored start, Acquisition acquisition, Box box) {
        double[] low = box.low().clone();
        double[] high = box.high().clone();
        boolean isFixed = true;
        for (int i = 0; i < low.length; i++) {
            // Where a special value or a condition holds a column at its middle, moving it means nothing.
            if (encoding.isContinuous(i)) isFixed = false;
            else low[i] = high[i] = start.row()[i];
        }
        if (isFixed) return start;
        double[] risen = encoding.canonical(BoundedMinimizer.minimize(
                        (row, gradient) -> {
                            double promise = acquisition.at(row, gradient);
                            for (int i = 0; i < gradient.length; i++) gradient[i] = -gradient[i];
                            return -promise;
                        },
                        start.row(),
                        low,
                        high,
                        0.05,
                        REFINEMENT_EVALUATIONS)
                .point());
        if (!encoding.allows(risen) || observations.knows(risen)) return start;
        double promise = acquisition.at(risen);
        return promise > start.promise() ? new Scored(risen, promise) : start;
    }
}
