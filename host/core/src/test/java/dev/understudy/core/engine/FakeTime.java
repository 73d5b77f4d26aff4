package dev.understudy.core.engine;

import java.time.Duration;
import java.time.Instant;

/** Two clocks that a test moves. */
public final class FakeTime implements HostTime {
    private Instant wall = Instant.parse("2026-11-16T09:00:30Z");
    private long nanos = 42;

    /** Both go on. */
    public synchronized void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** The machine sleeps, or its clock is set: only the one on the wall differs after. */
    synchronized void sleep(Duration time) {
        wall = wall.plus(time);
    }

    @Override
    public synchronized Instant instant() {
        return wall;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }
}
