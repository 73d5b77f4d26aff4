package dev.understudy.core.performance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

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
        return of(history, workflow, SummaryStore.WHOLE, period);
    }

    /** The same of one of its steps. */
    public static List<Part> ofStep(PerformanceHistory history, String workflow, String step, Period period) {
        return of(history, workflow, step, period);
    }

    private static List<Part> of(PerformanceHistory history, String workflow, String step, Period period) {
        List<Instant> parts = parts(period);
        if (parts.isEmpty()) return List.of();
        Instant first = parts.getFirst();
        long hours = step(period).toSeconds() / HOUR;
        long firstHour = first.getEpochSecond() / HOUR;
        var sums = new TreeMap<Integer, DurationSummary>();
        history.executionSummaries(workflow, step, first, parts.getLast().plus(step(period)))
                .forEach((hour, summary) -> sums.computeIfAbsent(
                                Math.toIntExact((hour - firstHour) / hours), _ -> new DurationSummary())
                        .add(summary));
        var found = new ArrayList<Part>();
        sums.forEach((part, sum) -> found.add(new Part(parts.get(part), sum.statistics())));
        return found;
    }
}
