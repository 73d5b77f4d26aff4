package dev.understudy.sandbox.control.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;

/** A server on 127.0.0.1 that notes what it is asked and answers as the request's path says. */
final class LocalServer implements AutoCloseable {
    /** A request as it arrived. */
    record Seen(String method, String target, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> seen = new ArrayList<>();
    private final Semaphore never = new Semaphore(0);

    private LocalServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static LocalServer http() throws IOException {
        return new LocalServer(HttpServer.create(anyPort(), 0));
    }

    static LocalServer https(SSLContext tls) throws IOException {
        var server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new LocalServer(server);
    }

    private static InetSocketAddress anyPort() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int earlier;
            synchronized (this) {
                earlier = seen.size();
                seen.add(new Seen(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        body));
            }
            String[] path = exchange.getRequestURI().getPath().split("/", 3);
            String query = exchange.getRequestURI().getQuery();
            switch (path[1]) {
                case "status" -> respond(exchange, Integer.parseInt(path[2]), "status");
                case "redirect" -> {
                    exchange.getResponseHeaders().set("Location", query);
                    respond(exchange, Integer.parseInt(path[2]), "moved");
                }
                case "loop" -> {
                    exchange.getResponseHeaders().set("Location", "/loop");
                    respond(exchange, 302, "again");
                }
                case "fail-twice" -> {
                    if (query != null) exchange.getResponseHeaders().set("Retry-After", query);
                    respond(exchange, earlier < 2 ? 503 : 200, "at last");
                }
                case "hang-up" -> {
                    if (earlier >= 2) respond(exchange, 200, "at last");
                }
                case "bytes" -> respond(exchange, 200, "x".repeat(Integer.parseInt(path[2])));
                case "endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] block = new byte[8192];
                    Arrays.fill(block, (byte) 'x');
                    while (true) exchange.getResponseBody().write(block);
                }
                case "headers" -> {
                    exchange.getResponseHeaders().set("X-Long", "x".repeat(Integer.parseInt(path[2])));
                    respond(exchange, 200, "headers");
                }
                case "latin" -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=ISO-8859-1");
                    exchange.sendResponseHeaders(200, 1);
                    exchange.getResponseBody().write(0xfc);
                }
                case "cookie" -> {
                    exchange.getResponseHeaders().set("Set-Cookie", "session=1");
                    respond(exchange, 200, "cookie");
                }
                case "never" -> never.acquireUninterruptibly();
                default -> respond(exchange, 200, "hello " + body);
            }
        }
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean empty = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        never.release(1000);
        server.stop(0);
        threads.shutdownNow();
    }
}
