package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.triggers.Schedule.Due;
import dev.understudy.core.triggers.Trigger.Missed;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant NINE = Instant.parse("2026-11-16T09:00:00Z");
    private static final Due NOTHING = new Due(List.of(), false);

    private static Schedule schedule(String cron, Missed missed, Instant handledUntil) {
        try {
            var trigger = new Trigger.Cron(CronExpression.parse(cron), Optional.empty(), missed);
            return new Schedule(trigger, UTC, handledUntil);
        } catch (CronMistake mistake) {
            throw new AssertionError(mistake);
        }
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-16T" + time + "Z");
    }

    @Nested
    class WhileTheHostIsUp {
        @ParameterizedTest
        @EnumSource
        void eachTimeIsDueOnce(Missed missed) {
            Schedule schedule = schedule("*/10 * * * *", missed, NINE);
            assertThat(schedule.due(at("09:09:59"))).isEqualTo(NOTHING);
            assertThat(schedule.due(at("09:10:00"))).isEqualTo(new Due(List.of(at("09:10:00")), false));
            assertThat(schedule.due(at("09:10:00"))).isEqualTo(NOTHING);
            assertThat(schedule.due(at("09:10:01"))).isEqualTo(NOTHING);
            assertThat(schedule.due(at("09:20:30"))).isEqualTo(new Due(List.of(at("09:20:00")), false));
        }

        @Test
        void nothingIsDueAgainWhenTheClockIsPutBack() {
            Schedule schedule = schedule("*/10 * * * *", Missed.RUN_ALL, NINE);
            schedule.due(at("09:10:00"));
            assertThat(schedule.due(at("08:00:00"))).isEqualTo(NOTHING);
            assertThat(schedule.due(at("09:10:00"))).isEqualTo(NOTHING);
            assertThat(schedule.due(at("09:20:00")).fire()).containsExactly(at("09:20:00"));
        }

        @Test
        void theNextTimeFollowsWhatWasHandled() {
            Schedule schedule = schedule("0 12 * * *", Missed.SKIP, NINE);
            assertThat(schedule.next()).contains(at("12:00:00"));
            schedule.due(at("12:00:00"));
            assertThat(schedule.next()).contains(Instant.parse("2026-11-17T12:00:00Z"));
        }
    }

    /** From 09:00 to 12:30 the machine slept: 10:00, 11:00 and 12:00 went by. */
    @Nested
    class AfterTheMachineSlept {
        @Test
        void skipLeavesAllOut() {
            assertThat(schedule("0 * * * *", Missed.SKIP, NINE).due(at("12:30:00")))
                    .isEqualTo(new Due(List.of(), true));
        }

        @Test
        void runOnceMakesUpForTheLatest() {
            assertThat(schedule("0 * * * *", Missed.RUN_ONCE, NINE).due(at("12:30:00")))
                    .isEqualTo(new Due(List.of(at("12:00:00")), false));
        }

        @Test
        void runAllMakesUpForEachInOrder() {
            assertThat(schedule("0 * * * *", Missed.RUN_ALL, NINE).due(at("12:30:00")))
                    .isEqualTo(new Due(List.of(at("10:00:00"), at("11:00:00"), at("12:00:00")), false));
        }

        @ParameterizedTest
        @EnumSource(names = {"SKIP", "RUN_ONCE"})
        void whatIsJustDueFiresOnTimeWhateverWasMissed(Missed missed) {
            assertThat(schedule("0 * * * *", missed, NINE).due(at("12:00:20")).fire())
                    .containsExactly(at("12:00:00"));
        }

        @Test
        void nothingWasMissedWhereNothingWasDue() {
            assertThat(schedule("0 15 * * *", Missed.SKIP, NINE).due(at("12:30:00")))
                    .isEqualTo(NOTHING);
        }

        @Test
        void runAllMakesUpForAThousandAtMostTheLatest() {
            Due due = schedule("* * * * *", Missed.RUN_ALL, NINE).due(Instant.parse("2026-11-18T09:00:00Z"));
            // 2880 minutes in two days.
            assertThat(due.fire()).hasSize(1000);
            assertThat(due.fire().getLast()).isEqualTo(Instant.parse("2026-11-18T09:00:00Z"));
            assertThat(due.leftOut()).isTrue();
        }
    }
}
