package dev.understudy.core.performance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.spi.performance.WorkflowExecution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Takes traces by the OpenTelemetry protocol over HTTP, as Protocol Buffers or JSON, plain or compressed by gzip, on the
 * loopback interface: {@code POST /v1/traces}.
 *
 * <p>A request that was answered with 200 is in memory, and in the store once its traces are complete; closing stores the
 * rest. Where spans come faster than they are stored the answer is 503 with {@code Retry-After}, upon which exporters send
 * them again, so that none is lost.
 */
public final class OtlpReceiver implements AutoCloseable {
    static final int MAX_BODY_BYTES = 16 << 20;
    private static final int MAX_UNPACKED_BYTES = 64 << 20;
    private static final int QUEUED_REQUESTS = 256;
    private static final Duration TURN = Duration.ofMillis(500);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<List<Span>> queue = new ArrayBlockingQueue<>(QUEUED_REQUESTS);
    private final TraceAssembler traces = new TraceAssembler();
    private final PerformanceHistory history;
    private final Consumer<String> problems;
    private final Thread storing;

    /** Of the storing thread alone. */
    private final List<WorkflowExecution> unstored = new ArrayList<>();

    private volatile boolean closing;

    private OtlpReceiver(HttpServer server, PerformanceHistory history, Consumer<String> problems) {
        this.server = server;
        this.history = history;
        this.problems = problems;
        this.storing = Thread.ofPlatform().name("otlp").daemon().unstarted(this::store);
    }

    /**
     * Starts to take traces.
     *
     * @param port 0 for any
     * @param problems hears what could not be taken, one line each; called by several threads
     * @throws IOException if the port is taken
     */
    public static OtlpReceiver start(int port, PerformanceHistory history, Consumer<String> problems)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var receiver = new OtlpReceiver(server, history, problems);
        server.setExecutor(receiver.handlers);
        server.createContext("/", receiver::handle);
        receiver.storing.start();
        server.start();
        return receiver;
    }

    /** Where exporters send to. */
    public URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/v1/traces");
    }

    /** Status and what is wrong; nothing if nothing is. */
    private record Reply(int status, String wrong) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            boolean binary = isBinary(exchange);
            // The answer to a request that was taken whole is an empty message in either form.
            byte[] body = reply.wrong().isEmpty()
                    ? (binary ? new byte[0] : "{}".getBytes(StandardCharsets.UTF_8))
                    : JSON.writeValueAsBytes(JSON.createObjectNode().put("message", reply.wrong()));
            boolean empty = body.length == 0;
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            binary && reply.wrong().isEmpty() ? "application/x-protobuf" : "application/json");
            if (reply.status() == 503) exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(reply.status(), empty ? -1 : body.length);
            if (!empty) exchange.getResponseBody().write(body);
        }
    }

    private static boolean isBinary(HttpExchange exchange) {
        return contentType(exchange).equals("application/x-protobuf");
    }

    private static String contentType(HttpExchange exchange) {
        String value = exchange.getRequestHeaders().getFirst("Content-Type");
        return value == null ? "" : value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/v1/traces")) return new Reply(404, "there is only /v1/traces");
        if (!exchange.getRequestMethod().equals("POST")) return new Reply(405, "traces are posted");
        // A page in a browser may post to loopback, too; it cannot send these types without asking first.
        String type = contentType(exchange);
        if (!type.equals("application/x-protobuf") && !type.equals("application/json"))
            return new Reply(415, "the content type must be application/x-protobuf or application/json");
        Optional<byte[]> body = body(exchange);
        if (body.isEmpty()) return new Reply(413, "a request holds at most " + (MAX_BODY_BYTES >> 20) + " MiB");
        try {
            OtlpJson.Spans spans = isBinary(exchange) ? OtlpProtobuf.read(body.get()) : json(body.get());
            spans.problems().forEach(problems);
            return closing || !queue.offer(spans.spans())
                    ? new Reply(503, "spans come faster than they are stored")
                    : new Reply(200, "");
        } catch (InvalidProtocolBufferException | JsonProcessingException e) {
            return new Reply(400, "the body is no export request of traces");
        }
    }

    private static OtlpJson.Spans json(byte[] body) throws JsonProcessingException, IOException {
        JsonNode request = JSON.readTree(body);
        return OtlpJson.read(request);
    }

    /** The body, unpacked; nothing if it is too large. */
    private static Optional<byte[]> body(HttpExchange exchange) throws IOException {
        boolean packed = "gzip".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        Optional<byte[]> sent = atMost(exchange.getRequestBody(), MAX_BODY_BYTES);
        if (!packed || sent.isEmpty()) return sent;
        try (var unpacked = new GZIPInputStream(new java.io.ByteArrayInputStream(sent.get()))) {
            return atMost(unpacked, MAX_UNPACKED_BYTES);
        } catch (IOException e) {
            // What is no gzip is no export request either.
            return Optional.of(new byte[] {-1});
        }
    }

    private static Optional<byte[]> atMost(InputStream stream, int limit) throws IOException {
        var bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
            if (bytes.size() + read > limit) return Optional.empty();
            bytes.write(buffer, 0, read);
        }
        return Optional.of(bytes.toByteArray());
    }

    private void store() {
        while (true) {
            try {
                List<Span> spans = queue.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
                long now = System.nanoTime() / 1_000_000;
                if (spans != null) traces.add(spans, now);
                else if (closing) break;
                record(traces.finish(now));
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                problems.accept("traces could not be stored: " + e.getMessage());
            }
        }
        record(traces.finishAll());
    }

    /** What the store does not take now, for want of space for example, is offered to it again the next time. */
    private void record(List<WorkflowExecution> executions) {
        unstored.addAll(executions);
        if (!unstored.isEmpty()) {
            history.recordExecutions(List.copyOf(unstored));
            unstored.clear();
        }
        traces.takeProblems().forEach(problems);
    }

    /** Stops taking traces and stores what was taken. */
    @Override
    public void close() {
        closing = true;
        server.stop(0);
        handlers.close();
        try {
            storing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
