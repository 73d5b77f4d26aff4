package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.DayExpression;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PatternDetector.Calendar;
import dev.understudy.spi.PatternDetector.NearMiss;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Recurrence.Rhythm;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back by the calendar, though never three times within a day (issue 12: histories of daily work). */
class CalendarTest {
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 9);

    private final List<Task> tasks = new ArrayList<>();
    private ZoneId zone = ZoneId.of("Europe/Berlin");

    private void typed(LocalDate day, String time, String command) {
        String[] words = command.split(" ");
        boolean subcommand = words[0].equals("git");
        String type = subcommand ? words[0] + " " + words[1] : words[0];
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(Task.COMMAND, command);
        parameters.put(Task.ARGUMENTS, List.of(words).subList(subcommand ? 2 : 1, words.length));
        var start = LocalDateTime.of(day, LocalTime.parse(time)).atZone(zone).toInstant();
        tasks.add(new Task("t" + tasks.size(), type, "", parameters, start, Duration.ZERO, true));
    }

    private PatternDetector.Detection detection(PatternDetector detector, int recurringDays) {
        var settings = new Settings(3, Duration.ofHours(24), 10_000, Optional.of(new Calendar(recurringDays, zone)));
        PatternDetector.Detection detection = detector.start(settings);
        tasks.forEach(detection::accept);
        return detection;
    }

    private List<TaskPattern> patterns() {
        return detection(new RepetitiveTaskIdentifier(), 3)
                .patterns(tasks.getLast().timestamp());
    }

    private Recurrence onlyRecurrence() {
        assertThat(patterns()).hasSize(1);
        return patterns().getFirst().recurrence().orElseThrow();
    }

    @Nested
    class ATaskOfEachWorkingDay {
        @ParameterizedTest
        @ValueSource(strings = {"Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "UTC", "Pacific/Auckland"})
        void hasItsUsualHourInTheZoneOfTheMachine(String id) {
            zone = ZoneId.of(id);
            for (String time : List.of("08:58", "09:02", "09:00", "09:04", "08:57"))
                typed(MONDAY.plusDays(tasks.size()), time, "git pull");
            assertThat(onlyRecurrence())
                    .isEqualTo(new Recurrence(
                            Rhythm.WEEKDAYS,
                            5,
                            5,
                            Set.of(
                                    DayOfWeek.MONDAY,
                                    DayOfWeek.TUESDAY,
                                    DayOfWeek.WEDNESDAY,
                                    DayOfWeek.THURSDAY,
                                    DayOfWeek.FRIDAY),
                            Optional.of(LocalTime.of(9, 0)),
                            Duration.ofMinutes(3)));
            assertThat(onlyRecurrence().cron()).contains("0 9 * * MON-FRI");
        }

        @Test
        void keepsItsHourWhereTheClockIsPutBack() {
            // Berlin put its clocks back on Sunday, 2026-10-25.
            for (int day = 0; day < 10; day++) typed(LocalDate.of(2026, 10, 21).plusDays(day), "07:30", "git pull");
            assertThat(onlyRecurrence().usualTime()).contains(LocalTime.of(7, 30));
            assertThat(onlyRecurrence().spread()).isZero();
            assertThat(onlyRecurrence().cron()).contains("30 7 * * *");
        }

        @Test
        void hasAUsualHourAroundMidnight() {
            typed(MONDAY, "23:58", "git pull");
            typed(MONDAY.plusDays(2), "00:02", "git pull");
            typed(MONDAY.plusDays(3), "00:04", "git pull");
            assertThat(onlyRecurrence().usualTime()).contains(LocalTime.of(0, 2));
            assertThat(onlyRecurrence().spread()).isEqualTo(Duration.ofMinutes(4));
        }

        @Test
        void isNoPatternOnTwoDays() {
            typed(MONDAY, "09:00", "git pull");
            typed(MONDAY.plusDays(1), "09:00", "git pull");
            assertThat(patterns()).isEmpty();
            assertThat(detection(new RepetitiveTaskIdentifier(), 2)
                            .patterns(tasks.getLast().timestamp()))
                    .hasSize(1);
        }

        @Test
        void isNoPatternOnDaysFarApart() {
            for (int month = 0; month < 3; month++) typed(MONDAY.plusDays(50L * month + month), "09:00", "git pull");
            assertThat(patterns()).isEmpty();
        }

        @Test
        void hasNoUsualHourThatItSharesWithEverythingElse() {
            for (int day = 0; day < 3; day++) {
                for (int other = 0; other < 40; other++)
                    typed(MONDAY.plusDays(day), "09:%02d".formatted(other), "true " + day + "x" + other + "y");
                typed(MONDAY.plusDays(day), "09:%02d".formatted(13 * day), "git pull");
            }
            assertThat(patterns().stream()
                            .filter(pattern -> pattern.taskType().equals("git pull"))
                            .findFirst()
                            .orElseThrow()
                            .recurrence()
                            .orElseThrow()
                            .usualTime())
                    .isEmpty();
        }
    }

    @Nested
    class ATaskOfEachFriday {
        @Test
        void isWeekly() {
            for (int week = 0; week < 4; week++) {
                for (int day = 0; day < 5; day++)
                    typed(MONDAY.plusDays(7L * week + day), "10:1" + day, "make v" + week + "x" + day);
                typed(MONDAY.plusDays(7L * week + 4), "16:30", "tar czf week.tgz notes");
            }
            TaskPattern weekly = patterns().stream()
                    .filter(pattern -> pattern.taskType().equals("tar"))
                    .findFirst()
                    .orElseThrow();
            assertThat(weekly.recurrence().orElseThrow().rhythm()).isEqualTo(Rhythm.WEEKLY);
            assertThat(weekly.recurrence().orElseThrow().cron()).contains("30 16 * * FRI");
        }

        @Test
        void isWeeklyEvenIfNothingElseIsKnown() {
            for (int week = 0; week < 3; week++) typed(MONDAY.plusDays(7L * week), "09:00", "git pull");
            assertThat(onlyRecurrence().cron()).contains("0 9 * * MON");
        }
    }

    @Nested
    class WhatIsTypedTheSameButForTheDay {
        @Test
        void isARoutineOfItsOwnBesideItsRelatives() {
            for (int day = 0; day < 4; day++) {
                typed(MONDAY.plusDays(day), "09:00", "run --select orders");
                typed(MONDAY.plusDays(day), "14:%d0".formatted(day), "run --select part" + day);
            }
            assertThat(patterns())
                    .extracting(pattern -> pattern.parameters().getOrDefault(Task.COMMAND, ""))
                    .contains("run --select orders", "run --select {select}");
        }
    }

    @Nested
    class AParameterThatIsTheDay {
        @ParameterizedTest
        @CsvSource({
            "0, yyyy-MM-dd, {today}",
            "0, yyyyMMdd, {today:%Y%m%d}",
            "0, dd-MM-yyyy, {today:%d-%m-%Y}",
            "0, yyyy/MM/dd, {today:%Y/%m/%d}",
            "-1, yyyy-MM-dd, {yesterday}",
            "-1, dd.MM.yyyy, {yesterday:%d.%m.%Y}",
            "1, yyMMdd, {tomorrow:%y%m%d}",
            "-3, yyyy-MM-dd, {today-3}",
        })
        void isThatDay(int offset, String form, String expected) {
            var format = DateTimeFormatter.ofPattern(form);
            for (int day = 0; day < 4; day++)
                typed(
                        MONDAY.plusDays(day),
                        "09:00",
                        "cp report-" + format.format(MONDAY.plusDays(day + offset)) + ".csv out");
            assertThat(patterns()).hasSize(1);
            Variable variable = patterns().getFirst().variables().getFirst();
            assertThat(variable.day()).map(DayExpression::written).contains(expected);
            assertThat(patterns().getFirst().parameters())
                    .containsEntry(Task.COMMAND, "cp report-{" + variable.name() + "}.csv out");
        }

        @Test
        void isTheLastWorkdayWhereMondayMeansFriday() {
            for (LocalDate day : List.of(MONDAY, MONDAY.plusDays(1), MONDAY.plusDays(2), MONDAY.plusDays(7)))
                typed(
                        day,
                        "09:00",
                        "load --date "
                                + (day.getDayOfWeek() == DayOfWeek.MONDAY ? day.minusDays(3) : day.minusDays(1)));
            assertThat(patterns().getFirst().variables().getFirst().day())
                    .map(DayExpression::written)
                    .contains("{last_workday}");
        }

        @Test
        void isTheDayWhereTheMachineIs() {
            // At half past midnight in Auckland it is still yesterday in UTC.
            zone = ZoneId.of("Pacific/Auckland");
            for (int day = 0; day < 3; day++)
                typed(MONDAY.plusDays(day), "00:30", "cp a b-" + MONDAY.plusDays(day) + ".txt");
            assertThat(patterns().getFirst().variables().getFirst().day())
                    .map(DayExpression::written)
                    .contains("{today}");
        }

        @Test
        void isNoneWhereOneTaskDisagrees() {
            for (int day = 0; day < 4; day++)
                typed(MONDAY.plusDays(day), "09:00", "load --date " + MONDAY.plusDays(day == 2 ? 0 : day));
            assertThat(patterns().getFirst().variables().getFirst().day()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"archive/2026-11, {month}", "archive/202611, {month:%Y%m}", "archive/2026-W46, {week}"})
        void isAMonthOrWeekThatWasTheSameOnAllDays(String folder, String expected) {
            for (int day = 0; day < 4; day++) typed(MONDAY.plusDays(day), "09:00", "cp a.csv " + folder + "/x");
            assertThat(patterns().getFirst().variables())
                    .singleElement()
                    .satisfies(variable -> assertThat(variable.day())
                            .map(DayExpression::written)
                            .contains(expected));
        }

        @Test
        void isNoneInABurst() {
            for (int i = 0; i < 4; i++) typed(MONDAY, "09:0" + i, "cp a" + i + ".csv 2026-11-09/x");
            assertThat(patterns().getFirst().variables())
                    .allSatisfy(variable -> assertThat(variable.day()).isEmpty());
        }
    }

    @Nested
    class ASequenceOfEachMorning {
        @Test
        void recursByTheCalendarWithItsDay() {
            for (int day = 0; day < 8; day++) {
                LocalDate date = MONDAY.plusDays(day + (day > 4 ? 2 : 0));
                typed(date, "09:00", "fetch orders-" + date + ".csv");
                typed(date, "09:01", "load orders-" + date + ".csv");
                for (int other = 0; other < 6; other++)
                    typed(date, "1%d:00".formatted(other), "other" + (day * 6 + other) + " x");
            }
            TaskPattern sequence = detection(new SequenceDetector(), 3)
                    .patterns(tasks.getLast().timestamp())
                    .getFirst();
            assertThat(sequence.taskType()).isEqualTo("fetch → load");
            assertThat(sequence.recurrence().orElseThrow().cron()).contains("0 9 * * MON-FRI");
            assertThat(sequence.variables())
                    .singleElement()
                    .extracting(Variable::day)
                    .isEqualTo(Optional.of(new DayExpression("today", "%Y-%m-%d")));
        }
    }

    @Nested
    class WhatComesNear {
        @Test
        void isToldWithTheNumberOfItsDays() {
            typed(MONDAY, "09:00", "git pull");
            typed(MONDAY, "09:10", "make all");
            typed(MONDAY.plusDays(1), "09:00", "git pull");
            PatternDetector.Detection detection = detection(new RepetitiveTaskIdentifier(), 3);
            assertThat(detection.patterns(tasks.getLast().timestamp())).isEmpty();
            assertThat(detection.nearMisses()).containsExactly(new NearMiss(tasks.getLast(), 2, 2, Optional.empty()));
        }
    }

    @Nested
    class WithoutACalendar {
        @Test
        void onlyBurstsCount() {
            for (int day = 0; day < 5; day++) typed(MONDAY.plusDays(day), "09:00", "git pull");
            var detection = new RepetitiveTaskIdentifier().start(new Settings(3, Duration.ofHours(24), 100));
            tasks.forEach(detection::accept);
            assertThat(detection.patterns(tasks.getLast().timestamp())).isEmpty();
        }
    }
}
