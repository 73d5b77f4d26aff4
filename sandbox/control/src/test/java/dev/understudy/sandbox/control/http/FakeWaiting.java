package dev.understudy.sandbox.control.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Time that passes only by waiting. */
final class FakeWaiting implements Waiting {
    private final List<Duration> pauses = new ArrayList<>();
    private long nanos;

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-11-21T12:00:00Z");
    }

    @Override
    public synchronized void pause(Duration time, CountDownLatch ended) {
        pauses.add(time);
        nanos += time.toNanos();
    }

    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
