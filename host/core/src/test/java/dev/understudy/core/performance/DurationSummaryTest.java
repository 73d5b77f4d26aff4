package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationSummaryTest {
    private static final long MILLI = 1_000_000;

    private static DurationSummary upTo(int millis) {
        var summary = new DurationSummary();
        for (int i = 1; i <= millis; i++) summary.add(i * MILLI, true, false);
        return summary;
    }

    @Test
    void knowsPercentilesToThreeDigits() {
        DurationStatistics found = upTo(10_000).statistics();

        assertThat(found.medianMillis()).isCloseTo(5000, within(5.0));
        assertThat(found.p95Millis()).isCloseTo(9500, within(9.5));
        assertThat(found.p99Millis()).isCloseTo(9900, within(9.9));
        assertThat(found.maxMillis()).isEqualTo(10_000);
        // Of the numbers 1 to n, as a sample: n (n + 1) / 12; of milliseconds, in square seconds.
        assertThat(found.varianceSeconds2()).isCloseTo(10_000 * 10_001 / 12.0 / 1e6, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 2_047_000, 2_048_000, 123_456_789, 86_400_000_000_000L, Long.MAX_VALUE})
    void takesEveryDuration(long nanos) {
        var summary = new DurationSummary();
        summary.add(nanos, true, false);

        assertThat(summary.statistics().medianMillis()).isEqualTo(nanos / 1e6);
    }

    @Test
    void isTheSameWhetherAddedUpBeforeOrAfterItWasWritten() {
        var sum = new DurationSummary();
        sum.add(upTo(300).toBytes());
        sum.add(upTo(700).toBytes());
        DurationSummary direct = upTo(300);
        direct.add(upTo(700));

        assertThat(sum.statistics()).isEqualTo(direct.statistics());
        assertThat(sum.statistics().count()).isEqualTo(1000);
    }

    @Test
    void isSmall() {
        assertThat(upTo(1).toBytes()).hasSizeLessThan(48);
        assertThat(upTo(1000).toBytes()).hasSizeLessThan(2600);
    }

    @Test
    void refusesWhatItHasNotWritten() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new DurationSummary().add(new byte[] {7, 0, 0}))
                .withMessage("a stored summary of 3 bytes has the unknown format 7");
    }
}
