package dev.understudy.spi.performance;

import java.time.Duration;
import java.time.Instant;

/** Times that are told apart by nanoseconds in 64 bits, which is how they are kept and added. */
final class Spans {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Spans() {}

    /**
     * @param what lies between the two, for the message
     * @throws IllegalArgumentException if it is more than 292 years, in either direction
     */
    static void check(String what, Instant from, Instant to) {
        if (Duration.between(from, to).abs().compareTo(LONGEST) > 0)
            throw new IllegalArgumentException(what + " must be at most 292 years, was from " + from + " to " + to);
    }
}
