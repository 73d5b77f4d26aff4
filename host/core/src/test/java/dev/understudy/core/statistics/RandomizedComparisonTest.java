package dev.understudy.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.statistics.RandomizedComparison.Block;
import dev.understudy.core.statistics.RandomizedComparison.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RandomizedComparisonTest {

    @Nested
    class InOneBlockOfNine {
        // Four of nine can be the candidate's in C(9,4) = 126 ways; 4 % of these are 5.04.
        private static final int PLANNED = 9;

        @Test
        void isShownByTheBestFiveOf126Orders() {
            // The candidate's ranks from below; the sums of ranks 1+2+3+4 and 1+2+3+5 come once each, with 1+2+3+6 and
            // 1+2+4+5
            // these are the best four, as values are spaced evenly.
            assertThat(finding(List.of(1.0, 2.0, 3.0, 4.0))).isEqualTo(Finding.SHOWN);
            assertThat(finding(List.of(1.0, 2.0, 4.0, 5.0))).isEqualTo(Finding.SHOWN);
        }

        @Test
        void isNotShownByASumOfRanksThatSevenOrdersReach() {
            // 1+2+3+7, 1+2+4+6 and 1+3+4+5 make 13: with the four below, seven of 126 orders, 5.6 %.
            assertThat(finding(List.of(1.0, 3.0, 4.0, 5.0))).isEqualTo(Finding.NOT_SHOWN);
        }

        private static Finding finding(List<Double> candidate) {
            var reference = new ArrayList<>(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0));
            reference.removeAll(candidate);
            return RandomizedComparison.finding(List.of(new Block(reference, candidate)), PLANNED);
        }

        @Test
        void neverIsIfAllMeasurementsAgree() {
            var same = RandomizedComparison.of(
                    List.of(new Block(Collections.nCopies(5, 7.0), Collections.nCopies(4, 7.0))), PLANNED);
            assertThat(same.finding()).isEqualTo(Finding.NOT_SHOWN);
            assertThat(same.difference()).isCloseTo(0, within(1e-6));
        }

        @Test
        void isWithoutNoiseAndSaysByHowMuch() {
            var found = RandomizedComparison.of(
                    List.of(new Block(Collections.nCopies(5, 10.0), Collections.nCopies(4, 7.0))), PLANNED);
            assertThat(found.finding()).isEqualTo(Finding.SHOWN);
            assertThat(found.difference()).isCloseTo(3, within(1e-6));
            assertThat(found.low()).isCloseTo(3, within(1e-6));
            assertThat(found.high()).isCloseTo(3, within(1e-6));
        }

        @Test
        void isThoughOneMeasurementOfTheCandidateIsFarOut() {
            List<Double> reference = List.of(100.0, 101.0, 102.0, 103.0, 500.0);
            assertThat(RandomizedComparison.finding(
                            List.of(new Block(reference, List.of(80.0, 81.0, 82.0, 83.0))), PLANNED))
                    .isEqualTo(Finding.SHOWN);
        }
    }

    @Nested
    class BeforeAllIsMeasured {
        @Test
        void oneSmallBlockShowsNothing() {
            // Two of four in 6 ways, so even the best order comes with a chance of 17 %.
            var found = RandomizedComparison.of(List.of(new Block(List.of(9.0, 9.1), List.of(1.0, 1.1))), 30);
            assertThat(found.finding()).isEqualTo(Finding.NOT_SHOWN);
            assertThat(found.bounded()).isFalse();
        }

        @Test
        void aClearDifferenceIsShownEarly() {
            var random = new Random(3);
            var blocks = new ArrayList<Block>();
            for (int i = 0; i < 2; i++) blocks.add(block(random, 0.5));
            // Half of the plan: at most a quarter of the error rate may be spent, 1 %; 1 of 70 * 70 orders is 0.02 %.
            assertThat(RandomizedComparison.finding(blocks, 32)).isEqualTo(Finding.SHOWN);
        }
    }

    @Nested
    class TheInterval {
        @Test
        void holdsTheTruthAsOftenAsItSaysAlsoWhenOneStopsEarly() {
            var random = new Random(5);
            int sessions = 400;
            int below = 0;
            int above = 0;
            for (int i = 0; i < sessions; i++) {
                var blocks = new ArrayList<Block>();
                for (int look = 0; look < 3; look++) {
                    blocks.add(block(random, 0.05));
                    if (RandomizedComparison.finding(blocks, 24) == Finding.SHOWN) break;
                }
                var found = RandomizedComparison.of(blocks, 24);
                if (found.low() > 0.05) below++;
                if (found.high() < 0.05) above++;
            }
            // 4 % of 400 are 16, and their standard deviation is 3.9.
            assertThat(below).isLessThan(16 + 8);
            assertThat(above).isLessThan(16 + 8);
        }
    }

    private static Block block(Random random, double difference) {
        var reference = new ArrayList<Double>();
        var candidate = new ArrayList<Double>();
        for (int i = 0; i < 4; i++) {
            reference.add(1 + 0.05 * random.nextGaussian());
            candidate.add(1 - difference + 0.05 * random.nextGaussian());
        }
        return new Block(reference, candidate);
    }
}
