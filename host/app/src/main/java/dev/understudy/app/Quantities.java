package dev.understudy.app;

import java.time.Duration;
import java.util.Locale;

/** Durations and sizes as a person writes them. */
final class Quantities {
    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantities() {}

    /** For example {@code 12 ms}, {@code 3.4 s}, {@code 5 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) return millis + " ms";
        if (millis < 60_000)
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0).replace(".0 s", " s");
        if (millis < 3_600_000) return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        if (millis < 86_400_000) return two(duration.toHours(), "h", duration.toMinutesPart(), "min");
        return two(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        String text = large + " " + largeUnit;
        return small == 0 ? text : text + " " + small + " " + smallUnit;
    }

    /** For example {@code 812 B}, {@code 1.5 KiB}, {@code 64 MiB}. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit < BINARY_UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        String figure = unit == 0
                ? Long.toString(bytes)
                : String.format(Locale.ROOT, "%.1f", value).replaceAll("\\.0$", "");
        return figure + " " + BINARY_UNITS[unit];
    }
}
