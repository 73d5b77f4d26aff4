package dev.understudy.sandbox.control.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the guest put it. Nothing in it is trusted; {@link GuestHttp#send} checks it.
 *
 * @param method one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
 * @param url absolute, {@code http} or {@code https}
 * @param headers by name
 * @param body empty for none
 * @param timeout for the whole of it with retries and redirects; may only shorten {@link HttpSettings#totalTimeout}
 * @param redirects what becomes of a redirect
 * @param retries whether a failed idempotent request is sent again
 */
@SuppressWarnings("ArrayRecordComponent") // bodies go from frame to socket without a copy; nobody compares them
public record GuestRequest(
        String method,
        String url,
        Map<String, List<String>> headers,
        byte[] body,
        Optional<Duration> timeout,
        Redirects redirects,
        Retries retries) {

    public GuestRequest {
        var copy = new LinkedHashMap<String, List<String>>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Map.copyOf(copy);
    }

    /** A GET without headers that follows redirects and retries. */
    public static GuestRequest get(String url) {
        return new GuestRequest(
                "GET", url, Map.of(), new byte[0], Optional.empty(), Redirects.FOLLOW, Retries.IDEMPOTENT);
    }

    public enum Redirects {
        /** Followed to granted hosts; to others the request ends as not allowed. */
        FOLLOW,
        /** The redirect itself is the response. */
        RETURN
    }

    public enum Retries {
        /** GET, HEAD, PUT, DELETE and OPTIONS are tried again after a failure that may pass. */
        IDEMPOTENT,
        NONE
    }
}
