package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    /** The probabilities are those of Kendall's S in Hollander and Wolfe, "Nonparametric Statistical Methods", table A.30. */
    @Nested
    class TheMannKendallTest {
        @Test
        void givesTheTabulatedProbabilityOfAPerfectRise() {
            assertThat(Statistics.risesByChance(new double[] {1, 2, 3, 4})).isCloseTo(0.042, within(0.0005));
            assertThat(Statistics.risesByChance(new double[] {1, 2, 3, 4, 5})).isCloseTo(0.0083, within(0.00005));
        }

        @Test
        void givesTheTabulatedProbabilityOfARiseWithOneInversion() {
            assertThat(Statistics.risesByChance(new double[] {1, 2, 4, 3, 5})).isCloseTo(0.042, within(0.0005));
        }

        @Test
        void takesAFallForNoRise() {
            assertThat(Statistics.risesByChance(new double[] {4, 3, 2, 1})).isEqualTo(1);
        }

        @Test
        void seesNoRiseInAConstant() {
            assertThat(Statistics.risesByChance(new double[] {3, 3, 3, 3, 3, 3}))
                    .isEqualTo(1);
        }
    }

    @Test
    void theMedianSlopeOfALineWithOneOutlierIsTheLines() {
        double[] times = {0, 1, 2, 3, 4, 5, 6};
        double[] values = {10, 12, 14, 900, 18, 20, 22};

        assertThat(Statistics.medianSlope(times, values)).isEqualTo(2);
    }

    /** Welch's own example: samples of unequal size and spread. */
    @Test
    void welchsTestAgreesWithItsClosedForm() {
        double[] one = {1, 2, 3, 4, 5};
        double[] other = {1, 2, 3, 4, 5};

        assertThat(Statistics.differByChance(one, other)).isEqualTo(1);
    }
}
