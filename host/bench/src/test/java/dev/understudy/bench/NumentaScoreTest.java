package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.bench.NumentaScore.Profile;
import dev.understudy.bench.NumentaScore.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected figures follow from the paper's sigmoid 2 / (1 + exp(5 y)) - 1 by hand. */
class NumentaScoreTest {
    private static double score(Profile profile, Integer... alarms) {
        var score = new NumentaScore(profile);
        score.add(1000, List.of(new Window(500, 599)), List.of(alarms));
        return score.score();
    }

    @Test
    void isNothingForADetectorThatNeverAlarms() {
        assertThat(score(Profile.STANDARD)).isZero();
    }

    @Test
    void isAHundredForAnAlarmAtTheStartOfEveryWindow() {
        assertThat(score(Profile.STANDARD, 500)).isCloseTo(100, within(1e-9));
    }

    @Test
    void isLessForALaterAlarm() {
        // Half way, y = -0.5: (2 / (1 + exp(-2.5)) - 1) / (2 / (1 + exp(-5)) - 1) = 0.848284 / 0.986614 = 0.859793.
        assertThat(score(Profile.STANDARD, 550)).isCloseTo(100 * (0.859793 + 1) / 2, within(1e-4));
    }

    @Test
    void countsTheBestOfSeveralAlarmsInOneWindow() {
        assertThat(score(Profile.STANDARD, 500, 520, 590)).isCloseTo(100, within(1e-9));
    }

    @Test
    void chargesAnAlarmBeforeAnyWindowInFull() {
        assertThat(score(Profile.STANDARD, 300, 500)).isCloseTo(100 * (1 - 0.11 + 1) / 2, within(1e-9));
        assertThat(score(Profile.REWARD_LOW_FALSE_POSITIVES, 300, 500))
                .isCloseTo(100 * (1 - 0.22 + 1) / 2, within(1e-9));
    }

    @Test
    void chargesAnAlarmSoonAfterAWindowLess() {
        // 10 values after a window of 99 steps: y = 0.10101, sigmoid -0.247324.
        assertThat(score(Profile.STANDARD, 500, 609)).isCloseTo(100 * (1 - 0.11 * 0.247324 + 1) / 2, within(1e-3));
    }

    @Test
    void leavesOutTheFirst15Percent() {
        assertThat(score(Profile.STANDARD, 10, 149, 500)).isCloseTo(100, within(1e-9));
    }
}
