package dev.understudy.app.web;

import java.util.function.LongSupplier;

/**
 * Bounds how often wrong tokens are answered at full length: a bucket of tries that fills up again with time. Safe for use by
 * several threads.
 */
final class WrongTries {
    static final int MAX = 10;
    static final long NANOS_EACH = 6_000_000_000L;

    private final LongSupplier nanos;
    private double left = MAX;
    private long filled;

    /** @param nanos a clock that never goes back */
    WrongTries(LongSupplier nanos) {
        this.nanos = nanos;
        filled = nanos.getAsLong();
    }

    /** Takes one try; false if there have been too many of late. */
    synchronized boolean take() {
        long now = nanos.getAsLong();
        left = Math.min(MAX, left + (now - filled) / (double) NANOS_EACH);
        filled = now;
        if (left < 1) return false;
        left--;
        return true;
    }
}
