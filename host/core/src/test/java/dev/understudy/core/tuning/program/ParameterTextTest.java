package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterTextTest {

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("int:1..64", new Dimension.IntegerRange("p", 1, 64, Scale.LINEAR, List.of())),
                Arguments.of("int:-5..5|-9,9", new Dimension.IntegerRange("p", -5, 5, Scale.LINEAR, List.of(-9L, 9L))),
                Arguments.of("int:log:1..4096|0", new Dimension.IntegerRange("p", 1, 4096, Scale.LOG, List.of(0L))),
                Arguments.of("real:0.1..0.9", new Dimension.RealRange("p", 0.1, 0.9, Scale.LINEAR, List.of())),
                Arguments.of("real:log:1e-6..1", new Dimension.RealRange("p", 1e-6, 1, Scale.LOG, List.of())),
                Arguments.of("ord:s,m,l", new Dimension.Ordinal("p", List.of("s", "m", "l"))),
                Arguments.of("cat:a,b", new Dimension.Categorical("p", List.of("a", "b"))),
                Arguments.of("cat:'very fast',slow", new Dimension.Categorical("p", List.of("very fast", "slow"))),
                Arguments.of("cat:\"a,b\",don't", new Dimension.Categorical("p", List.of("a,b", "don't"))),
                Arguments.of("bool", new Dimension.Flag("p")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isReadAsADimension(String text, Dimension dimension) {
        assertThat(ParameterText.parse("p", text).dimension()).isEqualTo(dimension);
    }

    @Test
    void hasADefaultAndACondition() {
        ParameterText read = ParameterText.parse("p", "int:1..64|0 default=0 if mode=pool,queue");
        assertThat(read.fallback()).isEqualTo(Optional.of(0L));
        var mode = new Dimension.Categorical("mode", List.of("none", "pool", "queue"));
        assertThat(read.conditionOn(List.of(mode))).hasValue(new Condition("mode", Set.of("pool", "queue")));
    }

    @Test
    void hasADefaultAndAConditionOfValuesWithBlanks() {
        ParameterText read = ParameterText.parse("p", "cat:'a b','c d'  default='c d' if mode='very fast',slow");
        assertThat(read.fallback()).isEqualTo(Optional.of("c d"));
        var mode = new Dimension.Categorical("mode", List.of("very fast", "slow", "off"));
        assertThat(read.conditionOn(List.of(mode))).hasValue(new Condition("mode", Set.of("very fast", "slow")));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "int:64..1; its bounds are reversed: 64 is more than 1",
                "real:2..1; its bounds are reversed",
                "int:1..x; 'x' is no whole number",
                "int:5; '5' is no range like 1..64",
                "float:1..2; 'float' is no kind of parameter",
                "int:1..9 default=10; its default is 10, but must be",
                "int:1..9 default=x; its default 'x' is not of its kind",
                "cat:fast mode,slow; a value with blanks stands in quotes",
                "cat:'fast mode,slow; a quote is not closed: '",
                "cat:a,,b; one of its values is empty",
                "int:log:0..9; its lower bound must be at least 1",
                "int:1..9 when a=1; 'when' is neither"
            })
    void saysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> ParameterText.parse("p", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
