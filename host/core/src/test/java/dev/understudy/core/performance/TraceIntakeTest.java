package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.OtlpRequest.Form;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceIntakeTest {
    private final Path folder;
    private final Database database;
    private final PerformanceHistory history;
    private final List<String> problems = new ArrayList<>();

    TraceIntakeTest(@TempDir Path folder) {
        this.folder = folder;
        database = Database.open(folder.resolve("store.db"));
        history = PerformanceHistory.of(Config.DEFAULT, database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private TraceIntake intake(int room) throws IOException {
        return TraceIntake.start(history, TraceSpool.open(spool()), problems::add, room);
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    private static OtlpRequest order(int trace) {
        return new OtlpRequest(Form.JSON, """
                {"resourceSpans":[{"scopeSpans":[{"spans":[
                 {"traceId":"%s","spanId":"1","name":"order",
                  "startTimeUnixNano":"1762500000000000000","endTimeUnixNano":"1762500001000000000"},
                 {"traceId":"%s","spanId":"2","parentSpanId":"1","name":"pay",
                  "startTimeUnixNano":"1762500000000000000","endTimeUnixNano":"1762500001000000000"}]}]}]}""".formatted(trace, trace).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean take(TraceIntake intake, OtlpRequest request) throws Exception {
        return intake.take(request, request.spans().spans());
    }

    private long stored() {
        return history.executionStatistics("order", Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))
                .count();
    }

    @Test
    void refusesWhatThereIsNoRoomFor() throws Exception {
        try (TraceIntake intake = intake(4)) {
            assertThat(take(intake, order(1))).isTrue();
            assertThat(take(intake, order(2))).isTrue();
            assertThat(take(intake, order(3))).isFalse();
        }
        assertThat(stored()).isEqualTo(2);
    }

    @Nested
    class TheSpool {
        @Test
        void isEmptyOnceAllIsStored() throws Exception {
            try (TraceIntake intake = intake(100)) {
                take(intake, order(1));
            }
            assertThat(spool()).isEmptyDirectory();
        }

        @Test
        void givesBackWhatWasNotStored() throws Exception {
            try (var spool = TraceSpool.open(spool())) {
                spool.append(List.of(order(1), order(2)));
                spool.append(List.of(order(3)));
            }
            intake(100).close();

            assertThat(stored()).isEqualTo(3);
            assertThat(problems).isEmpty();
            assertThat(spool()).isEmptyDirectory();
        }

        @Test
        void countsWhatWasStoredAlreadyOnce() throws Exception {
            for (int i = 0; i < 2; i++) {
                try (var spool = TraceSpool.open(spool())) {
                    spool.append(List.of(order(1)));
                }
                intake(100).close();
            }
            assertThat(stored()).isEqualTo(1);
        }

        @Test
        void leavesOutWhatWasBeingWrittenWhenItsProcessWasKilled() throws Exception {
            try (var spool = TraceSpool.open(spool())) {
                spool.append(List.of(order(1)));
                spool.append(List.of(order(2)));
            }
            Path file = spool().resolve("1.otlp");
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5), StandardOpenOption.TRUNCATE_EXISTING);
            intake(100).close();

            assertThat(stored()).isEqualTo(1);
        }

        @Test
        void leavesOutWhatTheDiskHasChanged() throws Exception {
            try (var spool = TraceSpool.open(spool())) {
                spool.append(List.of(order(1)));
                spool.append(List.of(order(2)));
            }
            Path file = spool().resolve("1.otlp");
            byte[] whole = Files.readAllBytes(file);
            whole[whole.length - 3] ^= 1;
            Files.write(file, whole);
            intake(100).close();

            assertThat(stored()).isEqualTo(1);
        }
    }
}
