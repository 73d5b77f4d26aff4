package dev.understudy.core.statistics;

import java.util.List;
import java.util.Optional;

/**
 * Tells, looking after every run, whether the success rate of the last runs is below the record before them.
 *
 * <p>The test: given when the f-th failure comes, the f - 1 before it lie, if the rate has never changed, at any of the
 * earlier places with equal chance. So the number of them among the last runs is hypergeometric, and the chance of as many or
 * more is the p-value (Fisher's exact test, one-sided). It is looked at whenever a run fails, for each of {@link #WINDOWS}.
 *
 * <p>Looking often would find something by chance, so the f-th failure may spend only {@code ALPHA / (f (f + 1))}, shared
 * equally by the windows. These shares sum to {@link #ALPHA}: that is the chance, at most, that a version whose success rate
 * never changes is ever taken for one that has got worse, however long it lives and whatever its rate is (alpha spending,
 * Lan and DeMets, "Discrete sequential boundaries for clinical trials", 1983, over a union bound).
 *
 * @param window how many of the last runs are compared with those before
 * @param windowFailures of them
 * @param earlier runs before them
 * @param earlierFailures of those
 * @param pValue of the drop
 * @param allowed what it had to be at most
 */
public record SuccessDrop(
        int window, int windowFailures, long earlier, long earlierFailures, double pValue, double allowed) {

    /**
     * The bound on the chance, over its whole life, that a version which has not changed is taken for one that has. The bound
     * is far off: figures are whole, and what early failures may spend is seldom spent. In simulated lives of 500 runs it
     * happens in fewer than one of a hundred at any success rate; a specification holds that.
     */
    public static final double ALPHA = 0.05;

    /** The numbers of last runs that are compared with those before. */
    public static final List<Integer> WINDOWS = List.of(5, 10, 20);

    /** Fewer runs before the window are no record. */
    public static final int MIN_EARLIER = 10;

    /** Fewer failures in the window are no drop. */
    public static final int MIN_WINDOW_FAILURES = 3;

    /**
     * Looks once.
     *
     * @param runs of the version so far
     * @param failures of them
     * @param lastFailed of the last runs, newest first, whether each failed; as many as there are, to the longest window
     */
    public static Optional<SuccessDrop> look(long runs, long failures, List<Boolean> lastFailed) {
        if (lastFailed.isEmpty() || !lastFailed.getFirst()) return Optional.empty();
        double allowed = ALPHA / ((double) failures * (failures + 1)) / WINDOWS.size();
        for (int window : WINDOWS) {
            if (lastFailed.size() < window || runs - window < MIN_EARLIER) continue;
            int found = (int) lastFailed.subList(0, window).stream()
                    .filter(failed -> failed)
                    .count();
            if (found < MIN_WINDOW_FAILURES) continue;
            // No more than the whole record would have there is no drop, and most looks end so.
            if ((found - 1) * (runs - 1) <= (failures - 1) * (window - 1)) continue;
            // The newest failure is what made us look, so it says nothing.
            double pValue =
                    FisherTest.atLeast(found - 1, window - 1, Math.toIntExact(failures - 1), Math.toIntExact(runs - 1));
            if (pValue <= allowed)
                return Optional.of(new SuccessDrop(window, found, runs - window, failures - found, pValue, allowed));
        }
        return Optional.empty();
    }
}
