package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static CronExpression cron(String text) {
        try {
            return CronExpression.parse(text);
        } catch (CronMistake mistake) {
            throw new AssertionError(mistake.found() + ", " + mistake.allowed());
        }
    }

    /** The next times as the wall clock shows them with its offset, cut to minutes. */
    private static List<String> next(String expression, ZoneId zone, String localStart, int count) {
        CronExpression cron = cron(expression);
        Instant time = LocalDateTime.parse(localStart).atZone(zone).toInstant();
        var times = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            time = cron.next(time, zone).orElseThrow();
            times.add(time.atZone(zone).toOffsetDateTime().toString());
        }
        return times;
    }

    @Nested
    class OnOrdinaryDays {
        // 2026-11-16 is a Monday. The right-hand side follows from a calendar and crontab(5).
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                0 9 * * MON-FRI      | 2026-11-20T09:00 | 2026-11-23T09:00Z
                */15 * * * *         | 2026-11-16T23:50 | 2026-11-17T00:00Z
                5,35 8-10/2 * * *    | 2026-11-16T08:35 | 2026-11-16T10:05Z
                0 0 1 * *            | 2026-11-16T00:00 | 2026-12-01T00:00Z
                0 12 29 FEB *        | 2026-11-16T00:00 | 2028-02-29T12:00Z
                0 0 29 2 *           | 2096-03-01T00:00 | 2104-02-29T00:00Z
                30 4 1,15 * 5        | 2026-11-16T00:00 | 2026-11-20T04:30Z
                30 4 1,15 * 5        | 2026-11-27T04:30 | 2026-12-01T04:30Z
                0 0 */2 * MON        | 2026-11-17T00:00 | 2026-11-23T00:00Z
                0 0 * * 7            | 2026-11-16T00:00 | 2026-11-22T00:00Z
                0 0 * * 0            | 2026-11-16T00:00 | 2026-11-22T00:00Z
                10/20 7 * jan,Dec *  | 2026-11-16T00:00 | 2026-12-01T07:10Z
                @daily               | 2026-11-16T00:00 | 2026-11-17T00:00Z
                @weekly              | 2026-11-16T00:00 | 2026-11-22T00:00Z
                @hourly              | 2026-11-16T00:00 | 2026-11-16T01:00Z
                @monthly             | 2026-11-16T00:00 | 2026-12-01T00:00Z
                @yearly              | 2026-11-16T00:00 | 2027-01-01T00:00Z
                """)
        void comesNextAt(String expression, String after, String expected) {
            assertThat(next(expression, UTC, after, 1)).containsExactly(expected);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                0 9 * * MON-FRI | 2026-11-22T12:00:00Z | 2026-11-20T09:00:00Z
                0 9 * * *       | 2026-11-22T09:00:00Z | 2026-11-22T09:00:00Z
                0 0 29 2 *      | 2026-11-22T09:00:00Z | 2024-02-29T00:00:00Z
                """)
        void wasLastAt(String expression, Instant upTo, Instant expected) {
            assertThat(cron(expression).previous(upTo, UTC)).contains(expected);
        }
    }

    /** On 2026-03-29 Berlin goes from 01:59:59+01:00 to 03:00:00+02:00. */
    @Nested
    class WhereTheClockIsPutForward {
        @Test
        void firesOnceAtTheEndOfTheGapForATimeThatDoesNotExist() {
            assertThat(next("30 2 * * *", BERLIN, "2026-03-28T12:00", 2))
                    .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        }

        @Test
        void firesOnceForSeveralTimesThatDoNotExist() {
            assertThat(next("*/20 2,3 * * *", BERLIN, "2026-03-28T12:00", 4))
                    .containsExactly(
                            "2026-03-29T03:00+02:00",
                            "2026-03-29T03:20+02:00",
                            "2026-03-29T03:40+02:00",
                            "2026-03-30T02:00+02:00");
        }

        @Test
        void firesEveryHourThatPassesWhereTheHourIsUnrestricted() {
            assertThat(next("30 * * * *", BERLIN, "2026-03-29T00:45", 3))
                    .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00", "2026-03-29T04:30+02:00");
        }

        @Test
        void firesOnTheNextDayForADayThatDoesNotExist() {
            // Samoa had no 30 December 2011.
            assertThat(next("0 9 30 12 *", ZoneId.of("Pacific/Apia"), "2011-12-29T12:00", 1))
                    .containsExactly("2011-12-31T00:00+14:00");
        }
    }

    /** On 2026-10-25 Berlin goes from 02:59:59+02:00 back to 02:00:00+01:00. */
    @Nested
    class WhereTheClockIsPutBack {
        @Test
        void firesTheFirstTimeOnlyForATimeThatHappensTwice() {
            assertThat(next("30 2 * * *", BERLIN, "2026-10-24T12:00", 2))
                    .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        }

        @Test
        void firesInBothHoursWhereTheHourIsUnrestricted() {
            assertThat(next("30 * * * *", BERLIN, "2026-10-25T01:45", 3))
                    .containsExactly("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25T03:30+01:00");
        }

        @Test
        void knowsTheFirstTimeAsTheLatestDuringTheSecondHour() {
            assertThat(cron("30 2 * * *").previous(Instant.parse("2026-10-25T01:45:00Z"), BERLIN))
                    .contains(Instant.parse("2026-10-25T00:30:00Z"));
        }
    }

    @Nested
    class AMistake {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                0 25 * * *     | has in its hour field '25'
                60 * * * *     | has in its minute field '60'
                0 0 0 * *      | has in its day of month field '0'
                0 0 * 13 *     | has in its month field '13'
                0 0 * * MO     | has in its day of week field 'MO'
                0 0 * * FRI-MON | has in its day of week field 'FRI-MON', a range that ends before it starts
                */0 * * * *    | has in its minute field '*/0', a step of 0
                */90 * * * *   | has in its minute field '*/90', a step of 90 where the highest value is 59, which would be 0 alone
                5-59/60 * * * * | has in its minute field '5-59/60', a step of 60 where the highest value is 59, which would be 5 alone
                0 */24 * * *   | has in its hour field '*/24', a step of 24 where the highest value is 23, which would be 0 alone
                0 0 */32 * *   | has in its day of month field '*/32', a step of 32 where the highest value is 31, which would be 1 alone
                1,,2 * * * *   | has in its minute field ''
                0 0 L * *      | has in its day of month field 'L'
                0 9 * *        | has 4 fields
                0 0 9 * * MON  | has 6 fields
                daily          | has 1 field
                @reboot        | is '@reboot'
                0 0 30 2 *     | names the day 30 of month 2, which no year has
                0 0 31 4,JUN * | names the day 31 of month 4,JUN, which no year has
                """)
        void saysWhichFieldIsWrong(String expression, String found) {
            assertThatExceptionOfType(CronMistake.class)
                    .isThrownBy(() -> CronExpression.parse(expression))
                    .returns(found, CronMistake::found);
        }

        // robfig/cron#543, dagster-io/dagster#15294: */90 fires every hour and is meant to fire every 90 minutes.
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                */90 * * * *  | but for every 90 minutes there must be '0 */3 * * *' and '30 1-22/3 * * *', a trigger each
                */120 * * * * | but for every 120 minutes there must be '0 */2 * * *'
                */720 * * * * | but for every 720 minutes there must be '0 0,12 * * *'
                */77 * * * *  | but steps count anew each hour: list the minutes (0,30), or name hours and a minute
                0 */48 * * *  | but for every 2 days there must be '0 0 */2 * *'
                0 */36 * * *  | but steps count anew each day: list the hours (0,12), or name days and an hour
                """)
        void saysWhatAStepBeyondItsFieldWasProbablyMeantToBe(String expression, String meant) {
            assertThatExceptionOfType(CronMistake.class)
                    .isThrownBy(() -> CronExpression.parse(expression))
                    .returns(meant, CronMistake::allowed);
        }

        @Test
        void saysWhatIsAllowed() {
            assertThatExceptionOfType(CronMistake.class)
                    .isThrownBy(() -> CronExpression.parse("0 9 * * FUN"))
                    .returns(
                            "but there must be * or values from 0 to 7 or SUN,MON,TUE,WED,THU,FRI,SAT, in lists (a,b),"
                                    + " ranges (a-b) and steps (*/n)",
                            CronMistake::allowed);
        }
    }

    @Test
    void aDayThatTheWeekAllowsMayBeOneThatTheMonthLacks() {
        assertThat(cron("0 0 31 2 MON").next(Instant.parse("2026-11-16T00:00:00Z"), UTC))
                .isEqualTo(Optional.of(Instant.parse("2027-02-01T00:00:00Z")));
    }
}
