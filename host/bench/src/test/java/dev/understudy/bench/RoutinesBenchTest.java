package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.testkit.MadeRecordings;
import dev.understudy.spi.testkit.UiRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutinesBenchTest {
    @Test
    void putsThePublishedFiguresBesideItsOwn() {
        Row row = RoutinesBench.row("made", MadeRecordings.all(20, 9).subList(0, 2), 0.4);
        assertThat(row.name()).isEqualTo("made, 40 % noise");
        assertThat(row.extra()).containsEntry("goal", 0.9).containsKeys("mean", "exact", "shown", "straddling");
        assertThat(row.extra().get("published"))
                .asString()
                .contains("0.51-0.68")
                .contains("0.89");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.4})
    void meetsItsGoalsOnTheRealRecordings(double noise) throws IOException {
        List<UiRecording> recordings = RoutinesBench.recordings(Optional.of(Path.of(System.getProperty(
                "understudy.data",
                Path.of(System.getProperty("understudy.root", "."))
                        .resolve("../shared/data")
                        .toString()))));
        assumeTrue(!recordings.isEmpty(), "the real recordings are not on this machine");
        Row row = RoutinesBench.row("real recordings", recordings, noise);
        assertThat(figure(row, "mean")).isGreaterThanOrEqualTo(0.97);
        assertThat(figure(row, "exact")).isGreaterThanOrEqualTo(0.9);
        assertThat(figure(row, "straddling")).isZero();
        assertThat(figure(row, "shown")).isLessThanOrEqualTo(2 * figure(row, "true"));
    }

    private static double figure(Row row, String name) {
        return Double.parseDouble(String.valueOf(row.extra().get(name)));
    }
}
