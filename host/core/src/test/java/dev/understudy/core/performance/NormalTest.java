package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.Normal.Origin;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NormalTest {
    private static final double MINUTE = 60_000;

    private static Normal of(String yaml, double... millis) {
        var config = Config.parse("test", yaml);
        return Normal.of(
                config.thresholds(),
                Optional.ofNullable(config.performanceAnalysis().workflows().get("nightly")),
                millis);
    }

    @Test
    void isWhatIsConfiguredForInteractiveWork() {
        assertThat(of("", 6000, 7000, 8000)).isEqualTo(new Normal(Config.DEFAULT.thresholds(), Origin.CONFIGURED));
        assertThat(of("")).isEqualTo(new Normal(Config.DEFAULT.thresholds(), Origin.CONFIGURED));
    }

    @Test
    void isWhatAJobHasAlwaysTaken() {
        double[] nights = new double[30];
        Arrays.fill(nights, 29 * MINUTE);

        Normal found = of("", nights);

        // A tenth more, since it never varied.
        assertThat(found.thresholds().maxDuration())
                .isEqualTo(Duration.ofMinutes(29).multipliedBy(11).dividedBy(10));
        assertThat(found.thresholds().bottleneck()).isEqualTo(found.thresholds().maxDuration());
        assertThat(found.origin()).isEqualTo(Origin.LEARNT);
    }

    @Test
    void takesNoNoticeOfOneBadNight() {
        // Median 30 min, median deviation from it 2 min: 30 + 3 × 1.4826 × 2 = 38.8956 min.
        assertThat(of("", 26 * MINUTE, 28 * MINUTE, 30 * MINUTE, 32 * MINUTE, 300 * MINUTE)
                        .thresholds()
                        .maxDuration())
                .isEqualTo(Duration.ofNanos(Math.round(38.8956 * 60e9)));
    }

    @Test
    void isWhatIsSetForOne() {
        Normal found = of("""
                performance_analysis:
                  workflows: { nightly: { max_duration_ms: 1200000, bottleneck_threshold_ms: 600000, min_success_rate: 0.5 } }
                """, 29 * MINUTE);

        assertThat(found.origin()).isEqualTo(Origin.SET);
        assertThat(found.thresholds().maxDuration()).isEqualTo(Duration.ofMinutes(20));
        assertThat(found.thresholds().bottleneck()).isEqualTo(Duration.ofMinutes(10));
        assertThat(found.thresholds().minSuccessRate()).isEqualTo(0.5);
    }
}
