package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BashSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new BashSource();
    }

    @Override
    protected Sample sample() {
        return new Sample(".bash_history", "ls -l\nls -l\ngit commit -m 'x y'\n", 3);
    }

    @Test
    void givesATaskWithTheParametersOfAShell() throws IOException {
        Task task = read("#1700000000\ngit commit -m 'x y'\n").tasks().getFirst();
        assertThat(task)
                .isEqualTo(new Task(
                        task.id(),
                        "git commit",
                        "git commit -m 'x y'",
                        Map.of("command", "git commit -m 'x y'", "arguments", List.of("-m", "x y")),
                        Instant.ofEpochSecond(1_700_000_000),
                        Duration.ZERO,
                        true));
    }

    @Nested
    class WithTimeStamps {
        @Test
        void takesSeveralLinesForOneEntry() throws IOException {
            Reading reading = read("#1700000000\nfor f in a b\ndo\n  rm $f\ndone\n#1700000009\nls\n");
            assertThat(reading.tasks()).extracting(Task::type).containsExactly("for", "ls");
            assertThat(reading.tasks().getFirst().parameters())
                    .containsEntry("command", "for f in a b\ndo\n  rm $f\ndone");
            assertThat(reading.notes()).isEmpty();
        }

        @Test
        void givesACommandTheSameIdInAnyFile() throws IOException {
            byte[] history = "#1700000000\nls\n#1700000000\nls\n".getBytes(StandardCharsets.UTF_8);
            List<String> ids = read(history).tasks().stream().map(Task::id).toList();
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(read(history, Path.of("/mnt/copy")).tasks())
                    .extracting(Task::id)
                    .isEqualTo(ids);
        }

        @Test
        void countsBackFromTheFirstStampForWhatStandsBeforeIt() throws IOException {
            assertThat(read("a\nb\n#1700000000\nc\n").tasks())
                    .extracting(task -> task.timestamp().getEpochSecond())
                    .containsExactly(1_699_999_998L, 1_699_999_999L, 1_700_000_000L);
        }
    }

    @Nested
    class WithoutTimeStamps {
        @Test
        void endsAtTheFilesModificationTimeASecondApartAndSaysSo() throws IOException {
            Reading reading = read("a\nb\n\nc\n");
            assertThat(reading.tasks())
                    .extracting(Task::timestamp)
                    .containsExactly(
                            Instant.parse("2026-11-16T11:59:58Z"),
                            Instant.parse("2026-11-16T11:59:59Z"),
                            Instant.parse("2026-11-16T12:00:00Z"));
            assertThat(reading.notes()).singleElement().asString().contains("3 tasks are estimates");
        }

        @Test
        void joinsLinesThatAnOpenQuoteOrHereDocumentHoldsTogether() throws IOException {
            assertThat(read("git commit -m 'one\n\ntwo'\ncat <<EOF > f\nls\nEOF\nls\n")
                            .tasks())
                    .extracting(task -> task.type() + task.parameters().get("arguments"))
                    .containsExactly("git commit[-m, one\ntwo]", "cat[<<, ls\n, >, f]", "ls[]");
        }

        @Test
        void tellsTheSameCommandInTwoFilesApart() throws IOException {
            byte[] history = "ls\n".getBytes(StandardCharsets.UTF_8);
            assertThat(read(history, Path.of("/a")).tasks().getFirst().id())
                    .isNotEqualTo(
                            read(history, Path.of("/b")).tasks().getFirst().id());
        }
    }

    @Test
    void reportsTheLineOfWhatItCannotRead() throws IOException {
        Reading reading = read("ls\necho 'never closed\npwd\n# a comment\n");
        assertThat(reading.tasks()).extracting(Task::type).containsExactly("ls", "pwd");
        assertThat(reading.skippedLines()).containsExactly(2L, 4L);
        assertThat(reading.reasons())
                .containsExactly("a single quote is never closed", "it holds a comment, but no command");
    }

    @Test
    void losesNoByteOfInvalidUtf8() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("echo '".getBytes(StandardCharsets.UTF_8));
        for (int b = 1; b < 256; b++) if (b != '\n' && b != '\r' && b != '\'') bytes.write(b);
        bytes.writeBytes("\uEFE9\u20AC\uD83D\uDE00'".getBytes(StandardCharsets.UTF_8));
        String command = String.valueOf(
                read(bytes.toByteArray()).tasks().getFirst().parameters().get("command"));
        assertThat(rawBytes(command)).isEqualTo(bytes.toByteArray());
    }

    private static byte[] rawBytes(String text) {
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (c >= 0xEF80 && c <= 0xEFFF) bytes.write(c - 0xEF00);
            else bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        });
        return bytes.toByteArray();
    }

    @Test
    void findsTheHistoryInAHome(@TempDir Path home) throws IOException {
        Path history = Files.writeString(home.resolve(".bash_history"), "ls\n");
        assertThat(source().discover(home)).containsExactly(history);
    }
}
