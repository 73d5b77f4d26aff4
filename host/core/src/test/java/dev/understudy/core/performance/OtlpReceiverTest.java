package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.understudy.core.loopback.SilentConnections;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpReceiverTest {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final long START = 1_762_500_000_000_000_000L;

    @TempDir
    Path folder;

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Database database;
    private PerformanceHistory history;
    private OtlpReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("store.db"));
        history = new PerformanceHistory(database, PerformanceHistoryTest.THRESHOLDS, 100, 100_000);
        receiver = OtlpReceiver.start(0, history, folder.resolve("traces"), problems::add);
    }

    @AfterEach
    void close() {
        receiver.close();
        client.close();
        database.close();
    }

    private HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(receiver.address())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static ByteString id(int number, int bytes) {
        byte[] id = new byte[bytes];
        id[bytes - 1] = (byte) number;
        id[bytes - 2] = (byte) (number >> 8);
        return ByteString.copyFrom(id);
    }

    private static Span span(int trace, int id, int parent, String name, int from, int to) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(id(trace, 16))
                .setSpanId(id(id, 8))
                .setName(name)
                .setStartTimeUnixNano(START + from * 1_000_000L)
                .setEndTimeUnixNano(START + to * 1_000_000L);
        return (parent == 0 ? span : span.setParentSpanId(id(parent, 8))).build();
    }

    private static byte[] request(List<Span> spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(KeyValue.newBuilder()
                                        .setKey("service.name")
                                        .setValue(AnyValue.newBuilder().setStringValue("shop"))))
                        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans)))
                .build()
                .toByteArray();
    }

    private static byte[] order(int trace) {
        return request(List.of(
                span(trace, 1, 0, "order", 0, 100),
                span(trace, 2, 1, "reserve", 0, 40),
                span(trace, 3, 1, "pay", 40, 100)));
    }

    private List<WorkflowExecution> stored() {
        receiver.close();
        return history.executions("shop: order", Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))
                .executions();
    }

    @Test
    void storesWhatComesAsProtocolBuffers() throws Exception {
        HttpResponse<String> answer = post(PROTOBUF, order(1));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(stored())
                .singleElement()
                .satisfies(execution -> assertThat(execution.steps())
                        .extracting(StepExecution::name)
                        .containsExactly("reserve", "pay"));
    }

    @Test
    void storesWhatComesCompressed() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(order(1));
        }

        assertThat(post(PROTOBUF, packed.toByteArray(), "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(200);
        assertThat(stored()).hasSize(1);
    }

    @Test
    void storesWhatComesAsJson() throws Exception {
        String body = """
                {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
                 "scopeSpans":[{"spans":[{"traceId":"ab","spanId":"cd","name":"order",
                 "startTimeUnixNano":"1762500000000000000","endTimeUnixNano":"1762500001000000000"}]}]}]}""";

        assertThat(post(JSON, body.getBytes(StandardCharsets.UTF_8)).body()).isEqualTo("{}");
        assertThat(stored()).hasSize(1);
    }

    @Test
    void losesNoSpanOfManyRequests() throws Exception {
        for (int i = 1; i <= 500; i++) {
            HttpResponse<String> answer = post(PROTOBUF, order(i));
            // An exporter sends again what could not be taken.
            while (answer.statusCode() == 503) answer = post(PROTOBUF, order(i));
            assertThat(answer.statusCode()).isEqualTo(200);
        }

        assertThat(stored())
                .hasSize(500)
                .allMatch(execution -> execution.steps().size() == 2);
    }

    @Nested
    class BadInput {
        @Test
        void thatIsNoRequestIsAnsweredWith400() throws Exception {
            assertThat(post(PROTOBUF, new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
            assertThat(post(JSON, "{".getBytes(StandardCharsets.UTF_8)).statusCode())
                    .isEqualTo(400);
            assertThat(post(PROTOBUF, order(1), "Content-Encoding", "gzip").statusCode())
                    .isEqualTo(400);
        }

        @Test
        void thatIsTooLargeIsAnsweredWith413() throws Exception {
            assertThat(post(PROTOBUF, new byte[OtlpReceiver.MAX_BODY_BYTES + 1]).statusCode())
                    .isEqualTo(413);
        }

        @Test
        void thatUnpacksToTooMuchIsAnsweredWith413() throws Exception {
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                for (int i = 0; i < 65; i++) gzip.write(new byte[1 << 20]);
            }

            assertThat(post(PROTOBUF, packed.toByteArray(), "Content-Encoding", "gzip")
                            .statusCode())
                    .isEqualTo(413);
        }

        @Test
        void thatAPageInABrowserCanSendIsAnsweredWith415() throws Exception {
            assertThat(post("text/plain", order(1)).statusCode()).isEqualTo(415);
        }

        @Test
        void thatEndsBeforeItStartsIsLeftOutAndNamed() throws Exception {
            byte[] body = request(List.of(span(1, 1, 0, "order", 100, 0), span(2, 1, 0, "order", 0, 100)));

            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(receiver.address())
                            .header("Content-Type", PROTOBUF)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(ExportTraceServiceResponse.parseFrom(answer.body()).getPartialSuccess())
                    .returns(1L, ExportTracePartialSuccess::getRejectedSpans)
                    .returns("the span 'order' ends before it starts", ExportTracePartialSuccess::getErrorMessage);
            assertThat(stored()).hasSize(1);
            assertThat(problems).containsExactly("the span 'order' ends before it starts");
        }

        @Test
        void thatComesAgainCountsOnce() throws Exception {
            post(PROTOBUF, order(1));
            post(PROTOBUF, order(1));

            assertThat(stored())
                    .singleElement()
                    .satisfies(execution -> assertThat(execution.steps()).hasSize(2));
            assertThat(history.stepStatistics("shop: order", Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))
                            .values())
                    .extracting(DurationStatistics::count)
                    .containsOnly(1L);
        }

        @Test
        void withAnAttributeOfMegabytesIsCut() throws Exception {
            var huge = KeyValue.newBuilder()
                    .setKey("db.query.text")
                    .setValue(AnyValue.newBuilder().setStringValue("SELECT ".repeat(1_000_000)));
            Span pay =
                    span(1, 2, 1, "pay", 0, 40).toBuilder().addAttributes(huge).build();

            assertThat(post(PROTOBUF, request(List.of(span(1, 1, 0, "order", 0, 100), pay)))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(stored().getFirst().steps().getFirst().attributes().get("db.query.text"))
                    .hasSize(256)
                    .startsWith("SELECT SELECT ");
        }

        @Test
        void inAnUnknownEncodingIsAnsweredWith415() throws Exception {
            assertThat(post(PROTOBUF, order(1), "Content-Encoding", "br").statusCode())
                    .isEqualTo(415);
        }

        @Test
        void withoutARootWaitsForItAlsoInTheNextProcess() throws Exception {
            post(
                    PROTOBUF,
                    request(IntStream.range(2, 5)
                            .mapToObj(i -> span(1, i, 1, "reserve", 0, 40))
                            .toList()));
            assertThat(stored()).isEmpty();

            receiver = OtlpReceiver.start(0, history, folder.resolve("traces"), problems::add);
            post(PROTOBUF, request(List.of(span(1, 1, 0, "order", 0, 100))));

            assertThat(stored())
                    .singleElement()
                    .satisfies(execution -> assertThat(execution.steps()).hasSize(3));
            assertThat(problems).isEmpty();
        }
    }

    /** What a browser would send is written byte for byte, since Java's client sets these headers itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | Host: localhost",
                "421 | Host: rebound.example",
                "403 | Host: localhost#Origin: http://evil.example",
                "403 | Host: localhost#Sec-Fetch-Site: cross-site",
            })
    void takesNothingFromPagesOfOtherSites(String status, String headers) throws IOException {
        byte[] body = order(1);
        try (var socket =
                new Socket(receiver.address().getHost(), receiver.address().getPort())) {
            String header = "POST /v1/traces HTTP/1.1\r\n" + headers.replace("#", "\r\n") + "\r\nContent-Type: "
                    + PROTOBUF + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n";
            socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(stored()).hasSize(status.equals("200") ? 1 : 0);
    }

    @Test
    @Timeout(60)
    void cutsOffWhoSaysNothingMoreAndAnswersOthersMeanwhile() throws Exception {
        try (var connections =
                new SilentConnections(ReceiverProcess.class, Files.createDirectory(folder.resolve("other")))) {
            connections.assertAreCutOffAndKeepNobodyWaiting(200, "{}", "Content-Type", JSON);
        }
    }

    @Test
    void saysThatAPortIsTaken() {
        assertThatThrownBy(() -> OtlpReceiver.start(
                        receiver.address().getPort(), history, folder.resolve("other"), problems::add))
                .isInstanceOf(BindException.class);
    }
}
