package dev.understudy.core.performance;

import dev.understudy.core.loopback.BrowserGuard;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The one gRPC call by which OpenTelemetry's exporters send traces, on the loopback interface: a POST by HTTP/2 of one message after
 * a byte that says whether gzip has packed it and four with its length, answered by a message in the same form and a status in
 * the trailers ("gRPC over HTTP2", grpc/grpc, doc/PROTOCOL-HTTP2.md). One call is not worth a library that brings its own network
 * stack. Whoever speaks plain HTTP here, or asks for another call, is told what to set.
 */
final class OtlpGrpc implements AutoCloseable {
    /** Also what a body of one message is longer by. */
    static final int PREFIX_BYTES = 5;

    private static final String EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final String CONTENT_TYPE = "application/grpc";
    private static final Duration IDLE_TIME = Duration.ofMinutes(5);
    private static final Duration CALL_TIME = Duration.ofSeconds(30);
    private static final int MIN_THREADS = 2;
    private static final int MAX_THREADS = 32;

    private final Server server;
    private final ServerConnector connector;

    private OtlpGrpc(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /** What is done with a message. */
    @FunctionalInterface
    interface Export {
        /**
         * @param isPacked whether the message is packed by gzip
         * @param body of the request, the message's prefix first
         */
        Answer take(boolean isPacked, InputStream body) throws IOException, InterruptedException;
    }

    /**
     * The answer to a call.
     *
     * @param status how it ended
     * @param wrong what is wrong; empty if nothing is
     * @param response sent where it ended well
     */
    record Answer(Status status, String wrong, ExportTraceServiceResponse response) {
        static Answer refused(Status status, String wrong) {
            return new Answer(status, wrong, ExportTraceServiceResponse.getDefaultInstance());
        }
    }

    /** The statuses that exporters tell apart (google.rpc.Code). */
    enum Status {
        OK(0),
        INVALID_ARGUMENT(3),
        PERMISSION_DENIED(7),
        /** Not sent again. */
        RESOURCE_EXHAUSTED(8),
        UNIMPLEMENTED(12),
        /** Sent again a little later. */
        UNAVAILABLE(14);

        private final int code;

        Status(int code) {
            this.code = code;
        }
    }

    /** @throws IOException if the port is taken */
    static OtlpGrpc start(int port, URI overHttp, Export export) throws IOException {
        return start(port, overHttp, export, IDLE_TIME);
    }

    /** @param idleTime after which a connection on which nothing is sent is cut off */
    static OtlpGrpc start(int port, URI overHttp, Export export, Duration idleTime) throws IOException {
        var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("otlp-grpc");
        threads.setDaemon(true);
        var server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        var http2 = new HTTP2CServerConnectionFactory(http);
        http2.setStreamIdleTimeout(CALL_TIME.toMillis());
        // The first one notices that a connection begins as HTTP/2 does, and hands it on.
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), http2);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        connector.setIdleTimeout(idleTime.toMillis());
        server.addConnector(connector);
        server.setHandler(new Calls(overHttp, export));
        try {
            server.start();
        } catch (IOException e) {
            stop(server);
            throw e;
        } catch (Exception e) {
            stop(server);
            throw new IOException("the gRPC server does not start: " + e.getMessage(), e);
        }
        return new OtlpGrpc(server, connector);
    }

    /** The port that it listens on. */
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the gRPC server does not stop", e);
        }
    }

    private static final class Calls extends Handler.Abstract {
        private final BrowserGuard guard = BrowserGuard.ofLoopback();
        private final URI overHttp;
        private final Export export;

        Calls(URI overHttp, Export export) {
            this.overHttp = overHttp;
            this.export = export;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            HttpFields headers = request.getHeaders();
            String type = String.valueOf(headers.get(HttpHeader.CONTENT_TYPE));
            Optional<BrowserGuard.Refusal> foreign = guard.refusal(
                    request.getHttpURI().getAuthority(), headers.get("Sec-Fetch-Site"), headers.get(HttpHeader.ORIGIN));
            if (!type.startsWith(CONTENT_TYPE)) {
                int status = foreign.map(BrowserGuard.Refusal::status).orElse(415);
                String wrong = foreign.map(BrowserGuard.Refusal::why)
                        .orElse("This port takes gRPC. Over HTTP, send to " + overHttp
                                + " (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT), or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.");
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
                response.write(true, ByteBuffer.wrap((wrong + "\n").getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
            try {
                Answer answer = foreign.isPresent()
                        ? Answer.refused(Status.PERMISSION_DENIED, foreign.get().why())
                        : answer(request);
                answer(answer, response, callback);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer(Answer.refused(Status.UNAVAILABLE, "the receiver is closing"), response, callback);
            }
            return true;
        }

        private Answer answer(Request request) throws IOException, InterruptedException {
            if (!request.getHttpURI().getPath().equals(EXPORT))
                return Answer.refused(
                        Status.UNIMPLEMENTED,
                        "only traces are taken: set OTEL_METRICS_EXPORTER=none and OTEL_LOGS_EXPORTER=none");
            String encoding = request.getHeaders().get("grpc-encoding");
            boolean isPacked = "gzip".equals(encoding);
            if (!isPacked && encoding != null && !encoding.equals("identity"))
                return Answer.refused(Status.UNIMPLEMENTED, "the compression must be gzip or none");
            return export.take(isPacked, Content.Source.asInputStream(request));
        }

        private static void answer(Answer answer, Response response, Callback callback) {
            response.setStatus(200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
            response.getHeaders().put("grpc-accept-encoding", "gzip");
            HttpFields.Mutable status = HttpFields.build().put(new HttpField("grpc-status", "" + answer.status().code));
            if (!answer.wrong().isEmpty()) status.put("grpc-message", encoded(answer.wrong()));
            response.setTrailersSupplier(() -> status);
            byte[] message = answer.response().toByteArray();
            ByteBuffer body = answer.status() == Status.OK
                    ? ByteBuffer.allocate(PREFIX_BYTES + message.length)
                            .put((byte) 0)
                            .putInt(message.length)
                            .put(message)
                            .flip()
                    : ByteBuffer.allocate(0);
            response.write(true, body, callback);
        }

        /** Percent-encoded but for printable ASCII, as the protocol has it. */
        private static String encoded(String text) {
            var encoded = new StringBuilder();
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                if (each >= ' ' && each <= '~' && each != '%') encoded.append((char) each);
                else encoded.append(String.format("%%%02X", each & 0xff));
            }
            return encoded.toString();
        }
    }
}
