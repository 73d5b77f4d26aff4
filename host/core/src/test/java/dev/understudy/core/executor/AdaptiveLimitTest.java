package dev.understudy.core.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A machine on which so many runs at once are as fast as one, and more share it. */
class AdaptiveLimitTest {
    private static Duration duration(int atOnce, int capacity, Random random) {
        double slowed = Math.max(1, (double) atOnce / capacity);
        return Duration.ofNanos((long) (10_000_000 * slowed * (0.9 + 0.2 * random.nextDouble())));
    }

    private static int settled(int most, int capacity) {
        var limit = new AdaptiveLimit(most);
        var random = new Random(1);
        int highest = 0;
        for (int i = 0; i < 200 * AdaptiveLimit.WINDOW; i++) {
            limit.add(duration(limit.limit(), capacity, random), true);
            if (i > 100 * AdaptiveLimit.WINDOW) highest = Math.max(highest, limit.limit());
        }
        return highest;
    }

    @Test
    void risesToWhatTheMachineCarriesAndNotFarBeyond() {
        assertThat(settled(64, 8)).isBetween(8, 24);
    }

    @Test
    void findsItsWayBackWhenAllRunsTakeLonger() {
        var limit = new AdaptiveLimit(64);
        for (int i = 0; i < 10 * AdaptiveLimit.WINDOW; i++) limit.add(Duration.ofMillis(10), true);
        for (int i = 0; i < 100 * AdaptiveLimit.WINDOW; i++) limit.add(Duration.ofMillis(100), true);
        assertThat(limit.limit()).isGreaterThan(20);
    }

    @Test
    void neverExceedsWhatIsAllowed() {
        assertThat(settled(4, 100)).isEqualTo(4);
    }

    @Test
    void staysWhereNobodyWaits() {
        var limit = new AdaptiveLimit(64);
        int before = limit.limit();
        for (int i = 0; i < 50 * AdaptiveLimit.WINDOW; i++) limit.add(Duration.ofMillis(10), false);
        assertThat(limit.limit()).isEqualTo(before);
    }

    @Test
    void fallsWhereRunsStandInEachOthersWay() {
        var limit = new AdaptiveLimit(64);
        for (int i = 0; i < 10 * AdaptiveLimit.WINDOW; i++) limit.add(Duration.ofMillis(10), true);
        int before = limit.limit();
        for (int i = 0; i < 3 * AdaptiveLimit.WINDOW; i++) limit.add(Duration.ofMillis(40), true);
        assertThat(limit.limit()).isLessThan(before);
    }
}
