package dev.understudy.core.tuning;

import java.time.Duration;

/** The clock that measurements are timed by; a test brings its own. */
public interface TuningTime {
    /** Nanoseconds since some moment; never goes back. */
    long nanos();

    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;

    /** The machine's own. */
    static TuningTime system() {
        return new TuningTime() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
