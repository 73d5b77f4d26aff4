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
                // A decimal comma (apache/mesos#391, andikleen/pmu-tools#43): half a number is no measurement.
                Arguments.of("took ([0-9.]+)", "took 0,83 s", "", new Measured(0.83)),
                Arguments.of("([0-9.]+)", "1.234,5", "", new Measured(1234.5)),
                Arguments.of("([0-9.]+)", "1,234.5", "", new Measured(1234.5)),
                Arguments.of("([0-9.]+)", "1,234,567", "", new Measured(1_234_567)),
                Arguments.of("([0-9.]+)", "12\u202f345,6 ms", "", new Measured(12_345.6)),
                Arguments.of("([0-9.]+)", "0,125", "", new Measured(0.125)),
                Arguments.of(
                        "took ([0-9.]+)",
                        "took 1,234 s",
                        "",
                        new Failed(
                                "its figure is '1,234', which may be 1234 or 1.234: let it print without the comma, for"
                                        + " example with LC_ALL=C")),
                Arguments.of("^([0-9.]+),", "5,12,7", "", new Measured(5)),
                Arguments.of("([0-9.]+)", "1.5e-05 s", "", new Measured(1.5e-5)),
                Arguments.of("([0-9.]+) ms", "-3 ms", "", new Measured(-3)),
                Arguments.of("([0-9.]+)$", "1-3", "", new Measured(3)),
                Arguments.of("took ([0-9.]+)", "took 12.", "", new Measured(12)),
                Arguments.of("/a", "{\"a\": \"0,83\"}", "", new Measured(0.83)),
                // Colours, as with FORCE_COLOR.
                Arguments.of(
                        "Score: ([0-9.]+)",
                        "\u001b[1mScore:\u001b[0m \u001b[33m42\u001b[0m points",
                        "",
                        new Measured(42)),
                Arguments.of("/a", "\u001b[32m{\"a\": 7}\u001b[0m", "", new Measured(7)),
                // As Python's json prints what is no number.
                Arguments.of("/a", "{\"b\": NaN, \"c\": -Infinity, \"a\": 7}", "", new Measured(7)),
                Arguments.of("/b", "{\"b\": NaN}", "", new Failed("its figure is NaN")),
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
        assertThat(Metric.parse(metric).of(new Ended("", false, out, err, Duration.ofMillis(1500))))
                .isEqualTo(expected);
    }
}
