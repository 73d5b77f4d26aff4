package dev.understudy.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * The dashboard's files and an endless stream of points at a set rate, each an event of its own: the most work a point can
 * be. Everything else that the page asks for is empty.
 */
final class PointServer implements AutoCloseable {
    private static final int BATCHES_A_SECOND = 50;
    private static final String[] SERIES = {"cpuPercent", "memoryPercent", "step/load/one", "runsPerMinute"};
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/session", "{\"version\":\"test\",\"csrfToken\":\"\",\"user\":\"\"}",
            "/api/automations", "{\"automations\":[]}",
            "/api/proposals", "{\"proposals\":[]}",
            "/api/live", "{\"series\":{}}",
            "/api/analytics",
                    "{\"system_health\":{\"active_workflows\":0,\"optimizations_applied\":0,\"resource_utilization\":{}}}");
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

    private final HttpServer server;
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private final int pointsPerBatch;

    PointServer(int pointsPerSecond) throws IOException {
        this(pointsPerSecond, 0);
    }

    /** Listens at this port; 0 for any that is free. */
    PointServer(int pointsPerSecond, int port) throws IOException {
        pointsPerBatch = pointsPerSecond / BATCHES_A_SECOND;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(answering);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/api/events")) {
            stream(exchange);
            return;
        }
        try (exchange) {
            byte[] body = body(path);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            ANSWERS.containsKey(path)
                                    ? "application/json"
                                    : TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/html"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static byte[] body(String path) throws IOException {
        String answer = ANSWERS.get(path);
        if (answer != null) return answer.getBytes(StandardCharsets.UTF_8);
        String name = path.equals("/") ? "/index.html" : path;
        try (InputStream file = PointServer.class.getResourceAsStream("web/static" + name)) {
            if (file == null) throw new AssertionError("the page asked for " + path);
            return file.readAllBytes();
        }
    }

    /** Runs until the browser goes, which ends in an exception, or the server is closed. */
    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var random = new Random(1);
        int sent = 0;
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            var text = new StringBuilder();
            for (int i = 0; i < pointsPerBatch; i++, sent++)
                text.append("event: metric\ndata: {\"series\":{\"")
                        .append(SERIES[sent % SERIES.length])
                        .append("\":{\"at\":[")
                        .append(System.currentTimeMillis())
                        .append("],\"value\":[")
                        .append(random.nextInt(20, 80))
                        .append("]}}}\n\n");
            exchange.getResponseBody().write(text.toString().getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            next += 1_000_000_000L / BATCHES_A_SECOND;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        answering.shutdownNow();
    }
}
