package dev.understudy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({"30s,PT30S", "250ms,PT0.25S", "1.5h,PT90M", "2 m,PT2M", "1d,PT24H", "0s,PT0S", "5min,PT5M"})
    void readsDurations(String text, Duration expected) {
        assertThat(Quantity.parseDuration(text)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"1B,1", "256MiB,268435456", "1.5KiB,1536", "1kB,1000", "2 GB,2000000000", "1GiB,1073741824"})
    void readsSizes(String text, long expected) {
        assertThat(Quantity.parseBytes(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1e3s", "1 fortnight", "999999999999999d", "30S"})
    void takesNothingElseForADuration(String text) {
        assertThat(Quantity.parseDuration(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "MiB", "-1B", "1mib", "999999999999999GiB", "∞B"})
    void takesNothingElseForASize(String text) {
        assertThat(Quantity.parseBytes(text)).isEmpty();
    }
}
