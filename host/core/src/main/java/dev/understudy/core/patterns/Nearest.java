package dev.understudy.core.patterns;

import dev.understudy.core.config.Config;
import dev.understudy.spi.PatternDetector.NearMiss;
import dev.understudy.spi.Task;
import java.time.Duration;
import java.util.Optional;

/**
 * Tasks that repeat, but not often enough.
 *
 * @param latest the latest of them
 * @param how for example {@code on 2 days}
 * @param setting of {@code repetitive_task_detection}, as it would show them, for example {@code recurring_days: 2}
 */
public record Nearest(Task latest, String how, String setting) {

    /** Empty if no setting would show them. */
    static Optional<Nearest> of(NearMiss miss, Config.RepetitiveTaskDetection detection) {
        if (miss.days() > 1 && miss.days() < detection.recurringDays())
            return Optional.of(
                    new Nearest(miss.latest(), "on " + miss.days() + " days", "recurring_days: " + miss.days()));
        if (miss.occurrences() < detection.minOccurrences())
            return Optional.of(new Nearest(
                    miss.latest(), miss.occurrences() + " times", "min_occurrences: " + miss.occurrences()));
        return miss.shortestSpan()
                .filter(span -> span.compareTo(detection.timeWindow()) > 0)
                .map(span -> new Nearest(
                        miss.latest(),
                        detection.minOccurrences() + " times within " + hours(span) + " hours",
                        "time_window_hours: " + hours(span)));
    }

    /** Begun hours count. */
    private static long hours(Duration span) {
        return span.plus(Duration.ofHours(1)).minusNanos(1).toHours();
    }

    /** What the person typed, or how else the task is known. */
    public String text() {
        if (latest.parameters().get(Task.COMMAND) instanceof String command) return command;
        return latest.description().isEmpty() ? latest.type() : latest.description();
    }
}
