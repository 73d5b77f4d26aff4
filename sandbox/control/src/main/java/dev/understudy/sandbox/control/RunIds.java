package dev.understudy.sandbox.control;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;

/** Names of runs: unique, and sortable by their start. */
public final class RunIds {
    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private RunIds() {}

    /** A name for a run that starts at an instant, with 40 random bits. */
    public static String at(Instant start, RandomGenerator random) {
        return START.format(start) + "-" + String.format("%010x", random.nextLong() & 0xff_ffff_ffffL);
    }
}
