package dev.understudy.spi;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How tasks come back by the calendar, in the time zone of {@link PatternDetector.Calendar}.
 *
 * @param rhythm on which days
 * @param days on how many different days they were done, at least 1
 * @param activeDays on how many days, from the first of these to the newest task of all, anything at all was done; at
 *     least {@code days}
 * @param weekdays on which they are usually done; empty if the rhythm is {@link Rhythm#SOME_DAYS}
 * @param usualTime the circular median of the first time on each day, to the minute; empty if these times lie no closer
 *     together than other tasks of the same history would
 * @param spread within which of the usual time four of five of these times lie; zero if there is none
 */
public record Recurrence(
        Rhythm rhythm,
        int days,
        int activeDays,
        Set<DayOfWeek> weekdays,
        Optional<LocalTime> usualTime,
        Duration spread) {

    /** Which days of the calendar. */
    public enum Rhythm {
        /** Nearly every day, weekends included. */
        DAILY,
        /** Nearly every day from Monday to Friday. */
        WEEKDAYS,
        /** On the same one or two days of the week. */
        WEEKLY,
        /** On several days, but on no rule. */
        SOME_DAYS
    }

    private static final int CRON_STEP_MINUTES = 5;

    public Recurrence {
        if (days < 1 || activeDays < days)
            throw new IllegalArgumentException("days must be from 1 to activeDays, was " + days + " of " + activeDays);
        if (spread.isNegative()) throw new IllegalArgumentException("spread must not be negative, was " + spread);
        if (weekdays.isEmpty() != (rhythm == Rhythm.SOME_DAYS))
            throw new IllegalArgumentException("weekdays do not fit " + rhythm + ": " + weekdays);
        weekdays = Set.copyOf(weekdays);
    }

    /** The usual time as a cron expression, to the nearest five minutes; empty if there is no usual day or time. */
    public Optional<String> cron() {
        if (rhythm == Rhythm.SOME_DAYS) return Optional.empty();
        return usualTime.map(time -> {
            int minute = time.toSecondOfDay() / 60;
            int rounded = (minute + CRON_STEP_MINUTES / 2) / CRON_STEP_MINUTES * CRON_STEP_MINUTES;
            // Midnight would be another day.
            if (rounded == 24 * 60) rounded = minute;
            return rounded % 60 + " " + rounded / 60 + " * * " + cronDays();
        });
    }

    private String cronDays() {
        return switch (rhythm) {
            case DAILY -> "*";
            case WEEKDAYS -> "MON-FRI";
            case WEEKLY, SOME_DAYS ->
                EnumSet.copyOf(weekdays).stream()
                        .map(day -> day.name().substring(0, 3))
                        .collect(Collectors.joining(","));
        };
    }
}
