package dev.understudy.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomationPotentialTest {
    private static AutomationPotential of(int occurrences, double seconds, double days) {
        return AutomationPotential.of(
                occurrences, Duration.ofMillis(Math.round(seconds * 1000)), Duration.ofHours(Math.round(days * 24)));
    }

    /** The figures are worked out by hand: ln 2 / ln 11 = 0.28906, ln 4 / ln 11 = 0.57813, ln 6 / ln 11 = 0.74722. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 0.115626, 0, 0.3",
        "3, 1, 7, 0.231252, 0.086719, 0.15",
        "5, 5, 14, 0.298889, 0.224167, 0.075",
        "10, 10, 70, 0.4, 0.3, 0.000293",
        "500, 3600, 0, 0.4, 0.3, 0.3"
    })
    void isMadeOfFrequencySavingsAndRecency(
            int occurrences, double seconds, double days, double frequency, double savings, double recency) {
        AutomationPotential potential = of(occurrences, seconds, days);

        assertThat(potential.frequency()).isCloseTo(frequency, within(1e-6));
        assertThat(potential.timeSavings()).isCloseTo(savings, within(1e-6));
        assertThat(potential.recency()).isCloseTo(recency, within(1e-6));
        assertThat(potential.total()).isCloseTo(frequency + savings + recency, within(3e-6));
    }

    @Test
    void takesWhatIsYetToComeForNow() {
        assertThat(AutomationPotential.of(3, Duration.ZERO, Duration.ofDays(-1)).recency())
                .isEqualTo(0.3);
    }

    /** By the formula 0.3 (f - a) / (f + a + 2): nothing, one for, one against, ten for, and half of one for. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 0.1", "0, 1, -0.1", "10, 0, 0.25", "0.5, 0, 0.06", "2, 2, 0"})
    void isMovedByWhatPeopleDecided(double inFavour, double against, double part) {
        AutomationPotential before = of(3, 1, 7);
        AutomationPotential potential =
                before.with(new AutomationPotential.Experience(1, 1, 0, Duration.ZERO, inFavour, against));
        assertThat(potential.experience().part()).isCloseTo(part, within(1e-9));
        assertThat(potential.total()).isCloseTo(before.total() + part, within(1e-9));
    }

    @Test
    void staysBetweenNothingAndAll() {
        var all = new AutomationPotential.Experience(1, 0, 0, Duration.ZERO, 100, 0);
        var nothing = new AutomationPotential.Experience(0, 1, 0, Duration.ZERO, 0, 100);
        assertThat(of(500, 3600, 0).with(all).total()).isEqualTo(1);
        assertThat(of(1, 0, 70).with(nothing).total()).isZero();
    }

    @Test
    void refusesPartsBeyondTheirShare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AutomationPotential(0.41, 0, 0, 1, Duration.ZERO, Duration.ZERO))
                .withMessageContaining("frequency must be from 0 to 0.4");
    }
}
