package dev.understudy.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

        /**
         * Returns what comes nearest to repeating often enough, nearest first; it is called after {@link #patterns}.
         * Empty for a detector that cannot say.
         */
        default List<NearMiss> nearMisses() {
            return List.of();
        }
    }

    /**
     * Tasks that repeat, but not often enough for the settings.
     *
     * @param latest the latest of them
     * @param occurrences how many there are, at least 2
     * @param days on how many different days, at least 1
     * @param shortestSpan the shortest span of time in which {@link Settings#minOccurrences} of them fall; empty if they
     *     are fewer
     */
    record NearMiss(Task latest, int occurrences, int days, Optional<Duration> shortestSpan) {
        public NearMiss {
            if (occurrences < 2)
                throw new IllegalArgumentException("occurrences must be at least 2, was " + occurrences);
            if (days < 1 || days > occurrences)
                throw new IllegalArgumentException("days must be from 1 to " + occurrences + ", was " + days);
        }
    }

    /**
     * What counts as repetition.
     *
     * @param minOccurrences how often a task must occur, at least 2
     * @param timeWindow the span of time within which {@code minOccurrences} must fall at least once; zero for no limit
     * @param maxTasks how many of the latest tasks are considered, at least 1
     * @param calendar what counts beside that, by the calendar; empty for nothing
     */
    record Settings(int minOccurrences, Duration timeWindow, int maxTasks, Optional<Calendar> calendar) {
        public Settings {
            if (minOccurrences < 2)
                throw new IllegalArgumentException("minOccurrences must be at least 2, was " + minOccurrences);
            if (timeWindow.isNegative())
                throw new IllegalArgumentException("timeWindow must not be negative, was " + timeWindow);
            if (maxTasks < 1) throw new IllegalArgumentException("maxTasks must be at least 1, was " + maxTasks);
        }

        /** Without a calendar. */
        public Settings(int minOccurrences, Duration timeWindow, int maxTasks) {
            this(minOccurrences, timeWindow, maxTasks, Optional.empty());
        }

        /**
         * Whether {@code minOccurrences} of these times fall within the window at least once. What counts by the calendar is
         * not looked at.
         */
        public boolean isMetWithinWindow(Collection<Instant> times) {
            List<Instant> sorted = times.stream().sorted().toList();
            for (int i = 0; i + minOccurrences <= sorted.size(); i++) {
                Duration span = Duration.between(sorted.get(i), sorted.get(i + minOccurrences - 1));
                if (timeWindow.isZero() || span.compareTo(timeWindow) <= 0) return true;
            }
            return false;
        }
    }

    /**
     * What counts as repetition by the calendar: a task on {@code recurringDays} different days within as many weeks, or on
     * the same day of the week in as many weeks within twice as many.
     *
     * @param recurringDays at least 2
     * @param zone in which days begin and end
     */
    record Calendar(int recurringDays, ZoneId zone) {
        public Calendar {
            if (recurringDays < 2)
                throw new IllegalArgumentException("recurringDays must be at least 2, was " + recurringDays);
        }
    }
}
