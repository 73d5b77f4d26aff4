package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.PerformanceImport.Report;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerformanceImportTest {
    private static final String TRACES = """
            {
              "resourceSpans": [{ "scopeSpans": [{ "spans": [
                { "traceId": "ab", "spanId": "cd", "name": "order",
                  "startTimeUnixNano": "1762500000000000000", "endTimeUnixNano": "1762500001000000000" }
              ]}]}]
            }
            """;

    private final Path file;
    private final Database database;
    private final PerformanceHistory history;

    PerformanceImportTest(@TempDir Path folder) {
        file = folder.resolve("file");
        database = Database.open(folder.resolve("store.db"));
        history = PerformanceHistory.of(Config.DEFAULT, database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Report of(String text) throws IOException {
        return PerformanceImport.file(history, Files.writeString(file, text));
    }

    private static byte[] recorded() throws IOException {
        try (InputStream stream = PerformanceImportTest.class.getResourceAsStream("/traces/order-desk.binpb")) {
            return stream.readAllBytes();
        }
    }

    @Test
    void readsAnObjectThatGoesOverSeveralLines() throws IOException {
        assertThat(of(TRACES).executions()).isEqualTo(1);
        assertThat(of("\n" + TRACES.replace("\"ab\"", "\"ac\"")).executions()).isEqualTo(1);
    }

    @Test
    void readsMessagesAfterTheirLengths() throws IOException {
        var framed = new ByteArrayOutputStream();
        var data = new DataOutputStream(framed);
        for (var resource : ExportTraceServiceRequest.parseFrom(recorded()).getResourceSpansList()) {
            byte[] message = ExportTraceServiceRequest.newBuilder()
                    .addResourceSpans(resource)
                    .build()
                    .toByteArray();
            data.writeInt(message.length);
            data.write(message);
        }
        Files.write(file, framed.toByteArray());

        assertThat(PerformanceImport.file(history, file).executions()).isEqualTo(25);
    }

    private static String trace(String id) {
        return TRACES.replaceAll("\\s*\\R\\s*", " ").strip().replace("\"ab\"", "\"" + id + "\"");
    }

    // open-telemetry/opentelemetry-specification#2798: what 'jq -s', a browser's console or a careless logger makes.
    @Nested
    class OfSeveralObjectsOnALine {
        @Test
        void readsThemAll() throws IOException {
            assertThat(of(trace("a") + " " + trace("b") + "\n" + trace("c")).executions())
                    .isEqualTo(3);
        }

        @Test
        void readsALineThatIsAList() throws IOException {
            assertThat(of("[" + trace("a") + "," + trace("b") + "]").executions())
                    .isEqualTo(2);
        }

        @Test
        void namesTheLineOfWhichTheRestCannotBeRead() throws IOException {
            Report report = of(trace("a") + " nonsense\n" + trace("b") + "\n");

            assertThat(report.executions()).isEqualTo(2);
            assertThat(report.problems()).singleElement().asString().startsWith("line 1 is no JSON");
        }
    }

    @Test
    void passesOverAByteOrderMark() throws IOException {
        assertThat(of("\ufeff" + trace("a") + "\n").executions()).isEqualTo(1);
        assertThat(of("\ufeff" + TRACES.replace("\"ab\"", "\"b\"")).executions())
                .isEqualTo(1);
    }

    @Test
    void readsAFileAgainThatIsStillBeingWritten() throws IOException {
        String cut = trace("b").substring(0, 40);
        assertThat(of(trace("a") + "\n" + cut).executions()).isEqualTo(1);

        Report unchanged = of(trace("a") + "\n" + cut);
        assertThat(unchanged.executions()).isZero();
        assertThat(unchanged.problems()).containsExactly("line 2 is cut off");

        assertThat(of(trace("a") + "\n" + trace("b") + "\n").executions()).isEqualTo(1);
    }

    @Test
    void readsWhatTheJavaLoggingExporterWrites() throws IOException {
        String part =
                trace("%s").replaceFirst("\\A\\{ \"resourceSpans\": \\[", "").replaceFirst("\\]\\s*\\}\\z", "");
        assertThat(part).startsWith("{ \"scopeSpans\"");
        part = part.replaceFirst("\\{ ", "{");

        Report report = of(part.formatted("a") + """

                Nov 28, 2026 9:00:00 AM io.opentelemetry.exporter.logging.otlp.internal.traces.OtlpJsonLoggingSpanExporter export
                INFO:\s""" + part.formatted("b") + "\n");

        assertThat(report.executions()).isEqualTo(2);
        assertThat(report.problems()).isEmpty();
    }

    @Nested
    class BadInput {
        private void assertRefused(byte[] bytes) throws IOException {
            Files.write(file, bytes);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> PerformanceImport.file(history, file))
                    .withMessageContaining("cannot be imported");
            assertThat(history.workflows()).isEmpty();
        }

        @Test
        void thatIsCutShortIsRefused() throws IOException {
            byte[] all = recorded();
            assertRefused(java.util.Arrays.copyOf(all, 100));
        }

        @Test
        void thatClaimsToBeLongerThanItIsIsRefused() throws IOException {
            assertRefused(new byte[] {'\n', (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 1, 2, 3});
            assertRefused(new byte[] {0x7f, 0, 0, 0, '\n', 1, 2});
            assertRefused(new byte[] {0, 0x7f, 0, 0, '\n', 1, 2});
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    // The end before the start; a step's; a state that is none; a time that is none; a text for a
                    // number.
                    "{\"id\":\"1\",\"workflow\":\"w\",\"start\":\"2026-11-02T00:00:01Z\",\"end\":\"2026-11-02T00:00:00Z\",\"steps\":[]}",
                    "{\"id\":\"1\",\"workflow\":\"w\",\"start\":\"2026-11-02T00:00:00Z\",\"end\":\"2026-11-02T00:00:09Z\",\"steps\":[{\"name\":\"s\",\"start\":\"2026-11-02T00:00:02Z\",\"end\":\"2026-11-02T00:00:01Z\"}]}",
                    "{\"id\":\"1\",\"workflow\":\"w\",\"start\":\"2026-11-02T00:00:00Z\",\"end\":\"2026-11-02T00:00:01Z\",\"state\":\"odd\",\"steps\":[]}",
                    "{\"id\":\"1\",\"workflow\":\"w\",\"start\":\"yesterday\",\"end\":\"2026-11-02T00:00:01Z\",\"steps\":[]}",
                    "{\"metric_id\":\"1\",\"process_name\":\"p\",\"timestamp\":\"2026-11-02T00:00:00Z\",\"duration_ms\":\"long\"}",
                    "{\"metric_id\":\"1\",\"process_name\":\"p\",\"timestamp\":\"2026-11-02T00:00:00Z\",\"duration_ms\":-1}",
                    "[]",
                    "nonsense"
                })
        void inALineIsNamedAndTheRestGoesOn(String line) throws IOException {
            Report report = of(
                    "{\"id\":\"0\",\"workflow\":\"good\",\"start\":\"2026-11-02T00:00:00Z\",\"end\":\"2026-11-02T00:00:01Z\",\"steps\":[]}\n"
                            + line + "\n");

            assertThat(report.executions()).isEqualTo(1);
            assertThat(report.skipped()).isEqualTo(1);
            assertThat(report.problems()).singleElement().asString().startsWith("line 2");
        }
    }
}
