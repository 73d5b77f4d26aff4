package dev.understudy.sandbox.control.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes the HTTP client's connections for one origin to the addresses that were checked for it.
 *
 * <p>The JDK's client resolves a host's name by itself, at the moment of connecting; a name whose address changes
 * between our check and that moment (DNS rebinding) would lead it anywhere. So the client is told that this relay, on
 * a loopback port of its own, is its proxy: then it does not resolve at all. TLS goes through {@code CONNECT} from end
 * to end, so the client still verifies the certificate against the original name and still negotiates HTTP/2; for
 * cleartext the relay turns the proxy's form of the request line into the ordinary one. A resolver provider of our own
 * would rule the whole JVM's names, and a client of our own would have no HTTP/2.
 *
 * <p>One relay serves one origin, so the client's connection pool never carries two origins on one connection. Other
 * processes of this machine can reach the port, but without the token, which only our client knows, they get nothing.
 */
final class PinnedRelay implements AutoCloseable {
    /** Carries the token; the JDK sends headers of this name to proxies only. */
    static final String TOKEN_HEADER = "Proxy-Authorization";

    /** No HTTP response, so it cannot be mistaken for the server's. */
    private static final byte[] UNREACHABLE = "unreachable\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    // Generous against the URL's and the headers' own limits, which CheckedRequest holds.
    private static final int MAX_HEAD_BYTES = 256 << 10;
    private static final Duration FIRST_BYTES_TIMEOUT = Duration.ofSeconds(10);

    private final Url.Origin origin;
    private final List<InetAddress> addresses;
    private final byte[] token;
    private final Network network;
    private final Duration connectTimeout;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());

    PinnedRelay(Url.Origin origin, List<InetAddress> addresses, String token, Network network, Duration connectTimeout)
            throws IOException {
        this.origin = origin;
        this.addresses = List.copyOf(addresses);
        this.token = token.getBytes(StandardCharsets.US_ASCII);
        this.network = network;
        this.connectTimeout = connectTimeout;
        this.listener = new ServerSocket(0, 50, Addresses.loopback().getFirst());
        Thread.ofVirtual().name("http-relay ", 0).start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Why the last connection to the origin could not be made; asking clears it. */
    Optional<String> takeFailure() {
        return failure.getAndSet(Optional.empty());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().name("http-relay ", 0).start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout((int) FIRST_BYTES_TIMEOUT.toMillis());
            var in = new BufferedInputStream(client.getInputStream());
            Optional<Head> first = Head.read(in);
            if (first.isEmpty() || !hasToken(first.get())) return;
            client.setSoTimeout(0);
            Socket server;
            try {
                server = connect();
            } catch (IOException unreachable) {
                failure.set(Optional.of(
                        "cannot connect to " + origin.host() + " port " + origin.port() + ": " + reason(unreachable)));
                // Closing without a word would make the client try again by itself.
                client.getOutputStream().write(UNREACHABLE);
                return;
            }
            open.add(server);
            try (server) {
                if (listener.isClosed()) return;
                if (origin.scheme() == Url.Scheme.HTTPS) tunnel(first.get(), in, client, server);
                else forward(first.get(), in, client, server);
            } finally {
                open.remove(server);
            }
        } catch (IOException | UncheckedIOException ended) {
            // Either side closed, or run has ended: the client sees its connection close, which says it all.
        } finally {
            open.remove(client);
        }
    }

    private static String reason(IOException unreachable) {
        return Optional.ofNullable(unreachable.getMessage())
                .orElse(unreachable.getClass().getSimpleName());
    }

    private Socket connect() throws IOException {
        long deadline = System.nanoTime() + connectTimeout.toNanos();
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.size(); i++) {
            // Each address gets its share, so that one that swallows packets leaves time for the next.
            long left = (deadline - System.nanoTime()) / (addresses.size() - i);
            try {
                return network.connect(
                        new InetSocketAddress(addresses.get(i), origin.port()), Duration.ofNanos(Math.max(left, 1)));
            } catch (IOException unreachable) {
                last = unreachable;
            }
        }
        throw last;
    }

    private boolean hasToken(Head head) {
        return head.header(TOKEN_HEADER)
                .map(given -> MessageDigest.isEqual(token, given.getBytes(StandardCharsets.ISO_8859_1)))
                .orElse(false);
    }

    private void tunnel(Head head, InputStream in, Socket client, Socket server) throws IOException {
        if (!head.requestLine.startsWith("CONNECT ")) return;
        client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Thread back = pumpBack(server, client);
        in.transferTo(server.getOutputStream());
        server.shutdownOutput();
        await(back);
    }

    private void forward(Head first, InputStream in, Socket client, Socket server) throws IOException {
        String prefix = " http://" + origin + "/";
        Thread back = pumpBack(server, client);
        var out = new BufferedOutputStream(server.getOutputStream());
        for (Optional<Head> next = Optional.of(first); next.isPresent(); next = Head.read(in)) {
            Head head = next.get();
            int target = head.requestLine.indexOf(prefix);
            if (target < 0 || !hasToken(head)) return;
            String line = head.requestLine.substring(0, target) + " "
                    + head.requestLine.substring(target + prefix.length() - 1);
            head.write(line, out);
            long left = head.contentLength();
            byte[] buffer = new byte[16 << 10];
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) return;
                out.write(buffer, 0, read);
                left -= read;
            }
            out.flush();
        }
        server.shutdownOutput();
        await(back);
    }

    private static Thread pumpBack(Socket server, Socket client) {
        return Thread.ofVirtual().name("http-relay ", 0).start(() -> {
            try {
                server.getInputStream().transferTo(client.getOutputStream());
                client.shutdownOutput();
            } catch (IOException ended) {
                closeQuietly(client);
                closeQuietly(server);
            }
        });
    }

    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Closing is all that was wanted.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException ignored) {
            // Closing is all that was wanted.
        }
        open.forEach(PinnedRelay::closeQuietly);
    }

    /** A request's line and headers, as our own HTTP client writes them. */
    private record Head(String requestLine, List<String> headers) {

        /** Empty if the connection ends before the first byte. */
        static Optional<Head> read(InputStream in) throws IOException {
            var lines = new ArrayList<String>();
            var line = new ByteArrayOutputStream();
            int total = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (++total > MAX_HEAD_BYTES) throw new IOException("request head too long");
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                String text = line.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith("\r")) text = text.substring(0, text.length() - 1);
                line.reset();
                if (!text.isEmpty()) lines.add(text);
                else if (!lines.isEmpty())
                    return Optional.of(new Head(lines.getFirst(), List.copyOf(lines.subList(1, lines.size()))));
            }
            return Optional.empty();
        }

        Optional<String> header(String name) {
            return headers.stream()
                    .filter(header -> named(header, name))
                    .map(header -> header.substring(name.length() + 1).strip())
                    .findFirst();
        }

        private static boolean named(String header, String name) {
            return header.regionMatches(true, 0, name + ":", 0, name.length() + 1);
        }

        /** Our client always sends whole bodies of known length. */
        long contentLength() throws IOException {
            if (header("Transfer-Encoding").isPresent()) throw new IOException("request of unknown length");
            return header("Content-Length").map(Long::parseLong).orElse(0L);
        }

        void write(String line, OutputStream out) throws IOException {
            var text = new StringBuilder(line).append("\r\n");
            for (String header : headers) {
                if (!header.toLowerCase(Locale.ROOT).startsWith("proxy-"))
                    text.append(header).append("\r\n");
            }
            out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
