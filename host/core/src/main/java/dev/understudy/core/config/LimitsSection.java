package dev.understudy.core.config;

import dev.understudy.sandbox.control.Limits;
import java.time.Duration;

/** Reads limits, which the configuration and an automation's metadata write in the same words. */
public final class LimitsSection {
    /** The most that {@code processes} may be. */
    public static final int MAX_PROCESSES = 10_000;
    /** The most that {@code files} may be. */
    public static final int MAX_OPEN_FILES = 1_000_000;

    private static final String TIME_RANGE = "from 1ms to 24h";

    private LimitsSection() {}

    /** Reads {@code wall}, {@code cpu}, {@code memory}, {@code processes}, {@code output}, {@code disk}, {@code files}. */
    public static Limits read(SectionReader section, Limits fallback) {
        var read = new Limits(
                section.duration("wall", fallback.wallTime(), LimitsSection::allowed, TIME_RANGE),
                section.duration("cpu", fallback.cpuTime(), LimitsSection::allowed, TIME_RANGE),
                section.bytes("memory", fallback.memoryBytes(), 16L << 20, "at least 16MiB"),
                section.integer("processes", fallback.processes(), 1, MAX_PROCESSES),
                section.bytes("output", fallback.outputBytes(), 0, "at least 0B"),
                section.bytes("disk", fallback.diskBytes(), 0, "at least 0B"),
                section.integer("files", fallback.openFiles(), 4, MAX_OPEN_FILES));
        section.finish();
        return read;
    }

    private static boolean allowed(Duration time) {
        return time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(Duration.ofHours(24)) <= 0;
    }
}
