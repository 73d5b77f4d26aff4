package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Full jitter is uniform from 0 to the bound, so its mean is half of it and its extremes are near the ends. */
    @ParameterizedTest
    @CsvSource({"1,200", "2,400", "3,800", "6,6400", "7,10000", "8,10000", "1000,10000"})
    void backoffIsSpreadEvenlyBelowABoundThatDoubles(int failures, long boundMillis) {
        var random = new Random(42);
        var waits = IntStream.range(0, 10_000)
                .mapToLong(i -> Retry.backoff(failures, FIRST, LONGEST, random).toMillis())
                .summaryStatistics();
        assertThat(waits.getMax()).isBetween(boundMillis * 99 / 100, boundMillis);
        assertThat(waits.getMin()).isBetween(0L, boundMillis / 100);
        assertThat(waits.getAverage()).isBetween(boundMillis * 0.48, boundMillis * 0.52);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void idempotentMethodsMayBeRepeated(String method) {
        assertThat(Retry.isIdempotent(method)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void othersMayNot(String method) {
        assertThat(Retry.isIdempotent(method)).isFalse();
    }

    /** The date is RFC 9110's own example, two seconds after the present of this test. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"120 | 120", "0 | 0", "Fri, 31 Dec 1999 23:59:59 GMT | 2", "Fri, 31 Dec 1999 23:00:00 GMT | 0"})
    void retryAfterIsSecondsOrADate(String header, long seconds) {
        assertThat(Retry.after(header, Instant.parse("1999-12-31T23:59:57Z"))).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void anyOtherRetryAfterIsIgnored() {
        assertThat(Retry.after("soon", Instant.EPOCH)).isEmpty();
        assertThat(Retry.after("-1", Instant.EPOCH)).isEmpty();
        assertThat(Retry.after("99999999999", Instant.EPOCH)).isEmpty();
    }
}
