package dev.understudy.plugins.tasksources;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads ISO 8601 times: date, {@code T} or a blank, hour and minute, optionally seconds with a fraction, optionally
 * {@code Z} or an offset; or a date alone. The extended format, and the basic one with a date of eight digits.
 *
 * <p>A hand-written reader, since a time stamp stands in every line and the JDK's parser costs as much as all the rest of
 * the line.
 */
final class Timestamps {

    private boolean localTimeSeen;
    private final ZoneId localZone = ZoneId.systemDefault();
    private String text = "";
    private int at;

    /** Whether some time had no offset and was taken as this machine's local time. */
    boolean localTimeSeen() {
        return localTimeSeen;
    }

    /** Returns the instant, or null if the text is no ISO 8601 time. */
    @Nullable
    Instant parse(String isoText) {
        text = isoText.strip();
        at = 0;
        try {
            return parse();
        } catch (DateTimeException outOfRange) {
            return null;
        }
    }

    private @Nullable Instant parse() {
        int year = digits(4);
        boolean extended = skip('-');
        int month = digits(2);
        if (extended && !skip('-')) return null;
        int day = digits(2);
        if (year < 0 || month < 0 || day < 0) return null;
        int hour = 0;
        int minute = 0;
        int second = 0;
        int nanos = 0;
        if (at < text.length()) {
            if (!skip('T') && !skip('t') && !skip(' ')) return null;
            hour = digits(2);
            boolean colons = skip(':');
            minute = digits(2);
            if (hour < 0 || minute < 0) return null;
            if (colons ? skip(':') : nextIsDigit()) {
                second = digits(2);
                if (second < 0) return null;
                if (skip('.') || skip(',')) nanos = fraction();
                if (nanos < 0) return null;
            }
        }
        // A leap second is the last second of its minute here: Java's time scale has none.
        if (second == 60) second = 59;
        if (skip('Z') || skip('z'))
            return at == text.length() ? utc(year, month, day, hour, minute, second, nanos) : null;
        if (at == text.length()) {
            localTimeSeen = true;
            return LocalDateTime.of(year, month, day, hour, minute, second, nanos)
                    .atZone(localZone)
                    .toInstant();
        }
        int sign = skip('+') ? 1 : skip('-') || skip('\u2212') ? -1 : 0;
        int offsetHours = digits(2);
        skip(':');
        int offsetMinutes = at < text.length() ? digits(2) : 0;
        if (sign == 0 || offsetHours < 0 || offsetMinutes < 0 || at < text.length()) return null;
        ZoneOffset offset = ZoneOffset.ofHoursMinutes(sign * offsetHours, sign * offsetMinutes);
        return utc(year, month, day, hour, minute, second, nanos).minusSeconds(offset.getTotalSeconds());
    }

    private static Instant utc(int year, int month, int day, int hour, int minute, int second, int nanos) {
        if (hour > 23 || minute > 59 || second > 59) throw new DateTimeException("time of day");
        long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400L + hour * 3600L + minute * 60L + second;
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private boolean skip(char c) {
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    private boolean nextIsDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** Reads exactly so many digits; -1 if they are not there. */
    private int digits(int count) {
        if (at + count > text.length()) return -1;
        int value = 0;
        for (int end = at + count; at < end; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) return -1;
            value = value * 10 + digit;
        }
        return value;
    }

    /** Reads a fraction of a second as nanoseconds; what is finer is cut off. -1 if there is no digit. */
    private int fraction() {
        if (!nextIsDigit()) return -1;
        int nanos = 0;
        int weight = 100_000_000;
        for (; nextIsDigit(); at++) {
            nanos += (text.charAt(at) - '0') * weight;
            weight /= 10;
        }
        return nanos;
    }
}
