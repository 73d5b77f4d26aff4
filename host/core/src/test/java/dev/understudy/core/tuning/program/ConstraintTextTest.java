package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintTextTest {
    private static final List<Dimension> DIMENSIONS = List.of(
            new Dimension.IntegerRange("workers", 1, 64, Scale.LINEAR, List.of()),
            new Dimension.RealRange("vm.ratio", 0, 1, Scale.LINEAR, List.of()),
            new Dimension.Categorical("mode", List.of("a", "b")),
            new Dimension.Flag("sync"));
    private static final Map<String, Object> VALUES =
            Map.of("workers", 8L, "vm.ratio", 0.25, "mode", "a", "sync", true);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "workers <= 8; true",
                "workers < 8; false",
                "workers * vm.ratio = 2; true",
                "(workers + 2) * 2 - 4 / 2 >= 18; true",
                "-workers < 0; true",
                "mode = 'a'; true",
                "mode != \"a\"; false",
                "sync; true",
                "not sync; false",
                "sync = false or workers > 4 and mode = 'a'; true",
                "(sync = false or workers > 4) and mode = 'b'; false",
                "not (workers > 4 and sync); false",
                "workers = 'a'; false"
            })
    void isTrueOrFalseForValues(String text, boolean expected) {
        assertThat(ConstraintText.parse(text, DIMENSIONS).allows().test(VALUES)).isEqualTo(expected);
    }

    @Test
    void holdsIfAParameterDoesNotCount() {
        assertThat(ConstraintText.parse("workers * vm.ratio < 1", DIMENSIONS)
                        .allows()
                        .test(Map.of("workers", 8L)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "worker < 3; did you mean 'workers'?",
                "workers <; it has 'the end' where",
                "workers < 3 mode; it has 'mode' where 'and', 'or' or the end is expected",
                "workers ~ 3; '~ 3' cannot be read",
                "(workers < 3; it has"
            })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> ConstraintText.parse(text, DIMENSIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
