package dev.understudy.core.engine;

import java.time.Instant;
import java.time.InstantSource;

/** The two clocks of a machine: one on the wall, which people and networks set, and one that only goes on. */
public interface HostTime extends InstantSource {
    /** Nanoseconds of a clock that never goes back and stands still while the machine sleeps. */
    long nanos();

    /** The machine's own. */
    static HostTime system() {
        return new HostTime() {
            @Override
            public Instant instant() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
