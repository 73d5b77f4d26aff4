package dev.understudy.core.performance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How the executions of a workflow went over time. */
public final class Trend {
    /** Into how many stretches of equal length a period is cut, if they are not shorter than an hour then. */
    private static final int PARTS = 30;

    private static final long HOUR = 3600;

    private Trend() {}

    /**
     * One part of a trend.
     *
     * @param from its beginning
     * @param statistics of the executions in it
     */
    public record Part(Instant from, DurationStatistics statistics) {}

    /** How long each part of a period is: whole hours, since distributions are kept by the hour. */
    public static Duration step(Period period) {
        long seconds =
                Duration.between(period.from(), period.to()).dividedBy(PARTS).toSeconds();
        return Duration.ofSeconds(Math.max(HOUR, seconds / HOUR * HOUR));
    }

    /** The beginnings of all parts, oldest first. */
    public static List<Instant> parts(Period period) {
        var parts = new ArrayList<Instant>();
        Instant from = Instant.ofEpochSecond(Math.floorDiv(period.from().getEpochSecond(), HOUR) * HOUR);
        for (; from.isBefore(period.to()); from = from.plus(step(period))) parts.add(from);
        return parts;
    }

    /** The workflow's executions in parts, oldest first; parts without any are left out. */
    public static List<Part> of(PerformanceHistory history, String workflow, Period period) {
        var found = new ArrayList<Part>();
        Duration step = step(period);
        for (Instant from : parts(period)) {
            DurationStatistics statistics = history.executionStatistics(workflow, from, from.plus(step));
            if (statistics.count() > 0) found.add(new Part(from, statistics));
        }
        return found;
    }
}
