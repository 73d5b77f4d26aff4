package dev.understudy.sandbox.control.http;

import java.time.Duration;

/**
 * Bounds of what one run may do by {@code http}.
 *
 * @param connectTimeout for reaching one host, all its addresses together
 * @param totalTimeout for one request with its retries and redirects; the run's remaining wall time also bounds it
 * @param maxAttempts of one idempotent request, the first included, at least 1
 * @param firstBackoff upper end of the random wait before the second attempt; it doubles from attempt to attempt
 * @param longestBackoff where the doubling ends
 * @param maxRedirects followed in one request
 * @param maxRequestBytes of a request's body
 * @param maxResponseBytes of a response's body
 * @param maxHeaderBytes of the headers of a request or a response, names and values together
 * @param maxHosts that one run may speak to; each port of a host counts
 */
public record HttpSettings(
        Duration connectTimeout,
        Duration totalTimeout,
        int maxAttempts,
        Duration firstBackoff,
        Duration longestBackoff,
        int maxRedirects,
        int maxRequestBytes,
        int maxResponseBytes,
        int maxHeaderBytes,
        int maxHosts) {

    /** 10 s to connect, 30 s in all, 4 attempts, waits from 200 ms to 10 s, 10 redirects, 8 MiB bodies, 64 KiB headers, 100 hosts. */
    public static final HttpSettings DEFAULT = new HttpSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4,
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            10,
            8 << 20,
            8 << 20,
            64 << 10,
            100);

    public HttpSettings {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("totalTimeout", totalTimeout);
        requirePositive("firstBackoff", firstBackoff);
        requirePositive("longestBackoff", longestBackoff);
        requireAtLeast("maxAttempts", maxAttempts, 1);
        requireAtLeast("maxRedirects", maxRedirects, 0);
        requireAtLeast("maxRequestBytes", maxRequestBytes, 0);
        requireAtLeast("maxResponseBytes", maxResponseBytes, 0);
        requireAtLeast("maxHeaderBytes", maxHeaderBytes, 1024);
        requireAtLeast("maxHosts", maxHosts, 1);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) throw new IllegalArgumentException(name + " must be positive, was " + value);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }

    public HttpSettings withConnectTimeout(Duration value) {
        return new HttpSettings(
                value,
                totalTimeout,
                maxAttempts,
                firstBackoff,
                longestBackoff,
                maxRedirects,
                maxRequestBytes,
                maxResponseBytes,
                maxHeaderBytes,
                maxHosts);
    }

    public HttpSettings withTotalTimeout(Duration value) {
        return new HttpSettings(
                connectTimeout,
                value,
                maxAttempts,
                firstBackoff,
                longestBackoff,
                maxRedirects,
                maxRequestBytes,
                maxResponseBytes,
                maxHeaderBytes,
                maxHosts);
    }

    public HttpSettings withMaxResponseBytes(int value) {
        return new HttpSettings(
                connectTimeout,
                totalTimeout,
                maxAttempts,
                firstBackoff,
                longestBackoff,
                maxRedirects,
                maxRequestBytes,
                value,
                maxHeaderBytes,
                maxHosts);
    }
}
