package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exporter is OpenTelemetry's own for Java, which sends by gRPC unless told otherwise. */
class OtlpGrpcTest {
    @TempDir
    Path folder;

    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    private Database database;
    private PerformanceHistory history;
    private OtlpReceiver receiver;
    private URI address;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("store.db"));
        history = new PerformanceHistory(database, PerformanceHistoryTest.THRESHOLDS, 100, 100_000);
        receiver = OtlpReceiver.start(0, history, folder.resolve("traces"), problems::add);
        address = receiver.listenForGrpc(0);
    }

    @AfterEach
    void close() {
        receiver.close();
        database.close();
    }

    private List<WorkflowExecution> stored() {
        receiver.close();
        return history.executions("shop: order", Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))
                .executions();
    }

    private void order(String compression, int bytes) {
        var exporter = OtlpGrpcSpanExporter.builder()
                .setEndpoint(address.toString())
                .setCompression(compression)
                .build();
        try (var provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop")))
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            Tracer tracer = provider.get("test");
            Span order = tracer.spanBuilder("order").startSpan();
            try (Scope _ = order.makeCurrent()) {
                for (String step : List.of("reserve", "pay"))
                    tracer.spanBuilder(step)
                            .setAttribute("note", "x".repeat(bytes))
                            .startSpan()
                            .end();
            }
            order.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void takesWhatTheJavaExporterSends(String compression) {
        order(compression, 100_000);

        assertThat(stored())
                .singleElement()
                .satisfies(execution -> assertThat(execution.steps())
                        .extracting(StepExecution::name)
                        .containsExactly("reserve", "pay"));
        assertThat(problems).isEmpty();
    }

    @Test
    void tellsWhoSpeaksPlainHttpWhatToSet() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(address.resolve("/v1/traces"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("Content-Type", "application/x-protobuf")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[0]))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(answer.body()).contains("send to " + receiver.address());
        }
    }

    /** What a page in a browser would send; see NVD, CVE-2018-5702, for a name that was rebound. */
    @ParameterizedTest
    @CsvSource({
        "421, rebound.example, application/json, -",
        "403, localhost,       application/json, http://evil.example",
        "415, localhost,       application/json, -",
        "7,   rebound.example, application/grpc, -",
        "7,   localhost,       application/grpc, http://evil.example",
        "12,  localhost,       application/grpc, -",
    })
    void takesNothingFromPagesOfOtherSites(String status, String host, String type, String origin) throws Exception {
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            String request = "POST /other HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: " + type
                    + (origin.equals("-") ? "" : "\r\nOrigin: " + origin)
                    + "\r\nTE: trailers\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean isCall = type.equals("application/grpc");
            assertThat(answer).contains(isCall ? "grpc-status: " + status : "HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void cutsOffAConnectionThatSendsNothing() throws Exception {
        try (OtlpGrpc impatient = OtlpGrpc.start(
                        0,
                        address,
                        (_, _) -> OtlpGrpc.Answer.refused(OtlpGrpc.Status.UNAVAILABLE, ""),
                        Duration.ofMillis(200));
                var socket = new Socket(address.getHost(), impatient.port())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (var other = OtlpReceiver.start(0, history, folder.resolve("other"), problems::add)) {
            assertThatThrownBy(() -> other.listenForGrpc(address.getPort())).isInstanceOf(IOException.class);
        }
    }
}
