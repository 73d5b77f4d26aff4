package dev.understudy.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests as an exporter makes them: 51 traces of a web shop of 10 spans each, with the attributes of OpenTelemetry's semantic
 * conventions, which is about the 512 spans that exporters send at once by default. Only the ids of the traces differ from request to
 * request, so that making one costs next to nothing.
 */
final class TraceSender {
    static final int TRACES = 51;
    static final int SPANS_A_TRACE = 10;
    static final int SPANS = TRACES * SPANS_A_TRACE;
    private static final int TRACE_ID_BYTES = 16;
    private static final byte[] MARK = "trace-id".getBytes(StandardCharsets.US_ASCII);

    private final byte[] body;
    private final List<Integer> traceIds = new ArrayList<>();
    private final long sender;
    private long sent;

    /** @param sender a number that no other one has */
    TraceSender(int sender, long startNanos) {
        this.sender = sender;
        body = request(startNanos).toByteArray();
        for (int i = 0; i + TRACE_ID_BYTES <= body.length; i++) if (startsWith(body, i, MARK)) traceIds.add(i);
        if (traceIds.size() != SPANS) throw new IllegalStateException(traceIds.size() + " ids in " + SPANS + " spans");
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] mark) {
        for (int i = 0; i < mark.length; i++) if (bytes[at + i] != mark[i]) return false;
        return true;
    }

    private static ExportTraceServiceRequest request(long startNanos) {
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int trace = 0; trace < TRACES; trace++)
            for (int span = 0; span < SPANS_A_TRACE; span++) spans.addSpans(span(trace, span, startNanos));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(text("service.name", "shop"))
                                .addAttributes(text("telemetry.sdk.language", "java"))
                                .addAttributes(text("telemetry.sdk.version", "1.45.0")))
                        .addScopeSpans(spans))
                .build();
    }

    private static Span span(int trace, int span, long startNanos) {
        byte[] traceId =
                ByteBuffer.allocate(TRACE_ID_BYTES).put(MARK).putLong(trace).array();
        long start = startNanos + trace * 20_000_000L + span * 1_500_000L;
        Span.Builder built = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(traceId))
                .setSpanId(id(span + 1))
                .setKindValue(span == 0 ? Span.SpanKind.SPAN_KIND_SERVER_VALUE : Span.SpanKind.SPAN_KIND_CLIENT_VALUE)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + (span == 0 ? 18_000_000L : 1_000_000L + 1000L * (trace * 7 % 50)));
        if (span == 0)
            return built.setName("POST /orders")
                    .addAttributes(text("http.request.method", "POST"))
                    .addAttributes(text("http.route", "/orders"))
                    .addAttributes(text("url.scheme", "https"))
                    .addAttributes(number("http.response.status_code", 201))
                    .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"))
                    .build();
        return built.setName("SELECT shop.table" + span)
                .setParentSpanId(id(1))
                .addAttributes(text("db.system", "postgresql"))
                .addAttributes(text("db.namespace", "shop"))
                .addAttributes(text("db.query.text", "SELECT id, name, price FROM table" + span + " WHERE id = ?"))
                .addAttributes(text("server.address", "db.internal"))
                .addAttributes(number("server.port", 5432))
                .build();
    }

    private static ByteString id(long number) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).array());
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    /** The next request; its bytes change with the next call. */
    byte[] next() {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        for (int i = 0; i < traceIds.size(); i++)
            bytes.putLong(traceIds.get(i), sender)
                    .putLong(traceIds.get(i) + Long.BYTES, sent * TRACES + i / SPANS_A_TRACE);
        sent++;
        return body;
    }

    /** Sends requests over one connection, each once the one before is answered, and again if it is answered with 503. */
    void send(URI address, int requests) throws IOException {
        try (var socket = new Socket(address.getHost(), address.getPort());
                InputStream answers = new BufferedInputStream(socket.getInputStream())) {
            socket.setTcpNoDelay(true);
            byte[] header = ("POST " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                            + "\r\nContent-Type: application/x-protobuf\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < requests; i++) {
                byte[] request = next();
                int status;
                do {
                    socket.getOutputStream().write(header);
                    socket.getOutputStream().write(request);
                    status = status(answers);
                } while (status == 503);
                if (status != 200) throw new IOException("the answer was " + status);
            }
        }
    }

    private static int status(InputStream answers) throws IOException {
        String first = line(answers);
        int length = 0;
        for (String line = line(answers); !line.isEmpty(); line = line(answers))
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
        answers.skipNBytes(length);
        return Integer.parseInt(first.substring(9, 12));
    }

    private static String line(InputStream stream) throws IOException {
        var line = new StringBuilder();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            if (next < 0) throw new EOFException("the connection ended");
            if (next != '\r') line.append((char) next);
        }
        return line.toString();
    }
}
