package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.Objective.Failed;
import dev.understudy.core.tuning.Objective.Measured;
import dev.understudy.core.tuning.program.CommandRunner.Ended;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {

    static Stream<Arguments> prints() {
        return Stream.of(
                Arguments.of("", "whatever", "", new Measured(1.5)),
                Arguments.of("took ([0-9.]+)", "took 1.5 s\ntook 2.5 s\n", "", new Measured(2.5)),
                Arguments.of("took ([0-9.]+)", "", "took 3 s", new Measured(3)),
                Arguments.of("^[0-9]+$", "a\n42\nb", "", new Measured(42)),
                Arguments.of("/a/0", "{\"a\": [7]}", "", new Measured(7)),
                Arguments.of("/a", "log line\n{\"a\": \"7.5\"}\n", "", new Measured(7.5)),
                Arguments.of("x", "", "", new Failed("it printed nothing")),
                Arguments.of("/a", " \n", "", new Failed("it printed nothing")),
                Arguments.of(".+", "NaN", "", new Failed("its figure is NaN")),
                Arguments.of("(.+)", "fast", "", new Failed("its figure is 'fast', which is no number")),
                Arguments.of("x(\\d)", "y1", "", new Failed("nothing that it printed matches 'x(\\d)'")),
                Arguments.of("/b", "{\"a\": 1}", "", new Failed("its JSON has nothing at '/b'")),
                Arguments.of("/b", "no json", "", new Failed("what it printed is no JSON")));
    }

    @ParameterizedTest
    @MethodSource("prints")
    void takesTheFigureOutOfWhatWasPrinted(String metric, String out, String err, Objective.Outcome expected) {
        assertThat(Metric.parse(metric).of(new Ended("", out, err, Duration.ofMillis(1500))))
                .isEqualTo(expected);
    }
}
