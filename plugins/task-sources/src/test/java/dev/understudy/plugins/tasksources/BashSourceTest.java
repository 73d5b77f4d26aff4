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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    // dvorka/hstr#176, microsoft/vscode#307795: '#1234' in a history is a comment on an issue.
    @Nested
    class WithANumberAfterAHash {
        @ParameterizedTest
        @ValueSource(
                strings = {"#4711", "#1", "#20261128", "#946684799", "#3000000000", "#99999999999", "#1700000000x"})
        void takesWhatNoBashWroteForAComment(String comment) throws IOException {
            Reading reading = read("ls -l\n" + comment + "\ngit checkout -b fix\ncp a b\n");
            assertThat(reading.tasks()).extracting(Task::type).containsExactly("ls", "git checkout", "cp");
            assertThat(reading.tasks())
                    .extracting(Task::timestamp)
                    .allMatch(time -> time.isAfter(Instant.parse("2026-11-16T11:59:00Z")));
            assertThat(reading.skippedLines()).containsExactly(2L);
        }

        @Test
        void doesNotEndTheEntriesThatAreStamped() throws IOException {
            assertThat(read("#1700000000\nls\n#4711\n#1700000060\npwd\n").tasks())
                    .extracting(Task::timestamp)
                    .containsExactly(Instant.ofEpochSecond(1_700_000_000), Instant.ofEpochSecond(1_700_000_060));
        }
    }

    // atuinsh/atuin#167, #745; fish-shell/fish-shell#7479: sessions with and without HISTTIMEFORMAT write to one file.
    @Nested
    class WithStampedAndOtherLines {
        @Test
        void takesEveryCompleteLineForACommand() throws IOException {
            Reading reading = read("#1700000000\ngit pull\n#1700000060\nmake test\ncp r-1.txt a/\ncp r-2.txt a/\nls\n");
            assertThat(reading.tasks())
                    .extracting(Task::type)
                    .containsExactly("git pull", "make test", "cp", "cp", "ls");
            assertThat(reading.tasks().get(1).timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_060));
            assertThat(reading.tasks().getLast().timestamp()).isEqualTo(Instant.parse("2026-11-16T12:00:00Z"));
            assertThat(reading.notes()).singleElement().asString().contains("3 tasks are estimates");
        }

        @Test
        void keepsTheOrderWhereTheStampsLeaveLittleRoom() throws IOException {
            Reading reading = read("#1700000000\na\nb\nc\nd\n#1700000002\ne\n#1600000000\nf\ng\n");
            assertThat(reading.tasks().subList(0, 5)).extracting(Task::type).containsExactly("a", "b", "c", "d", "e");
            assertThat(reading.tasks().subList(0, 5)).isSortedAccordingTo(Comparator.comparing(Task::timestamp));
            assertThat(reading.tasks().subList(0, 5))
                    .extracting(Task::timestamp)
                    .doesNotHaveDuplicates();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "for f in a b\ndo\n  rm $f\ndone",
                    "for f in a b; do\n  if [ -e $f ]; then\n    rm $f\n  fi\ndone",
                    "while read x\ndo\n  echo $x\ndone < in",
                    "if true\nthen\n  ls\nelse\n  pwd\nfi",
                    "case $x in\n  a) ls ;;\n  b) pwd ;;\nesac",
                    "greet() {\n  echo hi\n}",
                    "greet()\n{\n  echo hi\n}",
                    "function greet {\n  echo hi\n}",
                    "{\n  ls\n  pwd\n} > out",
                    "(\n  cd x\n  ls\n)",
                    "cat a |\n  sort |\n  uniq",
                    "make &&\n  make install",
                    "echo 'one\n\ntwo'",
                    "docker run \\\n  -it img",
                    "cat <<EOF > f\nls\n\npwd\nEOF",
                    "x=(a\n  b)",
                })
        void keepsAnEntryOfSeveralLinesTogether(String entry) throws IOException {
            for (String history : List.of(
                    "#1700000000\n" + entry + "\n#1700000060\nls\n",
                    "#1700000000\n" + entry + "\nls\n",
                    "#1700000000\npwd\n" + entry + "\nls\n",
                    entry + "\nls\n"))
                assertThat(read(history).tasks())
                        .extracting(task -> task.parameters().get("command"))
                        .contains(entry, "ls")
                        .hasSizeLessThanOrEqualTo(3);
        }

        @Test
        void goesOnAfterAnEntryThatIsNeverCompleted() throws IOException {
            Reading reading = read("#1700000000\nfor f in a\nls\npwd\n#1700000060\necho 'x\nls\n");
            assertThat(reading.tasks()).extracting(Task::type).containsExactly("for", "ls", "pwd", "ls");
            assertThat(reading.skippedLines()).containsExactly(6L);
        }

        @Test
        void readsTheHistoryOfTheCaseAsFortyOneCommands() throws IOException {
            var history = new StringBuilder();
            for (int i = 0; i < 5; i++)
                history.append("#").append(1_700_000_000 + 60 * i).append("\nls\n");
            for (int i = 0; i < 12; i++)
                history.append("cp report-").append(i).append(".csv archive/\ngit pull\nvim notes.txt\n");
            List<Task> tasks = read(history.toString()).tasks();
            assertThat(tasks).hasSize(41);
            assertThat(tasks).filteredOn(task -> task.type().equals("cp")).hasSize(12);
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
                    .containsExactly("git commit[-m, one\n\ntwo]", "cat[<<, ls\n, >, f]", "ls[]");
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
        assertThat(source().discover(home, Map.of())).containsExactly(history);
    }
}
