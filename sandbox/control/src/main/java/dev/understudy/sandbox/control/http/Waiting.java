package dev.understudy.sandbox.control.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time, as far as waiting goes. Tests replace it. */
interface Waiting {
    /** Only differences mean something, as of {@link System#nanoTime}. */
    long nanoTime();

    /** What the calendar says, for dates in headers. */
    Instant now();

    /** Returns when the time is over, or at once when the run has ended. */
    void pause(Duration time, CountDownLatch ended) throws InterruptedException;

    Waiting REAL = new Waiting() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        @SuppressWarnings("ReturnValueIgnored") // which of the two it was, the caller looks up
        public void pause(Duration time, CountDownLatch ended) throws InterruptedException {
            ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }
    };
}
