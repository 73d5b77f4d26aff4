package dev.understudy.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.statistics.Comparison.Arm;
import dev.understudy.core.statistics.Comparison.Measure;
import dev.understudy.core.statistics.Comparison.Verdict;
import java.util.Collections;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int EXPERIMENTS = 2000;

    @Nested
    class FishersTest {
        @Test
        void givesThePValueOfTheLadyTastingTea() {
            // Fisher 1935: 3 of 4 cups right; 2 * 17/70 for both sides.
            assertThat(FisherTest.twoSided(3, 4, 1, 4)).isCloseTo(34 / 70.0, within(1e-12));
        }

        @Test
        void givesThePValueOfAnUnevenTable() {
            // The table (1, 9; 11, 3), of which many texts give 0.0027595.
            assertThat(FisherTest.twoSided(1, 12, 9, 12)).isCloseTo(0.0027594562, within(1e-9));
        }

        @Test
        void seesNothingWhereNothingRan() {
            assertThat(FisherTest.twoSided(0, 0, 3, 3)).isEqualTo(1);
            assertThat(FisherTest.twoSided(0, 5, 0, 5)).isCloseTo(1, within(1e-12));
        }
    }

    @Nested
    class TheRankSumTest {
        @Test
        void givesTheFiguresOfAWorkedExample() {
            // Hollander and Wolfe 1973, p. 69, permeability of the placenta: U = 35 of 50 pairs. By the normal
            // approximation with continuity, z = (35 - 25 - 0.5) / sqrt(50 * 16 / 12) = 1.16351, so p = 0.244623.
            double[] term = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
            double[] early = {1.15, 0.88, 0.90, 0.74, 1.21};
            var test = RankSumTest.of(term, early);
            assertThat(test.shareAFaster()).isCloseTo(1 - 35 / 50.0, within(1e-12));
            assertThat(test.pValue()).isCloseTo(0.244623, within(1e-5));
        }

        @Test
        void correctsForTies() {
            // U = 2 * 3 * 0.5 + ... by hand: A = 1 1 2, B = 1 2 2; ranks 2 2 5, so U = 9 - 6 = 3 of 9;
            // ties 3^3 - 3 twice = 48; variance 9/12 * (7 - 48/30) = 4.05; z = (1.5 - 0.5) / sqrt(4.05) = 0.496904.
            var test = RankSumTest.of(new double[] {1, 1, 2}, new double[] {1, 2, 2});
            assertThat(test.shareAFaster()).isCloseTo(2 / 3.0, within(1e-12));
            assertThat(test.pValue()).isCloseTo(0.619258, within(1e-5));
        }

        @Test
        void seesNothingWhereAllAreEqual() {
            assertThat(RankSumTest.of(new double[] {5, 5}, new double[] {5, 5}).pValue())
                    .isEqualTo(1);
        }
    }

    @Nested
    class TwoVersions {
        @Test
        void thatDoNotDifferGetAVerdictInAtMostOneOfTwentyExperiments() {
            var random = new Random(4);
            for (double rate : new double[] {0.5, 0.9, 1.0}) {
                long verdicts = IntStream.range(0, EXPERIMENTS)
                        .filter(_ -> Comparison.of(arm(random, rate, 0), arm(random, rate, 0))
                                        .verdict()
                                != Verdict.NO_DIFFERENCE)
                        .count();
                // Three standard deviations above 5 % of 2000: 100 + 3 * sqrt(95).
                assertThat(verdicts).as("success rate " + rate).isLessThanOrEqualTo(129);
            }
        }

        @Test
        void thatDifferInSuccessByTheStatedAmountAreToldApartWithTheStatedPower() {
            assertThat(Comparison.successPower(Comparison.DEFAULT_RUNS, 0.95, 0.70))
                    .isGreaterThanOrEqualTo(Comparison.STATED_POWER);
            var random = new Random(5);
            long found = IntStream.range(0, EXPERIMENTS)
                    .filter(_ -> {
                        var comparison = Comparison.of(arm(random, 0.70, 0), arm(random, 0.95, 0));
                        return comparison.verdict() == Verdict.B_BETTER && comparison.measure() == Measure.SUCCESS;
                    })
                    .count();
            assertThat(found / (double) EXPERIMENTS).isGreaterThan(Comparison.STATED_POWER - 0.03);
        }

        @Test
        void thatDifferInDurationByTheStatedAmountAreToldApartWithTheStatedPower() {
            // Two normal variables, log durations here, of which one is smaller in 70 % of pairs lie sqrt(2) * 0.524401
            // apart.
            double shift = Math.sqrt(2) * 0.524401;
            var random = new Random(6);
            long found = IntStream.range(0, EXPERIMENTS)
                    .filter(_ -> {
                        var comparison = Comparison.of(arm(random, 1, 0), arm(random, 1, shift));
                        return comparison.verdict() == Verdict.A_BETTER && comparison.measure() == Measure.DURATION;
                    })
                    .count();
            assertThat(found / (double) EXPERIMENTS).isGreaterThan(Comparison.STATED_POWER);
        }

        @Test
        void areJudgedBySuccessFirstHoweverFastTheFailingOneIs() {
            var fast = new Arm(50, Collections.nCopies(20, 1.0));
            var slow = new Arm(50, Collections.nCopies(50, 100.0));
            assertThat(Comparison.of(fast, slow))
                    .returns(Verdict.B_BETTER, Comparison::verdict)
                    .returns(Measure.SUCCESS, Comparison::measure);
        }

        @Test
        void needMoreRunsForSmallerDifferences() {
            assertThat(Comparison.detectableRate(10)).isLessThan(Comparison.detectableRate(50));
            assertThat(Comparison.detectableRate(50)).isGreaterThanOrEqualTo(0.70);
        }

        /** Log-normal durations, as those of programs are, in whole milliseconds. */
        private static Arm arm(RandomGenerator random, double rate, double shift) {
            return new Arm(
                    Comparison.DEFAULT_RUNS,
                    IntStream.range(0, Comparison.DEFAULT_RUNS)
                            .filter(_ -> random.nextDouble() < rate)
                            .mapToDouble(_ -> Math.rint(20 * Math.exp(random.nextGaussian() + shift)))
                            .boxed()
                            .toList());
        }
    }
}
