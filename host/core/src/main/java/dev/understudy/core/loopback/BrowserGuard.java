package dev.understudy.core.loopback;

import com.sun.net.httpserver.Headers;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests that pages of other sites send through a browser on this machine. A name that somebody has pointed at this
 * machine (DNS rebinding) is none of the hosts that are answered; what a page of another origin sends, the browser says. Safe
 * for use by several threads.
 */
public final class BrowserGuard {
    /** That the request is for another host, as HTTP has it (RFC 9110, section 15.5.20). */
    public static final int MISDIRECTED = 421;

    public static final int FORBIDDEN = 403;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> hosts;
    private final String scheme;

    private BrowserGuard(Set<String> hosts, String scheme) {
        this.hosts = hosts;
        this.scheme = scheme;
    }

    /** Of a server that only this machine reaches. */
    public static BrowserGuard ofLoopback() {
        return new BrowserGuard(LOOPBACK, "http");
    }

    /**
     * Of a server that has more names than loopback's.
     *
     * @param scheme {@code http} or {@code https}
     */
    public static BrowserGuard of(Collection<String> moreHosts, String scheme) {
        var all = new TreeSet<>(LOOPBACK);
        moreHosts.forEach(each -> all.add(each.toLowerCase(Locale.ROOT)));
        return new BrowserGuard(all, scheme);
    }

    /** Why a request is not taken. */
    public record Refusal(int status, String why) {}

    /** Why a request of a program is not taken; empty if it is. */
    public Optional<Refusal> refusal(Headers headers) {
        List<String> hosts = headers.getOrDefault("Host", List.of());
        return refusal(
                hosts.size() == 1 ? hosts.getFirst() : null,
                headers.getFirst("Sec-Fetch-Site"),
                headers.getFirst("Origin"));
    }

    /**
     * As {@link #refusal(Headers)}, of a request that another server has read.
     *
     * @param host that it is for, with or without a port; null if it names none, or several
     * @param site its {@code Sec-Fetch-Site}
     * @param origin its {@code Origin}
     */
    public Optional<Refusal> refusal(@Nullable String host, @Nullable String site, @Nullable String origin) {
        if (host == null || !answersTo(host))
            return Optional.of(new Refusal(MISDIRECTED, "the request names a host that is none of this server's"));
        if (isOfAnotherSite(site) || isOfAnotherOrigin(origin, host))
            return Optional.of(new Refusal(FORBIDDEN, "it was sent by a page of another site"));
        return Optional.empty();
    }

    /** Whether a host, with or without a port, is one of ours. */
    public boolean answersTo(@Nullable String host) {
        return host != null && hosts.contains(withoutPort(host));
    }

    /** Whether a browser says ({@code Sec-Fetch-Site}) that another site sent the request; null is no browser's. */
    public static boolean isOfAnotherSite(@Nullable String site) {
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    /** Whether a browser says ({@code Origin}) that a page of another origin sent a request to this host. */
    public boolean isOfAnotherOrigin(@Nullable String origin, String host) {
        return origin != null && !origin.equals(scheme + "://" + host);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon > 0 && host.indexOf(']', colon) < 0;
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }
}
