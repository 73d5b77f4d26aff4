package dev.understudy.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * Finds what repeats in a stream of tasks.
 *
 * <p>One detector object may serve many searches, so state belongs in {@link Detection}. A detection is used by one
 * thread at a time.
 */
public interface PatternDetector extends ExtensionPoint {

    /** Stable name, for example {@code repetition}. */
    String name();

    /** Starts a detection that has seen nothing. */
    Detection start(Settings settings);

    /** A running detection. */
    interface Detection {
        /**
         * Takes one more task at a cost that does not grow with the number of tasks taken (amortised). Tasks come
         * nearly in the order of their time stamps; a late one is taken all the same.
         */
        void accept(Task task);

        /**
         * Returns what repeats, highest automation potential first, with no id twice. May be called at any time;
         * tasks may be accepted afterwards.
         *
         * @param asOf the instant from which recency is counted
         */
        List<TaskPattern> patterns(Instant asOf);
    }

    /**
     * What counts as repetition.
     *
     * @param minOccurrences how often a task must occur, at least 2
     * @param timeWindow the span of time within which {@code minOccurrences} must fall at least once; zero for no limit
     * @param maxTasks how many of the latest tasks are considered, at least 1
     */
    record Settings(int minOccurrences, Duration timeWindow, int maxTasks) {
        public Settings {
            if (minOccurrences < 2)
                throw new IllegalArgumentException("minOccurrences must be at least 2, was " + minOccurrences);
            if (timeWindow.isNegative())
                throw new IllegalArgumentException("timeWindow must not be negative, was " + timeWindow);
            if (maxTasks < 1) throw new IllegalArgumentException("maxTasks must be at least 1, was " + maxTasks);
        }
    }
}
