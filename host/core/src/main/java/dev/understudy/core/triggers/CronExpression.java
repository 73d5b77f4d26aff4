package dev.understudy.core.triggers;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A cron expression: minute, hour, day of month, month and day of week, as crontab(5) has them. Immutable.
 *
 * <p>If both days are restricted (neither starts with {@code *}), a date that fits either of them fits. Where the clock
 * is put forward, the times that do not exist fire together, once, at the instant at which it is put forward; where it is
 * put back, a time that happens twice fires the first time only. An expression whose hour is unrestricted counts hours
 * that pass, not hours on the clock: it leaves out what does not exist and fires in both of the repeated hours.
 */
public final class CronExpression {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    /** A 29 February is at most eight years away (1896 to 1904, 2096 to 2104). */
    private static final int MAX_DAYS_AWAY = 8 * 366 + 2;

    private static final long ALL_HOURS = (1L << 24) - 1;

    private final String text;
    private final long minutes;
    private final long hours;
    private final long daysOfMonth;
    private final long months;
    private final long daysOfWeek;
    private final boolean eitherDay;

    private CronExpression(String text, List<String> words) throws CronMistake {
        this.text = text;
        minutes = CronField.MINUTE.parse(words.get(0));
        hours = CronField.HOUR.parse(words.get(1));
        daysOfMonth = CronField.DAY_OF_MONTH.parse(words.get(2));
        months = CronField.MONTH.parse(words.get(3));
        long days = CronField.DAY_OF_WEEK.parse(words.get(4));
        // Sunday is 0 and 7.
        daysOfWeek = (days | days >> 7) & 0x7f;
        boolean anyDayOfMonth = words.get(2).startsWith("*");
        boolean anyDayOfWeek = words.get(4).startsWith("*");
        eitherDay = !anyDayOfMonth && !anyDayOfWeek;
        if (!eitherDay && !hasSomeDate())
            throw new CronMistake(
                    "names the day " + words.get(2) + " of month " + words.get(3) + ", which no year has",
                    "but must name a day that exists");
    }

    /**
     * Reads an expression or a nickname such as {@code @daily}.
     *
     * @throws CronMistake if it is none
     */
    static CronExpression parse(String text) throws CronMistake {
        String spelt = text.strip();
        if (spelt.startsWith("@")) {
            String expression = NICKNAMES.get(spelt);
            if (expression == null)
                throw new CronMistake(
                        "is '" + spelt + "'",
                        "but must be five fields or one of " + String.join(", ", new TreeSet<>(NICKNAMES.keySet())));
            return new CronExpression(spelt, List.of(expression.split(" ")));
        }
        List<String> words = List.of(spelt.split("\\s+"));
        if (words.size() != CronField.values().length)
            throw new CronMistake(
                    "has " + words.size() + (words.size() == 1 ? " field" : " fields"),
                    "but must have five: minute, hour, day of month, month, day of week, like '0 9 * * MON-FRI'");
        return new CronExpression(String.join(" ", words), words);
    }

    /** The first time after an instant, or empty if there is none within eight years. */
    Optional<Instant> next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        // A time that does not exist fires at the end of its gap, which may be the day after.
        LocalDate date = after.atZone(zone).toLocalDate().minusDays(1);
        for (int i = 0; i < MAX_DAYS_AWAY; i++, date = date.plusDays(1)) {
            if (!fits(date)) continue;
            Instant found = instantsOf(date, rules).higher(after);
            if (found != null) return Optional.of(found);
        }
        return Optional.empty();
    }

    /** The last time up to and including an instant, or empty if there is none within eight years. */
    Optional<Instant> previous(Instant upTo, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        LocalDate date = upTo.atZone(zone).toLocalDate().plusDays(1);
        for (int i = 0; i < MAX_DAYS_AWAY; i++, date = date.minusDays(1)) {
            if (!fits(date)) continue;
            Instant found = instantsOf(date, rules).floor(upTo);
            if (found != null) return Optional.of(found);
        }
        return Optional.empty();
    }

    private boolean fits(LocalDate date) {
        if (!has(months, date.getMonthValue())) return false;
        boolean month = has(daysOfMonth, date.getDayOfMonth());
        boolean week = has(daysOfWeek, date.getDayOfWeek().getValue() % 7);
        return eitherDay ? month || week : month && week;
    }

    private NavigableSet<Instant> instantsOf(LocalDate date, ZoneRules rules) {
        var instants = new TreeSet<Instant>();
        boolean elapsed = hours == ALL_HOURS;
        for (int hour = 0; hour < 24; hour++) {
            if (!has(hours, hour)) continue;
            for (int minute = 0; minute < 60; minute++) {
                if (!has(minutes, minute)) continue;
                LocalDateTime time = LocalDateTime.of(date, LocalTime.of(hour, minute));
                List<ZoneOffset> offsets = rules.getValidOffsets(time);
                ZoneOffsetTransition gap = offsets.isEmpty() ? rules.getTransition(time) : null;
                if (gap != null && !elapsed) instants.add(gap.getInstant());
                for (ZoneOffset offset : elapsed || offsets.size() < 2 ? offsets : offsets.subList(0, 1))
                    instants.add(time.toInstant(offset));
            }
        }
        return instants;
    }

    private boolean hasSomeDate() {
        for (Month month : Month.values()) {
            if (!has(months, month.getValue())) continue;
            long inMonth = (1L << (month.maxLength() + 1)) - 1;
            if ((daysOfMonth & inMonth) != 0) return true;
        }
        return false;
    }

    private static boolean has(long values, int value) {
        return (values & 1L << value) != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression that
                && minutes == that.minutes
                && hours == that.hours
                && daysOfMonth == that.daysOfMonth
                && months == that.months
                && daysOfWeek == that.daysOfWeek
                && eitherDay == that.eitherDay;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(minutes * 31 + hours * 7 + daysOfMonth * 5 + months * 3 + daysOfWeek);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
