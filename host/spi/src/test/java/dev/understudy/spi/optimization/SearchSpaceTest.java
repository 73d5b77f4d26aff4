package dev.understudy.spi.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
    private static SearchSpace.Builder builder() {
        return SearchSpace.builder()
                .real("ratio", 0, 1)
                .logInteger("workers", 1, 64, 0L)
                .categorical("method", "fsync", "open")
                .real("delay", 0, 100)
                .onlyIf("method", "fsync")
                .ordinal("size", "small", "large")
                .flag("huge");
    }

    private static final Map<String, Object> GOOD =
            Map.of("ratio", 0.5, "workers", 0L, "method", "open", "size", "large", "huge", true);

    private static boolean isFewUnlessHuge(Map<String, Object> values) {
        return (values.get("workers") instanceof Long workers && workers < 8)
                || Objects.equals(values.get("huge"), true);
    }

    @Nested
    class ACandidate {
        @Test
        void hasItsValuesInTheOrderOfTheSpace() {
            Candidate candidate = builder().build().candidate(GOOD, "");
            assertThat(candidate.values().keySet()).containsExactly("ratio", "workers", "method", "size", "huge");
            assertThat(candidate.values()).isEqualTo(GOOD);
        }

        @Test
        void needsNoValueOfAnInactiveDimensionAndLosesIt() {
            Map<String, Object> with =
                    Map.of("ratio", 0.5, "workers", 3L, "method", "open", "delay", 7.0, "size", "large", "huge", true);
            SearchSpace space = builder().build();
            assertThat(space.candidate(with, "").values()).doesNotContainKey("delay");
            assertThat(space.problems(Candidate.of(with))).containsExactly("'delay' has a value, but is inactive");
        }

        @Test
        void isRefusedWithAllThatIsWrong() {
            assertThatThrownBy(() -> builder()
                            .build()
                            .candidate(
                                    Map.of(
                                            "ratio", 1.5, "workers", 65L, "method", "fsync", "size", "large", "huge",
                                            "yes", "x", 1L),
                                    ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'ratio' must be a Double from 0.0 to 1.0, was 1.5; "
                            + "'workers' must be a Long from 1 to 64 or one of [0], was 65; "
                            + "'delay' must be given, was null; 'huge' must be true or false, was yes; "
                            + "'x' is no dimension");
        }

        @Test
        void isRefusedByAConstraintInItsWords() {
            SearchSpace space = builder()
                    .constraint("workers < 8 unless huge", SearchSpaceTest::isFewUnlessHuge)
                    .build();
            assertThat(space.problems(space.candidate(GOOD, ""))).isEmpty();
            Candidate many = space.candidate(
                    Map.of("ratio", 0.5, "workers", 9L, "method", "open", "size", "large", "huge", false), "");
            assertThat(space.problems(many)).containsExactly("it must hold that workers < 8 unless huge");
        }
    }

    @Nested
    class ASpaceIsRefused {
        private void refused(SearchSpace.Builder builder, String why) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(why);
        }

        @Test
        void withoutADimensionOrWithOneTwice() {
            refused(SearchSpace.builder(), "must have a dimension");
            refused(SearchSpace.builder().flag("a").flag("a"), "two dimensions named 'a'");
        }

        @Test
        void withAConditionThatCannotHold() {
            refused(SearchSpace.builder().flag("a").onlyIf("b", true).flag("b"), "no earlier dimension");
            refused(SearchSpace.builder().flag("a").flag("b").onlyIf("a", "on"), "must be true or false");
        }

        @Test
        void ifItsCurrentSettingLiesOutside() {
            refused(builder().current(Map.of("ratio", 2.0)), "'ratio' must be");
            refused(
                    builder()
                            .constraint("ratio < 0.5", values -> !Objects.equals(values.get("ratio"), 0.5))
                            .current(GOOD),
                    "ratio < 0.5");
        }

        @Test
        void withBoundsThatAreReversedOrOffTheScale() {
            assertThatThrownBy(() -> SearchSpace.builder().real("a", 2, 1)).hasMessageContaining("the lower first");
            assertThatThrownBy(() -> SearchSpace.builder().integer("a", 5, 5)).hasMessageContaining("the lower first");
            assertThatThrownBy(() -> SearchSpace.builder().logReal("a", 0, 1)).hasMessageContaining("positive");
            assertThatThrownBy(() -> SearchSpace.builder().logInteger("a", 0, 9))
                    .hasMessageContaining("at least 1");
            assertThatThrownBy(() -> SearchSpace.builder().real("a", Double.NaN, 1))
                    .hasMessageContaining("finite");
            assertThatThrownBy(() -> SearchSpace.builder().categorical("a", "x"))
                    .hasMessageContaining("two values");
            assertThatThrownBy(() -> SearchSpace.builder().ordinal("a", "x", "x"))
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> SearchSpace.builder().flag("1 a")).hasMessageContaining("no name");
        }
    }

    @Nested
    class Measurements {
        @Test
        void areSummedUpByMeanAndSampleDeviation() {
            // Worked by hand: mean 4, squares 4 + 1 + 1 + 4 = 10, over 3.
            assertThat(Trial.Repeated.of(List.of(2.0, 3.0, 5.0, 6.0)))
                    .isEqualTo(new Trial.Repeated(4.0, Math.sqrt(10.0 / 3), 4));
        }

        @Test
        void mustBeNumbers() {
            assertThatThrownBy(() -> new Trial.Value(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Trial.Repeated.of(List.of(1.0))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Trial.Repeated.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
