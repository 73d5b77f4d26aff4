package dev.understudy.core.performance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.core.loopback.BrowserGuard;
import dev.understudy.core.loopback.LoopbackServer;
import dev.understudy.core.performance.OtlpRequest.Form;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes traces by the OpenTelemetry protocol over HTTP, as Protocol Buffers or JSON, plain or compressed by gzip, on the
 * loopback interface: {@code POST /v1/traces}; and by gRPC on a port of its own, once {@link #listenForGrpc} has been called.
 *
 * <p>A request that was answered with 200 is on the disk, and in the store once its traces are complete, also if this process
 * is killed meanwhile. Where spans come faster than they are stored the answer is 503 with {@code Retry-After}, upon which
 * exporters send them again, so that none is lost. Bodies are read a piece at a time, and only as many as there is memory for.
 */
public final class OtlpReceiver implements AutoCloseable {
    static final int MAX_BODY_BYTES =
            (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 16);

    /** Of the memory, what bodies that are being read and parsed may take; a parsed one takes several times its length. */
    private static final int BUDGET_KIB =
            (int) Math.min(1 << 20, (Runtime.getRuntime().maxMemory() / 3) >> 10);

    private static final int MEMORY_A_BYTE = 4;
    private static final int MEMORY_A_BYTE_OF_JSON = 12;
    private static final int PIECE_BYTES = 64 << 10;

    /** Of a body that was refused, what is read and thrown away, so that whoever sends it comes to read the answer. */
    private static final int MAX_DRAINED_BYTES = 64 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final TraceIntake intake;
    private final BrowserGuard guard = BrowserGuard.ofLoopback();
    private final Semaphore memory = new Semaphore(BUDGET_KIB);
    private @Nullable OtlpGrpc grpc;

    private OtlpReceiver(HttpServer server, TraceIntake intake) {
        this.server = server;
        this.intake = intake;
    }

    /**
     * Starts to take traces.
     *
     * @param port 0 for any
     * @param spool the folder for what was taken and is not stored yet; one process uses it at a time
     * @param problems hears what could not be taken, one line each; called by several threads
     * @throws IOException if the port is taken, or the folder cannot be used
     */
    public static OtlpReceiver start(int port, PerformanceHistory history, Path spool, Consumer<String> problems)
            throws IOException {
        HttpServer server = LoopbackServer.create(port);
        try {
            var receiver = new OtlpReceiver(server, TraceIntake.start(history, TraceSpool.open(spool), problems));
            server.setExecutor(receiver.handlers);
            server.createContext("/", receiver::handle);
            server.start();
            return receiver;
        } catch (IOException | RuntimeException e) {
            server.stop(0);
            throw e;
        }
    }

    /** Where exporters send to. */
    public URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/v1/traces");
    }

    /**
     * An answer.
     *
     * @param wrong what is wrong; nothing if nothing is
     * @param rejected how many spans were left out of a request that was taken
     */
    private record Reply(int status, String wrong, int rejected) {
        static Reply refused(int status, String wrong) {
            return new Reply(status, wrong, 0);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            boolean binary = reply.status() == 200 && contentType(exchange).equals("application/x-protobuf");
            byte[] body = body(reply, binary);
            exchange.getResponseHeaders().set("Content-Type", binary ? "application/x-protobuf" : "application/json");
            if (reply.status() == 503) exchange.getResponseHeaders().set("Retry-After", "1");
            // What was not read would be taken for the next request.
            if (reply.status() != 200 && reply.status() != 503)
                exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().flush();
            }
            if (reply.status() == 413) drain(exchange.getRequestBody());
        }
    }

    private static byte[] body(Reply reply, boolean binary) throws IOException {
        if (binary) return response(reply).toByteArray();
        var json = JSON.createObjectNode();
        if (reply.rejected() > 0)
            json.putObject("partialSuccess")
                    .put("rejectedSpans", String.valueOf(reply.rejected()))
                    .put("errorMessage", reply.wrong());
        else if (!reply.wrong().isEmpty()) json.put("message", reply.wrong());
        return JSON.writeValueAsBytes(json);
    }

    private static void drain(InputStream stream) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            long drained = 0;
            for (int read = stream.read(piece); read >= 0 && drained < MAX_DRAINED_BYTES; read = stream.read(piece))
                drained += read;
        } catch (IOException _) {
            // Whoever sent it has understood.
        }
    }

    private static String contentType(HttpExchange exchange) {
        String value = exchange.getRequestHeaders().getFirst("Content-Type");
        return value == null ? "" : value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
        Optional<BrowserGuard.Refusal> foreign = guard.refusal(exchange.getRequestHeaders());
        if (foreign.isPresent())
            return Reply.refused(foreign.get().status(), foreign.get().why());
        if (!exchange.getRequestURI().getPath().equals("/v1/traces"))
            return Reply.refused(404, "there is only /v1/traces");
        if (!exchange.getRequestMethod().equals("POST")) return Reply.refused(405, "traces are posted");
        String type = contentType(exchange);
        if (!type.equals("application/x-protobuf") && !type.equals("application/json"))
            return Reply.refused(415, "the content type must be application/x-protobuf or application/json");
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        boolean packed = "gzip".equalsIgnoreCase(encoding);
        if (!packed && encoding != null && !encoding.equalsIgnoreCase("identity"))
            return Reply.refused(415, "the content encoding must be gzip or none");
        Form form = type.equals("application/json")
                ? packed ? Form.JSON_GZIP : Form.JSON
                : packed ? Form.PROTOBUF_GZIP : Form.PROTOBUF;
        try (var body = new Body(form)) {
            Reply refusal = body.read(exchange.getRequestBody());
            return refusal != null ? refusal : take(new OtlpRequest(form, body.bytes()));
        }
    }

    /**
     * Takes traces by gRPC, too.
     *
     * @param port 0 for any
     * @return where exporters send to
     * @throws IOException if the port is taken
     */
    public URI listenForGrpc(int port) throws IOException {
        if (grpc != null) throw new IllegalStateException("gRPC is listened for already");
        OtlpGrpc started = OtlpGrpc.start(port, address(), this::takeMessage);
        grpc = started;
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":" + started.port());
    }

    private OtlpGrpc.Answer takeMessage(boolean isPacked, InputStream stream) throws IOException, InterruptedException {
        Form form = isPacked ? Form.PROTOBUF_GZIP : Form.PROTOBUF;
        try (var body = new Body(form)) {
            Reply refusal = body.read(stream);
            if (refusal != null) return grpcAnswer(refusal);
            byte[] bytes = body.bytes();
            var prefix = ByteBuffer.wrap(bytes);
            boolean isWhole = bytes.length >= OtlpGrpc.PREFIX_BYTES
                    && prefix.get() <= (isPacked ? 1 : 0)
                    && prefix.getInt() == bytes.length - OtlpGrpc.PREFIX_BYTES;
            if (!isWhole) return OtlpGrpc.Answer.refused(OtlpGrpc.Status.INVALID_ARGUMENT, "the body is no message");
            // An exporter that packs may leave a small message as it is.
            Form ofMessage = bytes[0] == 0 ? Form.PROTOBUF : form;
            return grpcAnswer(
                    take(new OtlpRequest(ofMessage, Arrays.copyOfRange(bytes, OtlpGrpc.PREFIX_BYTES, bytes.length))));
        }
    }

    private static OtlpGrpc.Answer grpcAnswer(Reply reply) {
        return switch (reply.status()) {
            case 200 -> new OtlpGrpc.Answer(OtlpGrpc.Status.OK, "", response(reply));
            case 503 -> OtlpGrpc.Answer.refused(OtlpGrpc.Status.UNAVAILABLE, reply.wrong());
            case 413 -> OtlpGrpc.Answer.refused(OtlpGrpc.Status.RESOURCE_EXHAUSTED, reply.wrong());
            default -> OtlpGrpc.Answer.refused(OtlpGrpc.Status.INVALID_ARGUMENT, reply.wrong());
        };
    }

    private static ExportTraceServiceResponse response(Reply reply) {
        // The answer to a request that was taken whole is an empty message.
        var message = ExportTraceServiceResponse.newBuilder();
        if (reply.rejected() > 0)
            message.setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(reply.rejected())
                    .setErrorMessage(reply.wrong()));
        return message.build();
    }

    private Reply take(OtlpRequest request) throws InterruptedException {
        try {
            OtlpJson.Spans spans = request.spans();
            if (!intake.take(request, spans.spans()))
                return Reply.refused(503, "spans come faster than they are stored");
            spans.problems().forEach(intake::problem);
            return new Reply(
                    200,
                    spans.problems().isEmpty() ? "" : spans.problems().getFirst(),
                    spans.problems().size());
        } catch (OtlpRequest.Malformed e) {
            return Reply.refused(400, "the body is no export request of traces");
        } catch (OtlpRequest.TooLarge e) {
            return tooLarge();
        }
    }

    private static Reply tooLarge() {
        return Reply.refused(413, "a request holds at most " + (MAX_BODY_BYTES >> 10) + " KiB");
    }

    /** A body on its way in; closing it gives back the memory that it takes. */
    private final class Body implements AutoCloseable {
        private final int memoryAByte;
        private final List<byte[]> pieces = new ArrayList<>();
        private int length;
        private int held;

        Body(Form form) {
            memoryAByte = form.isBinary() ? MEMORY_A_BYTE : MEMORY_A_BYTE_OF_JSON;
        }

        /** Null if it was read. */
        @Nullable
        Reply read(InputStream stream) throws IOException {
            while (true) {
                byte[] piece = stream.readNBytes(PIECE_BYTES);
                if (piece.length == 0) return null;
                length += piece.length;
                if (length > MAX_BODY_BYTES) return tooLarge();
                // One that comes alone is taken, however little memory there is.
                int needed = Math.min(piece.length * memoryAByte / 1024 + 1, BUDGET_KIB - held);
                if (!memory.tryAcquire(needed)) return Reply.refused(503, "more is sent than there is memory for");
                held += needed;
                pieces.add(piece);
            }
        }

        byte[] bytes() {
            if (pieces.size() == 1) return pieces.getFirst();
            byte[] all = new byte[length];
            int at = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, all, at, piece.length);
                at += piece.length;
            }
            pieces.clear();
            return all;
        }

        @Override
        public void close() {
            memory.release(held);
        }
    }

    /** Stops taking traces and stores what was taken. */
    @Override
    public void close() {
        if (grpc != null) grpc.close();
        server.stop(0);
        handlers.close();
        intake.close();
    }
}
