package dev.understudy.sandbox.control.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** When a request is worth sending again, and how long to wait before. */
final class Retry {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");
    /** Timeout, too many requests, and what gateways answer while a server is away. */
    private static final Set<Integer> PASSING = Set.of(408, 429, 502, 503, 504);

    private Retry() {}

    static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    static boolean mayPass(int status) {
        return PASSING.contains(status);
    }

    /**
     * "Full jitter" of M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015: evenly spread from
     * nothing to a bound that doubles, so that many clients that failed together do not return together.
     *
     * @param failures so far, from 1
     */
    static Duration backoff(int failures, Duration first, Duration longest, RandomGenerator random) {
        long bound = longest.toNanos();
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first.toNanos()) - 1);
        bound = Math.min(bound, first.toNanos() << doublings);
        return Duration.ofNanos(random.nextLong(bound + 1));
    }

    /** Reads a {@code Retry-After} header: seconds or a date (RFC 9110, section 10.2.3). */
    static Optional<Duration> after(String header, Instant now) {
        if (header.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
        try {
            var at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
            var wait = Duration.between(now, at.toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
