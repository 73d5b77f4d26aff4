package dev.understudy.plugins.optimizerstrategies;

import dev.understudy.plugins.optimizerstrategies.Encoding.Branch;
import dev.understudy.plugins.optimizerstrategies.Observations.Point;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sees that no branch of a space is given up before it was tried often enough to be judged: the first points of a branch with
 * parameters of its own say what those parameters are worth badly set, and a model that has seen no more takes that for all
 * there is. So each branch is owed a number of trials that grows with its own parameters, and every third trial pays what is owed
 * most. Immutable.
 */
final class Branches {
    private static final int OWED_TO_EACH = 2;
    private static final int OWED_FOR_EACH_COLUMN = 4;
    /** Of all trials, for each column more: the longer a search, the more certain it may be. */
    private static final double OWED_SHARE = 0.05;

    /** A branch in which nothing could be measured is owed no more than these. */
    private static final int FAILURES_ENOUGH = 3;

    private static final int PAID_EVERY = 3;

    private final Encoding encoding;
    private final Observations observations;
    private final List<Branch> all;

    Branches(Encoding encoding, Observations observations) {
        this.encoding = encoding;
        this.observations = observations;
        all = encoding.branches();
    }

    /** The branch to which the next trial is owed, if it is. */
    Optional<Branch> owed() {
        if (all.isEmpty() || trials() % PAID_EVERY != 0) return Optional.empty();
        Branch owed = null;
        double least = 1;
        for (Branch branch : all) {
            double paid = paid(branch);
            if (paid >= least) continue;
            least = paid;
            owed = branch;
        }
        return Optional.ofNullable(owed);
    }

    private int trials() {
        return observations.measured().size()
                + observations.failed().size()
                + observations.pending().size();
    }

    /** The share of what is owed to a branch that it has had. */
    private double paid(Branch branch) {
        long measured = measured(branch).size();
        long others = Stream.concat(
                        observations.failed().stream()
                                .filter(each -> each.count() == 0)
                                .map(Point::row),
                        observations.pendingRows().stream())
                .filter(row -> encoding.isIn(branch, row))
                .count();
        double forEachColumn = OWED_FOR_EACH_COLUMN + trials() * OWED_SHARE;
        double owed = OWED_TO_EACH + forEachColumn * branch.ownColumns();
        if (measured == 0) owed = Math.min(owed, FAILURES_ENOUGH);
        return (measured + others) / owed;
    }

    /** What was measured in a branch. */
    List<Point> measured(Branch branch) {
        return observations.measured().stream()
                .filter(point -> encoding.isIn(branch, point.row()))
                .toList();
    }
}
