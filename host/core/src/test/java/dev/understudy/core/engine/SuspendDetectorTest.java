package dev.understudy.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuspendDetectorTest {
    private final FakeTime time = new FakeTime();
    private final SuspendDetector detector = new SuspendDetector();

    @BeforeEach
    void lookOnce() {
        assertThat(detector.look(time)).isEmpty();
    }

    @Test
    void seesNothingWhileBothClocksGoOn() {
        time.pass(Duration.ofHours(3));
        assertThat(detector.look(time)).isEmpty();
    }

    @Test
    void seesHowLongTheMachineSlept() {
        time.pass(Duration.ofSeconds(1));
        time.sleep(Duration.ofHours(2));
        assertThat(detector.look(time)).contains(Duration.ofHours(2));
        time.pass(Duration.ofSeconds(1));
        assertThat(detector.look(time)).isEmpty();
    }

    @Test
    void seesThatTheClockWasPutBack() {
        time.sleep(Duration.ofHours(-1));
        assertThat(detector.look(time)).contains(Duration.ofHours(-1));
    }

    @Test
    void doesNotMindSmallCorrections() {
        time.pass(Duration.ofSeconds(1));
        time.sleep(Duration.ofSeconds(4));
        assertThat(detector.look(time)).isEmpty();
    }
}
