package dev.understudy.core.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.optimization.Snapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    # weights,      cpu, memory,   io, network, score
                    1, 0, 0, 0,    0.30,   0.50,  1e8,     1e8,    70
                    0, 1, 0, 0,    0.30,   0.50,  1e8,     1e8,    50
                    0, 0, 1, 0,    0.30,   0.50,  1e8,     1e8,    50
                    0, 0, 1, 0,    0.30,   0.50,  2e8,     1e8,    66.66
                    0, 0, 0, 1,    0.30,   0.50,  1e8,     3e8,    75
                    1, 1, 0, 0,    0.30,   0.50,  1e8,     1e8,    60
                    2, 2, 2, 2,    0.30,   0.50,  1e8,     1e8,    55
                    0.3,0.2,0.4,0.1, 0.5,  0.20,  2e8,     1e8,    62.66
                    0, 0, 1, 0,    0.30,   0.50,    0,     1e8,     0.1
                    """)
    void scoresAMachineAgainstTheSameWithItsSettingsOfBefore(
            double cpu,
            double memory,
            double io,
            double network,
            double user,
            double used,
            double bytes,
            double traffic,
            double score) {
        assertThat(new Weights(cpu, memory, io, network)
                        .score(Snapshots.of(user, used, bytes, traffic), Snapshots.of(0.5, 0.5, 1e8, 1e8)))
                .isCloseTo(score, within(0.05));
    }

    @Test
    void takesTrafficOutOfNothingForNoise() {
        assertThat(new Weights(0, 0, 1, 0).score(Snapshots.of(0, 0, 5000, 0), Snapshots.of(0, 0, 0, 0)))
                .isCloseTo(51.2, within(0.05));
    }

    @Test
    void mustNotAllBeZeroNorBeNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Weights(0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Weights(1, -1, 0, 0));
    }
}
