package dev.understudy.sandbox.control.http;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How a guest's request ended. */
public sealed interface HttpOutcome {

    /**
     * The server answered, whatever its status.
     *
     * @param status from 200 to 599
     * @param headers by lower-case name, in no particular order
     * @param body as sent; never longer than {@link HttpSettings#maxResponseBytes}
     * @param url from which it came, after redirects
     * @param protocol {@code HTTP/1.1} or {@code HTTP/2}
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies go from socket to frame without a copy; nobody compares them
    record Response(int status, Map<String, List<String>> headers, byte[] body, String url, String protocol)
            implements HttpOutcome {
        private static final Pattern CHARSET =
                Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);

        public Response {
            var copy = new TreeMap<String, List<String>>();
            headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
            headers = Map.copyOf(copy);
        }

        /** The first value of a header, whatever the case of its name. */
        public Optional<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst();
        }

        /** The body as text, in its {@link #charset}. */
        public String text() {
            return new String(body, charset());
        }

        /** In which the body is text: what the server named, UTF-8 if it named none that is known here. */
        public Charset charset() {
            var matcher = CHARSET.matcher(header("content-type").orElse(""));
            if (!matcher.find()) return StandardCharsets.UTF_8;
            try {
                return Charset.forName(matcher.group(1));
            } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
                return StandardCharsets.UTF_8;
            }
        }
    }

    /** Nothing was sent, or a redirect was not followed; {@code reason} says which grant or level would allow it. */
    record NotAllowed(String reason) implements HttpOutcome {}

    /** It was allowed but took longer than it may: than its own timeout, or than the run has left. */
    record TimedOut(String error) implements HttpOutcome {}

    /** It was allowed but did not work: no connection, no trusted certificate, a limit. */
    record Failed(String error) implements HttpOutcome {}
}
