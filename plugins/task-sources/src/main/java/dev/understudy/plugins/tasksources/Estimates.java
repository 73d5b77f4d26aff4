package dev.understudy.plugins.tasksources;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Times for entries that have none: a second apart, the last of them a second before the next known time or at the end of
 * the history, and closer together where that would put them before the entries that they follow.
 */
record Estimates(Instant first, Duration step) {

    /**
     * Estimates.
     *
     * @param count how many entries there are
     * @param after the known time before them
     * @param next the known time after them
     * @param end when the history was written last
     */
    static Estimates of(int count, Optional<Instant> after, Optional<Instant> next, Instant end) {
        Instant last = next.map(time -> time.minusSeconds(1)).orElse(end);
        Instant first = last.minusSeconds(Math.max(0, count - 1L));
        if (after.isEmpty() || first.isAfter(after.get())) return new Estimates(first, Duration.ofSeconds(1));
        Duration room = Duration.between(after.get(), next.orElse(end));
        // Another session's times, or a file that was copied with an older time: only the order is left to keep.
        Duration step = room.isPositive() ? room.dividedBy(count + 1L) : Duration.ofMillis(1);
        return new Estimates(after.get().plus(step), step);
    }

    /** The time of the entry at a place, counted from 0. */
    Instant time(int place) {
        return first.plus(step.multipliedBy(place));
    }
}
