package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.OtherProcess;
import dev.understudy.core.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver bears in a process of its own. */
@Tag("slow")
class ReceiverProcessTest {
    private static final String JSON = "application/json";
    private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private URI address = URI.create("");

    private Process start(String options) throws IOException {
        ProcessBuilder builder = OtherProcess.of(ReceiverProcess.class, folder);
        builder.environment().put("JDK_JAVA_OPTIONS", options);
        Process process = builder.start();
        processes.add(process);
        address = URI.create(process.inputReader().readLine());
        return process;
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        client.close();
    }

    private int post(BodyPublisher body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).header("Content-Type", JSON).POST(body);
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private int postAgainWhileBusy(BodyPublisher body) throws Exception {
        int status = post(body);
        while (status == 503) status = post(body);
        return status;
    }

    private static String span(int trace, String name) {
        return "{\"traceId\":\"t%d\",\"spanId\":\"1\",\"name\":\"%s\",".formatted(trace, name)
                + "\"startTimeUnixNano\":\"1762500000000000000\",\"endTimeUnixNano\":\"1762500001000000000\","
                + "\"attributes\":[{\"key\":\"user\",\"value\":{\"stringValue\":\"user %d\"}}]}".formatted(trace);
    }

    private static BodyPublisher spans(int from, int to, String name) {
        var spans = new StringJoiner(",", "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[", "]}]}]}");
        for (int i = from; i < to; i++) spans.add(span(i, name.formatted(i)));
        return BodyPublishers.ofString(spans.toString());
    }

    private long stored(String workflow) {
        try (Database database = Database.open(folder.resolve("store.db"))) {
            return PerformanceHistory.of(Config.DEFAULT, database)
                    .executionStatistics(workflow, Instant.EPOCH, END)
                    .count();
        }
    }

    @Test
    void losesNothingOfWhatItAcknowledgedWhenItIsKilled() throws Exception {
        Process process = start("-Xmx256m");
        for (int i = 0; i < 20; i++)
            assertThat(post(spans(10 * i, 10 * i + 10, "order"))).isEqualTo(200);
        process.destroyForcibly().waitFor();
        assertThat(stored("order")).isZero();

        process = start("-Xmx256m");
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();
        assertThat(stored("order")).isEqualTo(200);
    }

    /** Zeros without an end. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            if (left <= 0) return -1;
            int read = (int) Math.min(length, left);
            java.util.Arrays.fill(bytes, from, from + read, (byte) 0);
            left -= read;
            return read;
        }
    }

    private static byte[] packedZeros(long length) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            new Zeros(length).transferTo(gzip);
        }
        return packed.toByteArray();
    }

    @Test
    void bearsWhatIsMuchLargerThanItsMemory() throws Exception {
        Process process = start("-Xmx64m -XX:+ExitOnOutOfMemoryError");

        assertThat(post(BodyPublishers.ofInputStream(() -> new Zeros(1L << 30))))
                .isEqualTo(413);
        byte[] bomb = packedZeros(1L << 30);
        assertThat(bomb).hasSizeLessThan(2 << 20);
        assertThat(post(BodyPublishers.ofByteArray(bomb), "Content-Encoding", "gzip"))
                .isEqualTo(413);
        // Names and attribute values that never come again; waiting for their traces alone would take all the memory.
        for (int i = 0; i < 100; i++)
            assertThat(postAgainWhileBusy(spans(1000 * i, 1000 * i + 1000, "GET /order/%d")))
                    .isEqualTo(200);
        assertThat(postAgainWhileBusy(spans(1_000_000, 1_000_001, "order"))).isEqualTo(200);
        process.getOutputStream().close();

        assertThat(process.waitFor()).isZero();
        // 5,000 of the names were let in before.
        assertThat(stored(SummaryStore.OTHER)).isEqualTo(95_001);
    }
}
