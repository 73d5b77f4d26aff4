package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new JsonLinesSource();
    }

    @Override
    protected Sample sample() {
        return new Sample("week.jsonl", """
                {"task_id":"1","task_type":"file_copy","description":"Copies","parameters":{"source":"a"},"timestamp":"2026-11-16T09:00:00Z","duration_ms":1200,"success":true}

                {"task_type":"file_copy","timestamp":"2026-11-16T09:05:00+01:00"}
                """, 2);
    }

    private Task task(String line) throws IOException {
        Reading reading = read(line);
        assertThat(reading.reasons()).isEmpty();
        return reading.tasks().getFirst();
    }

    @Nested
    class ALine {
        @Test
        void givesEveryFieldOfTheTask() throws IOException {
            assertThat(task("{\"task_id\":\"7\",\"task_type\":\"report\",\"description\":\"d\",\"extra\":{\"a\":[1]},"
                            + "\"parameters\":{\"n\":1,\"x\":1.5,\"ok\":true,\"none\":null,\"list\":[\"a\",{\"b\":2}],"
                            + "\"big\":123456789012345678901},"
                            + "\"timestamp\":\"2026-11-16T09:00:00.5Z\",\"duration_ms\":12.5,\"success\":false}"))
                    .isEqualTo(new Task(
                            "7",
                            "report",
                            "d",
                            Map.of(
                                    "n",
                                    1L,
                                    "x",
                                    1.5,
                                    "ok",
                                    true,
                                    "list",
                                    List.of("a", Map.of("b", 2L)),
                                    "big",
                                    "123456789012345678901",
                                    "working_directory",
                                    "/home/ada"),
                            Instant.parse("2026-11-16T09:00:00.500Z"),
                            Duration.ofNanos(12_500_000),
                            false));
        }

        @Test
        void withoutAnIdGetsOneThatFollowsItsText() throws IOException {
            String line = "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\"}";
            String other = "{\"task_type\":\"b\",\"timestamp\":\"2026-11-16T09:00:00Z\"}";
            assertThat(task(line).id())
                    .isEqualTo(task(line + "\r\n").id())
                    .isNotEqualTo(task(other).id());
        }

        @Test
        void keepsInvalidUtf8() throws IOException {
            byte[] line = "{\"task_type\":\"caf?\",\"timestamp\":\"2026-11-16T09:00:00Z\"}"
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < line.length; i++) if (line[i] == '?') line[i] = (byte) 0xE9;
            assertThat(read(line).tasks()).extracting(Task::type).containsExactly("caf\uEFE9");
        }

        @Test
        void mayFollowAByteOrderMark() throws IOException {
            assertThat(read("\uFEFF{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\"}")
                            .tasks())
                    .hasSize(1);
        }
    }

    @Nested
    class TheWorkingDirectory {
        @ParameterizedTest
        @CsvSource({
            "'',/home/ada",
            "'\"working_directory\":\"/srv\"',/srv",
            "'\"working_directory\":\"../bob/x\"',/home/bob/x",
            "'\"working_directory\":\"~/x\"',~/x",
        })
        void isAbsolute(String given, String expected) throws IOException {
            Task task =
                    task("{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\",\"parameters\":{" + given + "}}");
            assertThat(task.parameters()).containsExactly(entry(Task.WORKING_DIRECTORY, expected));
        }
    }

    @Nested
    class ATimestamp {
        private Instant read(String text) throws IOException {
            return task("{\"task_type\":\"a\",\"timestamp\":\"" + text + "\"}").timestamp();
        }

        @ParameterizedTest
        @CsvSource({
            "2026-11-16T09:00:00Z,2026-11-16T09:00:00Z",
            "2026-11-16T09:00Z,2026-11-16T09:00:00Z",
            "2026-11-16 09:00:00.123456789+02:00,2026-11-16T07:00:00.123456789Z",
            "2026-11-16T09:00:00-0530,2026-11-16T14:30:00Z",
            "2026-11-16T09:00:00+01,2026-11-16T08:00:00Z",
            "20261116T090001Z,2026-11-16T09:00:01Z",
            "2024-02-29T23:59:60Z,2024-02-29T23:59:59Z",
        })
        void isIso8601(String text, Instant expected) throws IOException {
            assertThat(read(text)).isEqualTo(expected);
        }

        @Test
        void withoutAnOffsetIsLocalTimeAndSaidToBe() throws IOException {
            Reading reading =
                    JsonLinesSourceTest.this.read("{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00\"}");
            Instant local = LocalDateTime.of(2026, 11, 16, 9, 0)
                    .atZone(ZoneId.systemDefault())
                    .toInstant();
            assertThat(reading.tasks()).extracting(Task::timestamp).containsExactly(local);
            assertThat(reading.notes()).hasSize(1);
        }
    }

    @Nested
    class ALineThatCannotBeRead {
        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                value = {
                    "{\"task_type\":\"a\", § it is not valid JSON",
                    "[1] § it is not a JSON object",
                    "{} {} § there is more after",
                    "{\"timestamp\":\"2026-11-16T09:00:00Z\"} § 'task_type' is missing",
                    "{\"task_type\":\" \",\"timestamp\":\"2026-11-16T09:00:00Z\"} § 'task_type' is missing",
                    "{\"task_type\":\"a\"} § 'timestamp' is missing",
                    "{\"task_type\":\"a\",\"timestamp\":\"yesterday\"} § 'timestamp' must be",
                    "{\"task_type\":\"a\",\"timestamp\":\"2026-02-30T00:00:00Z\"} § 'timestamp' must be",
                    "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T25:00:00Z\"} § 'timestamp' must be",
                    "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\",\"duration_ms\":-1} § 'duration_ms' must be",
                    "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\",\"success\":\"yes\"} § 'success' must be",
                    "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\",\"parameters\":[]} § 'parameters' must be",
                    "{\"task_type\":[],\"timestamp\":\"2026-11-16T09:00:00Z\"} § 'task_type' must be",
                })
        void isCountedWithItsNumberAndTheRestIsRead(String line, String reason) throws IOException {
            String good = "{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\"}\n";
            Reading reading = read(good + line + "\n" + good.replace("\"a\"", "\"b\""));
            assertThat(reading.tasks()).extracting(Task::type).containsExactly("a", "b");
            assertThat(reading.skippedLines()).containsExactly(2L);
            assertThat(reading.reasons()).singleElement().asString().contains(reason);
        }

        @Test
        void isPassedOverIfItHasNoEnd() throws IOException {
            var bytes = new byte[ByteLines.MAX_LINE_BYTES + 70_000];
            java.util.Arrays.fill(bytes, (byte) 'a');
            byte[] good =
                    "\n{\"task_type\":\"a\",\"timestamp\":\"2026-11-16T09:00:00Z\"}".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(good, 0, bytes, bytes.length - good.length, good.length);
            Reading reading = read(bytes, Path.of("/home/ada/x"));
            assertThat(reading.tasks()).hasSize(1);
            assertThat(reading.skippedLines()).containsExactly(1L);
        }
    }
}
