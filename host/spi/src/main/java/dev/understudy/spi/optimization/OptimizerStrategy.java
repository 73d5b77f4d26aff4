package dev.understudy.spi.optimization;

import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pf4j.ExtensionPoint;

/**
 * Proposes parameter sets to try and learns from what was measured (ask/tell).
 *
 * <p>One strategy object may serve many searches at once, so state belongs in {@link Search}. A search is used by one
 * thread at a time. Implementations draw only from the given generator and depend on nothing else that changes: the same
 * seed and the same calls give the same candidates. {@link SearchJournal} builds on that to save and resume a search.
 */
public interface OptimizerStrategy extends ExtensionPoint {

    /** Stable name as written in the configuration, for example {@code BAYESIAN_ONLY}. */
    String name();

    /** One line for people. */
    String description();

    /**
     * Starts a search that minimises.
     *
     * @param random the search's own from now on; nobody else draws from it
     */
    Search start(SearchSpace space, RandomGenerator random);

    /** A running search. */
    interface Search {
        /**
         * Returns the next point to measure, inside the space and allowed by its constraints; returns within 1 s. Where
         * the space names a current setting, the first candidate is that. May be called again before earlier candidates
         * were told: those are pending, and the answer takes them into account. A point may come twice where measuring
         * it again is worth more than any other.
         *
         * @throws IllegalStateException if no point was found that the constraints allow
         */
        Candidate ask();

        /**
         * Takes a finished trial. Failed trials count too: they say where not to go. Trials may come in any order, may
         * be of points that were never asked for (earlier knowledge, the race at the end), and may be of the same point
         * several times, each with further measurements.
         *
         * @throws IllegalArgumentException if the trial's candidate is not of this search's space
         */
        void tell(Trial trial);

        /**
         * Returns which of the points told this search holds to be the best. Under noise this is not always the one with
         * the lowest measured value. Empty if the search has no opinion, or if every trial failed so far.
         */
        default Optional<Candidate> recommended() {
            return Optional.empty();
        }

        /**
         * Returns how much of what is known to vary in the outcome each dimension explains by itself, by its name, from
         * 0.0 to 1.0; interactions explain the rest. Empty if the search keeps no model or has not seen enough.
         */
        default Map<String, Double> importance() {
            return Map.of();
        }
    }
}
