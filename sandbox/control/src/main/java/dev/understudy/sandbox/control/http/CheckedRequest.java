package dev.understudy.sandbox.control.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A request whose method, headers and body keep to the rules, on its way from URL to URL. */
@SuppressWarnings("ArrayRecordComponent") // as in GuestRequest
record CheckedRequest(String method, Url url, List<Header> headers, byte[] body) {
    record Header(String name, String value) {
        boolean isOneOf(Set<String> names) {
            return names.contains(name.toLowerCase(Locale.ROOT));
        }
    }

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    /** These frame the message or speak to proxies, which is the client's business. */
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");
    /** What may follow a redirect to another origin. All else may be a credential, whatever its name. */
    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-type",
            "if-modified-since",
            "if-none-match",
            "range",
            "user-agent");

    private static final Set<String> OF_THE_BODY = Set.of("content-encoding", "content-language", "content-type");

    /** Fails with a message for the guest. */
    static CheckedRequest of(GuestRequest request, HttpSettings settings) throws NotAllowedException {
        String method = request.method().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method))
            throw new NotAllowedException("the method \"" + Url.printable(request.method())
                    + "\" is refused: use one of " + String.join(", ", METHODS));
        if (request.body().length > settings.maxRequestBytes())
            throw new NotAllowedException(
                    "the request's body of " + request.body().length + " bytes exceeds " + settings.maxRequestBytes());
        return new CheckedRequest(
                method, Url.parse(request.url()), headers(request, settings.maxHeaderBytes()), request.body());
    }

    private static List<Header> headers(GuestRequest request, int maxBytes) throws NotAllowedException {
        var headers = new ArrayList<Header>();
        long size = 0;
        for (var entry : request.headers().entrySet()) {
            String name = entry.getKey();
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) throw bad(name, "its name is not valid");
            if (RESERVED.contains(lower) || lower.startsWith("proxy-")) throw bad(name, "http sets it by itself");
            for (String value : entry.getValue()) {
                if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff))
                    throw bad(name, "its value has a control character or one beyond Latin-1");
                headers.add(new Header(name, value));
                size += name.length() + (long) value.length();
            }
        }
        if (size > maxBytes)
            throw new NotAllowedException("the request's headers of " + size + " bytes exceed " + maxBytes);
        // Else the JDK would tell every server its version.
        if (headers.stream().noneMatch(header -> header.name.equalsIgnoreCase("user-agent")))
            headers.add(new Header("User-Agent", "understudy"));
        return List.copyOf(headers);
    }

    private static NotAllowedException bad(String name, String why) {
        return new NotAllowedException("the header \"" + Url.printable(name) + "\" is refused: " + why);
    }

    /**
     * The request that a redirect asks for (RFC 9110, section 15.4): after 303, and after 301 and 302 of a POST, a GET
     * without body; else the same. Another origin gets none of the headers that could be credentials.
     */
    CheckedRequest redirected(int status, Url target) {
        boolean becomesGet = (status == 303 && !method.equals("HEAD"))
                || ((status == 301 || status == 302) && method.equals("POST"));
        Predicate<Header> goesAlong = header -> (!becomesGet || !header.isOneOf(OF_THE_BODY))
                && (target.origin().equals(url.origin())
                        || isUpgradeOf(target.origin(), url.origin())
                        || header.isOneOf(HARMLESS));
        return new CheckedRequest(
                becomesGet ? "GET" : method,
                target,
                headers.stream().filter(goesAlong).toList(),
                becomesGet ? new byte[0] : body);
    }

    /** From a host's usual cleartext port to its usual TLS port: the same host, and better kept. */
    private static boolean isUpgradeOf(Url.Origin to, Url.Origin from) {
        return to.host().equals(from.host())
                && from.scheme() == Url.Scheme.HTTP
                && from.port() == 80
                && to.scheme() == Url.Scheme.HTTPS
                && to.port() == 443;
    }

    HttpRequest forClient(String relayToken) {
        var builder = HttpRequest.newBuilder(URI.create(url.toString()))
                .method(method, body.length == 0 ? emptyBody() : BodyPublishers.ofByteArray(body))
                .header(PinnedRelay.TOKEN_HEADER, relayToken);
        headers.forEach(header -> builder.header(header.name, header.value));
        return builder.build();
    }

    private HttpRequest.BodyPublisher emptyBody() {
        // A POST or PUT without body says Content-Length: 0; a GET says nothing.
        return method.startsWith("P") ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody();
    }
}
