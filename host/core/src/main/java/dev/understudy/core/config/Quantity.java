package dev.understudy.core.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times and sizes as people write them: {@code 30s}, {@code 1.5h}, {@code 256MiB}. */
public final class Quantity {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([A-Za-z]+)");
    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES = Map.of(
            "B", 1L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "kB", 1000L,
            "KB", 1000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L);

    /** The form of a duration, for messages. */
    public static final String DURATION_FORM = "a number with a unit (ms, s, m, h or d), like '30s'";

    /** The form of a size, for messages. */
    public static final String BYTES_FORM = "a number with a unit (B, KiB, MiB, GiB, kB, MB or GB), like '256MiB'";

    private Quantity() {}

    /** Reads a duration; empty if the text is none, or none that fits. */
    public static Optional<Duration> parseDuration(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) return Optional.empty();
        Duration unit = TIMES.get(match.group(2));
        if (unit == null) return Optional.empty();
        BigDecimal nanos = new BigDecimal(match.group(1))
                .multiply(BigDecimal.valueOf(unit.toMillis()).movePointRight(6));
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) return Optional.empty();
        return Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    /** Reads a size in bytes; empty if the text is none, or none that fits. */
    public static Optional<Long> parseBytes(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) return Optional.empty();
        Long unit = SIZES.get(match.group(2));
        if (unit == null) return Optional.empty();
        BigDecimal bytes = new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(unit));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) return Optional.empty();
        return Optional.of(bytes.longValue());
    }
}
