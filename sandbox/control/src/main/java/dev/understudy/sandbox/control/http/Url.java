package dev.understudy.sandbox.control.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An absolute {@code http} or {@code https} URL, read so strictly that no other reader can see another host in it.
 *
 * <p>Parsers disagree on user names, backslashes, control characters and numeric hosts, and each disagreement has been
 * an attack; so these are refused, not repaired.
 *
 * @param origin scheme, host and port
 * @param pathAndQuery starts with a slash; all characters but the plain ones percent-encoded; no fragment
 */
record Url(Origin origin, String pathAndQuery) {
    private static final int MAX_LENGTH = 16 << 10;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%";

    /** What a connection is for. */
    record Origin(Scheme scheme, Host host, int port) {
        /** As in a {@code Host} header: without the port where it is the scheme's own. */
        @Override
        public String toString() {
            return port == scheme.defaultPort ? host.toString() : host + ":" + port;
        }
    }

    enum Scheme {
        HTTP(80),
        HTTPS(443);

        private final int defaultPort;

        Scheme(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Url parse(String text) throws NotAllowedException {
        return parse(text, StandardCharsets.UTF_8);
    }

    private static Url parse(String text, Charset charset) throws NotAllowedException {
        if (text.length() > MAX_LENGTH)
            throw new NotAllowedException("the URL is refused: it is longer than " + MAX_LENGTH + " characters");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) throw bad(text, "it has a control character");
            if (c == '\\') throw bad(text, "it has a backslash; write %5C if you mean one");
        }
        int colon = text.indexOf(':');
        Scheme scheme = switch (colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "http" -> Scheme.HTTP;
            case "https" -> Scheme.HTTPS;
            default -> throw bad(text, "it must start with http:// or https://");
        };
        if (!text.startsWith("//", colon + 1)) throw bad(text, "it must start with http:// or https://");
        int start = colon + 3;
        int end = start;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) end++;
        var origin = origin(scheme, text, text.substring(start, end));
        int fragment = text.indexOf('#', end);
        String rest = encode(text, text.substring(end, fragment < 0 ? text.length() : fragment), charset);
        var url = new Url(origin, rest.startsWith("/") ? rest : "/" + rest);
        try {
            // The HTTP client reads the URL once more, with the JDK's parser: both must see the same.
            URI again = new URI(url.toString());
            if (again.getHost() == null
                    || !again.getHost().equals(origin.host.toString())
                    || again.getRawUserInfo() != null) throw bad(text, "its host is no valid host name");
        } catch (URISyntaxException unreadable) {
            throw bad(text, "it is not well formed: " + unreadable.getReason());
        }
        return url;
    }

    private static Origin origin(Scheme scheme, String text, String authority) throws NotAllowedException {
        if (authority.indexOf('@') >= 0)
            throw bad(text, "it has a user name before the host; send an Authorization header instead");
        if (authority.isEmpty()) throw bad(text, "it has no host");
        int colon = authority.lastIndexOf(':');
        boolean withPort = colon > authority.lastIndexOf(']');
        if (!withPort) return new Origin(scheme, Host.parse(authority), scheme.defaultPort);
        String port = authority.substring(colon + 1);
        var host = Host.parse(authority.substring(0, colon));
        if (port.isEmpty()) return new Origin(scheme, host, scheme.defaultPort);
        return new Origin(scheme, host, port(port).orElseThrow(() -> bad(text, "its port is not from 1 to 65535")));
    }

    static Optional<Integer> port(String text) {
        if (!text.matches("[0-9]{1,5}")) return Optional.empty();
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65535 ? Optional.of(port) : Optional.empty();
    }

    private static String encode(String whole, String text, Charset charset) throws NotAllowedException {
        var encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(charset)) {
            if (b > 0 && PLAIN.indexOf(b) >= 0) encoded.append((char) b);
            else encoded.append(String.format("%%%02X", b & 0xff));
        }
        if (encoded.toString().matches("(?s).*%(?![0-9A-Fa-f]{2}).*"))
            throw bad(whole, "a % must be followed by two hexadecimal digits; write %25 for a single %");
        return encoded.toString();
    }

    /** Reads a {@code Location} header as seen from this URL. Headers come as bytes, one to a character. */
    Url resolve(String location) throws NotAllowedException {
        String base = origin.scheme.id() + "://" + origin;
        String path = pathAndQuery.replaceFirst("\\?.*", "");
        if (SCHEME.matcher(location).matches()) return parse(location, StandardCharsets.ISO_8859_1);
        if (location.startsWith("//")) return parse(origin.scheme.id() + ":" + location, StandardCharsets.ISO_8859_1);
        if (location.startsWith("/")) return parse(base + location, StandardCharsets.ISO_8859_1);
        if (location.isEmpty() || location.startsWith("#")) return this;
        if (location.startsWith("?")) return parse(base + path + location, StandardCharsets.ISO_8859_1);
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        var merged = parse(base + folder + location, StandardCharsets.ISO_8859_1);
        return new Url(merged.origin, withoutDots(merged.pathAndQuery));
    }

    /** Takes out {@code .} and {@code ..} as RFC 3986, section 5.2.4, does. */
    private static String withoutDots(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
        var kept = new ArrayDeque<String>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) kept.pollLast();
            else if (!segments[i].equals(".")) kept.add(segments[i]);
            if (last && (segments[i].equals(".") || segments[i].equals(".."))) kept.add("");
        }
        return "/" + String.join("/", kept) + (query < 0 ? "" : pathAndQuery.substring(query));
    }

    URI uri() {
        return URI.create(toString());
    }

    @Override
    public String toString() {
        return origin.scheme.id() + "://" + origin + pathAndQuery;
    }

    private static NotAllowedException bad(String text, String why) {
        return new NotAllowedException("the URL \"" + printable(text) + "\" is refused: " + why);
    }

    /** Short enough for a message, and without characters that move a terminal's cursor. */
    static String printable(String text) {
        String start = text.length() > 200 ? text.substring(0, 200) + "..." : text;
        return start.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
