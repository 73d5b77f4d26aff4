package dev.understudy.core.performance;

import dev.understudy.core.problem.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of time that ends with the newest record, not with now: a history that was imported long after it was made says the
 * same as on its last day.
 *
 * @param from the first moment that counts
 * @param to the first moment that no longer counts
 */
public record Period(Instant from, Instant to) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})\\s*(m|h|d|w)");

    /** Reads {@code 90m}, {@code 12h}, {@code 30d} or {@code 4w}. */
    public static Period of(String text, PerformanceHistory history) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0)
            throw UserException.badInput(
                    "The period '" + text + "' cannot be read",
                    "it is no number with a unit",
                    "Write it like 90m, 12h, 30d or 4w");
        long count = Long.parseLong(matcher.group(1));
        Duration length = switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
        };
        Instant to = history.latest().orElseGet(Instant::now).plusMillis(1);
        return new Period(to.minus(length), to);
    }
}
