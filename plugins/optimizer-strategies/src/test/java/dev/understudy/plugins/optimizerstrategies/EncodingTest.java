package dev.understudy.plugins.optimizerstrategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.spi.optimization.Candidate;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final SearchSpace SPACE = SearchSpace.builder()
            .real("x", -2, 2)
            .logReal("rate", 1e-4, 1)
            .integer("n", -3, 3)
            .logInteger("workers", 1, 1000, 0L, -1L)
            .ordinal("size", "s", "m", "l")
            .categorical("method", "a", "b", "c")
            .logInteger("delay", 1, 50)
            .onlyIf("method", "b", "c")
            .flag("on")
            .build();
    private static final Encoding ENCODING = new Encoding(SPACE);

    @Nested
    class ARow {
        @Test
        void standsForThePointItCameFrom() {
            var random = new Random(1);
            for (int i = 0; i < 500; i++) {
                double[] row = ENCODING.draw(random);
                Candidate candidate = ENCODING.decode(row, "");
                assertThat(SPACE.problems(candidate)).isEmpty();
                double[] again = ENCODING.encode(candidate);
                for (int c = 0; c < row.length; c++) assertThat(again[c]).isEqualTo(row[c], within(1e-9));
                assertThat(ENCODING.decode(again, "").values().keySet())
                        .isEqualTo(candidate.values().keySet());
            }
        }

        @Test
        void hasAColumnMoreForSpecialValues() {
            assertThat(ENCODING.columns()).isEqualTo(9);
            assertThat(ENCODING.columnsOf(3)).containsExactly(3, 4);
        }

        @Test
        void isTheSameWhateverStoodWhereNothingCounts() {
            double[] one = ENCODING.canonical(new double[] {0.1, 0.2, 0.3, 0.9, 1, 0.5, 0, 0.9, 1});
            double[] other = ENCODING.canonical(new double[] {0.1, 0.2, 0.3, 0.1, 1, 0.5, 0, 0.2, 1});
            assertThat(one).isEqualTo(other);
        }
    }

    @Nested
    class DrawnPoints {
        private final Map<Object, Integer> counts = new HashMap<>();

        private void count(String name) {
            var random = new Random(2);
            for (int i = 0; i < 7000; i++)
                counts.merge(
                        ENCODING.decode(ENCODING.draw(random), "").values().getOrDefault(name, "none"),
                        1,
                        Integer::sum);
        }

        @Test
        void giveEachIntegerItsShare() {
            count("n");
            assertThat(counts).hasSize(7);
            // 1000 each; four deviations of a binomial count are 117.
            assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(883, 1117));
        }

        @Test
        void haveSpecialValuesNowAndThen() {
            count("workers");
            assertThat(counts.get(0L)).isBetween(600, 800);
            assertThat(counts.get(-1L)).isBetween(600, 800);
        }

        @Test
        void haveAConditionalValueOnlyUnderItsCondition() {
            count("delay");
            // One method of three has none.
            assertThat(counts.get("none")).isBetween(2175, 2491);
        }
    }

    @Nested
    class AnEvenDesign {
        /** Every net of a (t, m, s)-sequence in base 2: 64 points put exactly one into each 64th of a coordinate. */
        @Test
        void putsOnePointIntoEachCellOfEachCoordinate() {
            var sobol = new Sobol(5, new Random(3));
            List<double[]> places = new ArrayList<>();
            for (int i = 0; i < 64; i++) places.add(sobol.next());
            for (int c = 0; c < 5; c++) {
                int column = c;
                assertThat(places.stream().map(place -> (int) (place[column] * 64)))
                        .doesNotHaveDuplicates();
            }
        }

        @Test
        void isAnotherForAnotherSeed() {
            assertThat(new Sobol(3, new Random(4)).next()).isNotEqualTo(new Sobol(3, new Random(5)).next());
        }
    }
}
