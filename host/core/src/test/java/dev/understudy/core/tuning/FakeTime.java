package dev.understudy.core.tuning;

import java.time.Duration;

/** Stands still but when somebody sleeps or a test moves it. */
final class FakeTime implements TuningTime {
    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        nanos += duration.toNanos();
    }
}
