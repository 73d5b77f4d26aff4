package dev.understudy.plugins.detectors;

import dev.understudy.spi.PatternDetector.Calendar;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Recurrence.Rhythm;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads from the times of some tasks how they come back by the calendar, compared with the times of all tasks.
 *
 * <p>Two guards against chance. A day of the week is a rule only if so many random days of work would all fall on it with
 * a probability of at most {@value #CHANCE}, all choices of days counted. A time of day is usual only if so many tasks
 * drawn at random from the rest of the history would lie as close together with a probability of at most {@value #CHANCE}
 * (the bound of {@link ChanceGuard#logTail}). What is done more often than {@value #MAX_TIMES_A_DAY} times a day has no
 * usual time.
 */
final class CalendarReading {
    private static final double CHANCE = 0.05;
    private static final int MAX_TIMES_A_DAY = 2;

    /** Of the days on which anything is done, the share from which on a task is one of every day. */
    private static final double NEARLY_EVERY = 0.7;

    /** Of the weeks, the same. */
    private static final double MOST_WEEKS = 0.6;

    /** On more days of the week than this it is no weekly task. */
    private static final int MAX_DAYS_OF_A_WEEKLY = 2;

    private static final int DAYS_OF_A_WEEK_OF_WORK = 5;

    /** Of the times of day, the share that the spread takes in. */
    private static final double SPREAD_SHARE = 0.8;

    private static final int DAY = 24 * 60;

    /** Minutes around the usual time: less is no evidence of precision, more no evidence of a usual time. */
    private static final int MIN_SPREAD = 15;

    private static final int MAX_SPREAD = 90;

    /** Minutes over which tasks would lie if nothing were known of the history. */
    private static final double WAKING = 10 * 60;

    private final Calendar calendar;
    private final NavigableSet<LocalDate> activeDays = new TreeSet<>();
    private final Set<DayOfWeek> activeWeekdays = EnumSet.noneOf(DayOfWeek.class);
    private final int[] tasksByMinute = new int[DAY];
    private int tasks;

    CalendarReading(Calendar calendar) {
        this.calendar = calendar;
    }

    /** Takes the time of any task. */
    void add(Instant time) {
        ZonedDateTime local = time.atZone(calendar.zone());
        activeDays.add(local.toLocalDate());
        activeWeekdays.add(local.getDayOfWeek());
        tasksByMinute[minute(local)]++;
        tasks++;
    }

    /** The days on which anything was done. */
    Set<LocalDate> activeDays() {
        return activeDays;
    }

    /** On how many days a task must have been done. */
    int recurringDays() {
        return calendar.recurringDays();
    }

    LocalDate day(Instant time) {
        return time.atZone(calendar.zone()).toLocalDate();
    }

    private static int minute(ZonedDateTime local) {
        return local.getHour() * 60 + local.getMinute();
    }

    /** Whether tasks at these times, in ascending order, come back as often as is asked for. */
    boolean recurs(List<Instant> times) {
        int wanted = calendar.recurringDays();
        if (times.size() < wanted) return false;
        List<LocalDate> days = times.stream().map(this::day).distinct().toList();
        return falls(days, wanted, 7L * wanted)
                || Arrays.stream(DayOfWeek.values()).anyMatch(weekday -> {
                    List<LocalDate> same = days.stream()
                            .filter(day -> day.getDayOfWeek() == weekday)
                            .toList();
                    return falls(same, wanted, 14L * wanted);
                });
    }

    /** Whether so many of the days fall within a span of so many. */
    private static boolean falls(List<LocalDate> days, int wanted, long span) {
        for (int last = wanted - 1; last < days.size(); last++)
            if (days.get(last).toEpochDay() - days.get(last - wanted + 1).toEpochDay() < span) return true;
        return false;
    }

    /** How tasks at these times, in ascending order, come back; empty if they do not. */
    Optional<Recurrence> of(List<Instant> times) {
        if (!recurs(times)) return Optional.empty();
        var firstByDay = new TreeMap<LocalDate, Integer>();
        for (Instant time : times) {
            ZonedDateTime local = time.atZone(calendar.zone());
            firstByDay.putIfAbsent(local.toLocalDate(), minute(local));
        }
        List<LocalDate> days = List.copyOf(firstByDay.keySet());
        int active = Math.max(days.size(), activeDays.tailSet(days.getFirst()).size());
        Set<DayOfWeek> weekdays = weekdays(days);
        Rhythm rhythm = Rhythm.WEEKLY;
        if (weekdays.isEmpty()) {
            boolean nearlyEvery = days.size() >= NEARLY_EVERY * active;
            boolean weekend = days.stream().anyMatch(day -> day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0);
            rhythm = !nearlyEvery ? Rhythm.SOME_DAYS : weekend ? Rhythm.DAILY : Rhythm.WEEKDAYS;
            if (rhythm == Rhythm.DAILY) weekdays = EnumSet.allOf(DayOfWeek.class);
            if (rhythm == Rhythm.WEEKDAYS) weekdays = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
        }
        Optional<UsualTime> usual = times.size() <= MAX_TIMES_A_DAY * days.size()
                ? usualTime(List.copyOf(firstByDay.values()), times)
                : Optional.empty();
        return Optional.of(new Recurrence(
                rhythm,
                days.size(),
                active,
                weekdays,
                usual.map(time -> LocalTime.of(time.minute / 60, time.minute % 60)),
                usual.map(time -> Duration.ofMinutes(time.spread)).orElse(Duration.ZERO)));
    }

    /** The one or two days of the week on which all these days fall, in most weeks; empty if there are none. */
    private Set<DayOfWeek> weekdays(List<LocalDate> days) {
        Set<DayOfWeek> weekdays = EnumSet.noneOf(DayOfWeek.class);
        for (LocalDate day : days) weekdays.add(day.getDayOfWeek());
        if (weekdays.size() > MAX_DAYS_OF_A_WEEKLY) return Set.of();
        int choices = Math.max(DAYS_OF_A_WEEK_OF_WORK, activeWeekdays.size());
        double sets = weekdays.size() == 1 ? choices : choices * (choices - 1) / 2.0;
        boolean chance = sets * Math.pow(weekdays.size() / (double) choices, days.size()) > CHANCE;
        long weeks = (activeDays.last().toEpochDay() - days.getFirst().toEpochDay()) / 7 + 1;
        for (DayOfWeek weekday : weekdays) {
            long on = days.stream().filter(day -> day.getDayOfWeek() == weekday).count();
            if (on < calendar.recurringDays() || on < MOST_WEEKS * weeks) return Set.of();
        }
        return chance ? Set.of() : weekdays;
    }

    private record UsualTime(int minute, int spread) {}

    private Optional<UsualTime> usualTime(List<Integer> minutes, List<Instant> own) {
        int median = circularMedian(minutes);
        int[] distances = minutes.stream()
                .mapToInt(minute -> distance(minute, median))
                .sorted()
                .toArray();
        int spread = distances[(int) Math.ceil(SPREAD_SHARE * distances.length) - 1];
        int reach = Math.max(MIN_SPREAD, spread);
        if (reach > MAX_SPREAD) return Optional.empty();
        long within = minutes.stream()
                .filter(minute -> distance(minute, median) <= reach)
                .count();
        int others = tasks - own.size();
        int near = 0;
        for (int minute = median - reach; minute <= median + reach; minute++)
            near += tasksByMinute[Math.floorMod(minute, DAY)];
        for (Instant time : own) if (distance(minute(time.atZone(calendar.zone())), median) <= reach) near--;
        double share = (Math.max(0, near) + 2 * reach / WAKING) / (Math.max(0, others) + 1);
        boolean usual = ChanceGuard.logTail(minutes.size(), share, (int) within) <= Math.log(CHANCE);
        return usual ? Optional.of(new UsualTime(median, spread)) : Optional.empty();
    }

    /**
     * The time from which the others lie least far away in all, around the clock (the circular median: Fisher, "Statistical
     * Analysis of Circular Data", 1993, section 2.3.2; we take one of the times themselves).
     */
    private static int circularMedian(List<Integer> minutes) {
        var sorted = new ArrayList<>(minutes);
        sorted.sort(null);
        int best = sorted.getFirst();
        long least = Long.MAX_VALUE;
        for (int candidate : sorted) {
            long sum = 0;
            for (int minute : sorted) sum += distance(minute, candidate);
            if (sum >= least) continue;
            least = sum;
            best = candidate;
        }
        return best;
    }

    private static int distance(int minute, int other) {
        int apart = Math.abs(minute - other);
        return Math.min(apart, DAY - apart);
    }
}
