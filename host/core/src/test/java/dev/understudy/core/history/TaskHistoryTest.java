package dev.understudy.core.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.plugins.tasksources.BashSource;
import dev.understudy.plugins.tasksources.FishSource;
import dev.understudy.plugins.tasksources.HistoryListSource;
import dev.understudy.plugins.tasksources.JsonLinesSource;
import dev.understudy.plugins.tasksources.PowerShellSource;
import dev.understudy.plugins.tasksources.TcshSource;
import dev.understudy.plugins.tasksources.XonshSource;
import dev.understudy.plugins.tasksources.ZshSource;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.UnixUserHistory;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskHistoryTest {

    private static final Instant NINE = Instant.parse("2026-11-16T09:00:00Z");

    private static Path emptyStore = Path.of("");

    @TempDir
    private Path folder;

    private Database database;

    /** Migrating takes long, so one empty store is made and copied. */
    @BeforeAll
    static void makeEmptyStore(@TempDir Path shared) {
        emptyStore = shared.resolve("empty.db");
        Database.open(emptyStore).close();
    }

    @BeforeEach
    void openDatabase() throws IOException {
        Files.copy(emptyStore, folder.resolve("store.db"));
        database = Database.open(folder.resolve("store.db"));
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private TaskHistory history(int maxTasks) {
        List<TaskSource> sources = List.of(
                new JsonLinesSource(),
                new BashSource(),
                new ZshSource(),
                new PowerShellSource(),
                new XonshSource(),
                new FishSource(),
                new TcshSource(),
                new HistoryListSource());
        return new TaskHistory(database, sources, maxTasks);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String line(int number) {
        return "{\"task_id\":\"t%d\",\"task_type\":\"copy\",\"timestamp\":\"%s\"}\n"
                .formatted(number, NINE.plusSeconds(number));
    }

    private static String lines(int from, int to) {
        return String.join(
                "", IntStream.range(from, to).mapToObj(TaskHistoryTest::line).toList());
    }

    private static Task task(String id, long second, Map<String, Object> parameters) {
        return new Task(id, "copy", "Copies", parameters, NINE.plusSeconds(second), Duration.ofMillis(1500), true);
    }

    @Nested
    class AnImport {
        @Test
        void keepsTheTasksAndTellsWhatBecameOfEachLine() throws IOException {
            Path file = file("a.jsonl", line(1) + "{broken\n" + line(2) + line(1));
            TaskHistory history = history(10);
            assertThat(history.importFile(file))
                    .isEqualTo(new ImportReport(
                            file,
                            "jsonl",
                            2,
                            1,
                            0,
                            1,
                            List.of(new ImportReport.SkippedLine(2, "it is not valid JSON (column 2)")),
                            0,
                            List.of()));
            assertThat(history.tasks()).extracting(Task::id).containsExactly("t1", "t2");
        }

        @Test
        void ofTheSameFileAgainAddsNothing() throws IOException {
            Path file = file(".bash_history", "ls\nls\n#1700000000\ngit commit -m 'x y'\n");
            TaskHistory history = history(10);
            history.importFile(file);
            List<Task> before = history.tasks();
            ImportReport again = history.importFile(file);
            assertThat(again.imported()).isZero();
            assertThat(again.alreadyKnown()).isEqualTo(3);
            assertThat(history.tasks()).isEqualTo(before);
            assertThat(history(10).importFile(file).imported()).isZero();
        }

        @Test
        void feedsListenersInTheOrderOfTime() throws IOException {
            TaskHistory history = history(10);
            history.recordTask(task("first", 0, Map.of()));
            var heard = new ArrayList<String>();
            history.feed(task -> heard.add(task.id()));
            history.importFile(file("a.jsonl", line(3) + line(1) + line(2)));
            history.importFile(file("a.jsonl", line(3) + line(1) + line(2)));
            assertThat(heard).containsExactly("first", "t1", "t2", "t3");
        }

        @Test
        void replacesSecretsBeforeTheyAreStored() throws IOException {
            Path file = file(".bash_history", "mysql -u root -phunter2 shop\nls\n");
            ImportReport report = history(10).importFile(file);
            assertThat(report.redacted()).isEqualTo(1);
            assertThat(history(10).tasks().getFirst().description()).isEqualTo("mysql -u root -p<secret> shop");
            database.close();
            for (Path each : List.of(folder.resolve("store.db"), folder.resolve("store.db-wal"))) {
                if (Files.exists(each))
                    assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
                            .as(each.toString())
                            .doesNotContain("hunter2");
            }
        }

        @Test
        void thatFailsLeavesTheHistoryAsItWas() throws IOException {
            TaskHistory history = history(10);
            Path file = file("a.jsonl", lines(0, 5));
            database.close();
            assertThatThrownBy(() -> history.importFile(file)).isInstanceOf(RuntimeException.class);
            assertThat(history.tasks()).isEmpty();
        }

        @Test
        void takesASourceThatThrowsForAFailureOfItsPlugin() throws IOException {
            TaskSource broken = new TaskSource() {
                @Override
                public String name() {
                    return "broken";
                }

                @Override
                public String description() {
                    return "always fails";
                }

                @Override
                public double confidence(Probe probe) {
                    return 1;
                }

                @Override
                public void read(Input input, TaskSink sink) {
                    throw new IllegalStateException("secret text");
                }
            };
            var history = new TaskHistory(database, List.of(broken), 10);
            Path file = file("a.txt", "ls\n");
            assertThatThrownBy(() -> history.importFile(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("'broken' failed")
                    .hasMessageNotContaining("secret text");
        }
    }

    @Nested
    class ItsSize {
        @ParameterizedTest
        @ValueSource(ints = {1, 3, 10, 49, 50, 51})
        void keepsTheLatestAndCountsTheRest(int maxTasks) throws IOException {
            Path file = file("a.jsonl", lines(25, 50) + lines(0, 25));
            TaskHistory history = history(maxTasks);
            ImportReport report = history.importFile(file);
            int kept = Math.min(50, maxTasks);
            assertThat(report.imported()).isEqualTo(kept);
            assertThat(report.tooOld()).isEqualTo(50 - kept);
            List<String> expected =
                    IntStream.range(50 - kept, 50).mapToObj(i -> "t" + i).toList();
            assertThat(history.tasks()).extracting(Task::id).isEqualTo(expected);
            assertThat(history(maxTasks).tasks()).extracting(Task::id).isEqualTo(expected);
        }

        @Test
        void letsNothingInTwice() throws IOException {
            Path file = file("a.jsonl", lines(0, 50));
            TaskHistory history = history(10);
            history.importFile(file);
            ImportReport again = history.importFile(file);
            assertThat(again.imported()).isZero();
            assertThat(again.alreadyKnown()).isEqualTo(10);
            assertThat(again.tooOld()).isEqualTo(40);
        }

        @Test
        void letsNothingInTwiceThoughManyTasksShareASecond() throws IOException {
            String sameSecond = lines(0, 50).replaceAll("09:00:\\d\\d", "09:00:00");
            Path file = file("a.jsonl", sameSecond);
            TaskHistory history = history(10);
            assertThat(history.importFile(file).imported()).isEqualTo(10);
            List<Task> before = history.tasks();
            assertThat(history.importFile(file).imported()).isZero();
            assertThat(history.tasks()).isEqualTo(before);
        }

        @Test
        void makesRoomForLaterTasks() throws IOException {
            TaskHistory history = history(3);
            history.importFile(file("a.jsonl", lines(0, 3)));
            assertThat(history.recordTask(task("new", 100, Map.of()))).isTrue();
            assertThat(history.recordTask(task("old", -1, Map.of()))).isFalse();
            assertThat(history.recordTask(task("t2", 2, Map.of()))).isFalse();
            assertThat(history.tasks()).extracting(Task::id).containsExactly("t1", "t2", "new");
            assertThat(history(3).tasks()).isEqualTo(history.tasks());
        }

        @Test
        void mayShrinkBetweenTwoStarts() throws IOException {
            history(10).importFile(file("a.jsonl", lines(0, 10)));
            assertThat(history(4).tasks()).extracting(Task::id).containsExactly("t6", "t7", "t8", "t9");
        }
    }

    @Nested
    class ARecordedTask {
        @Test
        void comesBackAsItWas() {
            Task task = new Task(
                    "1",
                    "report",
                    "caf\u00e9 \ud83d\ude00 \uEFE9",
                    Map.of("a", List.of("x", 1L, 1.5, true, Map.of("b", "\u0000\n\"")), "c", Map.of(), "d", List.of()),
                    Instant.parse("1969-12-31T23:59:59.123456789Z"),
                    Duration.ofNanos(1_234_567_891L),
                    false);
            history(10).recordTask(task);
            assertThat(history(10).tasks()).containsExactly(task);
        }

        @Test
        void losesItsSecrets() {
            TaskHistory history = history(10);
            history.recordTask(task("1", 0, Map.of("password", "hunter2")));
            assertThat(history.tasks().getFirst().parameters()).isEqualTo(Map.of("password", "<secret>"));
        }
    }

    @Nested
    class TasksOfAnotherProcess {
        private final List<String> heard = new ArrayList<>();

        private Task task(String id, Instant at) {
            return new Task(id, "copy", "", Map.of(), at, Duration.ofSeconds(1), true);
        }

        @Test
        void enterOnceAndInOrderWhenTheyAreLookedFor() {
            TaskHistory mine = history(100);
            TaskHistory theirs = history(100);
            mine.feed(task -> heard.add(task.id()));
            mine.recordTask(task("mine", NINE));
            theirs.recordTask(task("later", NINE.plusSeconds(2)));
            theirs.recordTask(task("earlier", NINE.minusSeconds(2)));
            assertThat(mine.refresh()).isEqualTo(2);
            assertThat(mine.refresh()).isZero();
            assertThat(heard).containsExactly("mine", "earlier", "later");
            assertThat(mine.tasks()).extracting(Task::id).containsExactly("earlier", "mine", "later");
        }

        @Test
        void areBoundedLikeOnesOwn() {
            TaskHistory mine = history(2);
            TaskHistory theirs = history(2);
            for (int i = 0; i < 4; i++) theirs.recordTask(task("t" + i, NINE.plusSeconds(i)));
            mine.refresh();
            assertThat(mine.tasks()).extracting(Task::id).containsExactly("t2", "t3");
        }
    }

    @Test
    void whoIsNoLongerFedHearsNothing() {
        var heard = new ArrayList<String>();
        Consumer<Task> listener = task -> heard.add(task.id());
        TaskHistory history = history(10);
        history.feed(listener);
        history.unfeed(listener);
        history.recordTask(new Task("1", "copy", "", Map.of(), NINE, Duration.ZERO, true));
        assertThat(heard).isEmpty();
    }

    @Nested
    class BadInput {
        private void isRefused(Path path, String why) {
            assertThatThrownBy(() -> history(10).importFile(path))
                    .isInstanceOfSatisfying(UserException.class, refused -> {
                        assertThat(refused.category()).isEqualTo(UserException.Category.BAD_INPUT);
                        assertThat(refused).hasMessageContaining(why).hasMessageContaining(path.toString());
                    });
        }

        @Test
        void thatIsNotThere() {
            isRefused(folder.resolve("nowhere.jsonl"), "there is no such file");
        }

        @Test
        void thatIsAFolder() {
            isRefused(folder, "it is a folder");
        }

        @Test
        void thatIsBinary() throws IOException {
            isRefused(Files.write(folder.resolve("a.jsonl"), new byte[] {'{', 0, 1, 2}), "it is a binary file");
        }

        @Test
        void thatNobodyMayRead() throws IOException {
            Path file = file("a.jsonl", line(1));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            isRefused(Files.isReadable(file) ? writeOnly() : file, "you may not read it");
        }

        /** Permissions do not stop root, but Linux has files that nobody reads. */
        private static Path writeOnly() throws IOException {
            Path file = Path.of("/sys/bus/cpu/drivers_probe");
            assumeTrue(Files.exists(file), "this user reads any file, whatever its permissions");
            return file;
        }

        @Test
        void thatIsEmptyIsSaidToBe() throws IOException {
            ImportReport report = history(10).importFile(file("a.jsonl", ""));
            assertThat(report.imported()).isZero();
            assertThat(report.notes()).containsExactly("The file is empty: there is nothing to import.");
        }
    }

    // atuinsh/atuin#1607, #2593: which file is read where HISTFILE is set, odd or empty.
    @Nested
    class Discovering {
        private List<Path> found(String histfile) {
            return history(10).discover(folder, Map.of("HISTFILE", histfile));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "/dev/null", "/nonexistent/history"})
        void readsTheUsualFilesWhereTheHistoryIsSwitchedOff(String histfile) throws IOException {
            Path usual = file(".bash_history", "ls\n");
            assertThat(found(histfile)).containsExactly(usual);
        }

        @Test
        void readsWhatTheShellNamesFirstAndNothingTwice() throws IOException {
            Path own = file("history", "ls\n");
            Path usual = file(".bash_history", "ls\n");
            Path link = Files.createSymbolicLink(folder.resolve("link"), usual);
            assertThat(found(own.toString())).containsExactly(own, usual);
            assertThat(found("~/history")).containsExactly(own, usual);
            assertThat(found(link.toString())).containsExactly(link);
        }

        @Test
        void refusesAFolderByName() {
            assertThat(found(folder.toString())).containsExactly(folder);
            assertThatThrownBy(() -> history(10).importFile(folder)).hasMessageContaining("it is a folder");
        }
    }

    @Nested
    class ShellHistories {
        @Test
        void areReadDespiteTheNulCharactersOfACrash() throws IOException {
            Path file = file(".bash_history", "ls\n" + "\0".repeat(4096) + "pwd\n");
            ImportReport report = history(10).importFile(file);
            assertThat(report).returns(2L, ImportReport::imported).returns("bash", ImportReport::source);
            assertThat(report.notes()).anyMatch(note -> note.contains("NUL characters"));
        }

        @Test
        void ofASessionThatHoldsItsEnvironmentTakeTheCommandsOnly() throws IOException {
            TaskHistory history = history(10);
            Path file = file("xonsh-1.json", """
                    {"locs": [1], "data": {"env": {"API_KEY": "hunter2"},
                     "cmds": [{"inp": "make", "rtn": 0, "ts": [1700000000.0, 1700000001.0]}], "sessionid": "1"}}""");
            assertThat(history.importFile(file)).returns("xonsh", ImportReport::source);
            assertThat(history.tasks())
                    .singleElement()
                    .asString()
                    .contains("make")
                    .doesNotContain("hunter2");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                value = {
                    "fish_history § - cmd: set -gx API_KEY hunter2-geheim\\ncurl -u ada:hunter2-geheim x",
                    ".zsh_history § : 1700000000:0;export API_KEY=hunter2-geheim",
                    ".zsh_history § : 1700000000:0;for i in a; do\\|  mysql -phunter2-geheim $i\\|done",
                    ".history § #+1700000000|setenv API_KEY hunter2-geheim",
                    "list.txt §   501  export API_KEY=hunter2-geheim|  502  ls",
                    ".bash_history § #1700000000|ls|export API_KEY=hunter2-geheim|cd x",
                })
        void keepNoSecret(String name, String text) throws IOException {
            TaskHistory history = history(10);
            ImportReport report = history.importFile(file(name, text.replace('|', '\n') + "\n"));
            assertThat(report.redacted()).isEqualTo(1);
            assertThat(history.tasks().toString()).doesNotContain("geheim");
        }
    }

    /** As redirections and editors of Windows write it. */
    @Nested
    class TextInUtf16 {
        private static byte[] in(String charset, String text) {
            return text.getBytes(Charset.forName(charset));
        }

        @ParameterizedTest
        @ValueSource(strings = {"x-UTF-16LE-BOM", "UTF-16", "UTF-16LE", "UTF-16BE"})
        void isReadAsTheSameTextInUtf8(String charset) throws IOException {
            String text =
                    "cp a.txt bak/\r\ncd Übung\r\necho 🦊 привет\r\n" + "ls -l\r\n".repeat(9000) + "git push 🦊\r\n";
            TaskHistory history = history(10_000);
            Path file = Files.write(folder.resolve(".bash_history"), in(charset, text));
            assertThat(history.importFile(file))
                    .returns("bash", ImportReport::source)
                    .returns(9004L, ImportReport::imported)
                    .returns(0L, ImportReport::skipped);
            List<String> inUtf16 = described(history);
            assertThat(inUtf16).first().asString().contains("cp").contains("a.txt");
            file(".bash_history", text);
            assertThat(inUtf16).isEqualTo(described(TaskHistory.inMemory(List.of(new BashSource()), 10_000), file));
            assertThat(history.importFile(file)).returns(9004L, ImportReport::alreadyKnown);
        }

        private static List<String> described(TaskHistory history) {
            return history.tasks().stream()
                    .map(task -> task.type() + " " + task.parameters())
                    .toList();
        }

        private static List<String> described(TaskHistory history, Path file) {
            history.importFile(file);
            return described(history);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x-UTF-16LE-BOM", "UTF-16", "UTF-16LE", "UTF-16BE"})
        void isKnownForWhatItHolds(String charset) throws IOException {
            Path file = Files.write(folder.resolve("tasks.jsonl"), in(charset, lines(0, 3)));
            assertThat(history(10).importFile(file))
                    .returns("jsonl", ImportReport::source)
                    .returns(3L, ImportReport::imported);
            Path foreign =
                    Files.write(folder.resolve("ConsoleHost_history.txt"), in(charset, "Get-ChildItem C:\\\r\n"));
            assertThat(history(10).importFile(foreign)).returns("powershell", ImportReport::source);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "FFFE0000 6C000000 73000000 0A000000", // UTF-32
                    "FFFE 00D8 0A00 6C00", // half of a pair
                    "FEFF 0001 0002 000A", // control characters
                    "6C00 0200 0A00 7300", // without a mark
                    "FFFE D8D8 0A0A", // half of a pair, without a NUL
                })
        void isRefusedWhereItIsNoTextAtAll(String hex) throws IOException {
            Path file =
                    Files.write(folder.resolve(".bash_history"), HexFormat.of().parseHex(hex.replace(" ", "")));
            TaskHistory history = history(10);
            assertThatThrownBy(() -> history.importFile(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("it is a binary file, not text");
            assertThat(history.tasks()).isEmpty();
        }

        @Test
        void isEmptyWhereNothingFollowsTheMark() throws IOException {
            Path file = Files.write(folder.resolve(".bash_history"), new byte[] {(byte) 0xFF, (byte) 0xFE});
            assertThat(history(10).importFile(file).notes())
                    .containsExactly("The file is empty: there is nothing to import.");
        }
    }

    @Nested
    class RealHistories {
        @ParameterizedTest
        @ValueSource(strings = {"user0", "user1", "user2", "user3"})
        void areImportedWholeAndOnce(String user) throws IOException {
            Path data = data().resolve("unix-users").resolve(user + ".txt");
            assumeTrue(Files.exists(data), "the data set unix-users is not on this machine");
            String converted = UnixUserHistory.toShellHistory(Files.readString(data, StandardCharsets.ISO_8859_1));
            Path file = file(user + "_history", converted);
            TaskHistory history = history(100_000);
            ImportReport report = history.importFile(file);
            assertThat(report.source()).isEqualTo("bash");
            assertThat(report.imported()).isEqualTo(converted.lines().count() - report.skipped());
            // A user's own typing errors are all that is left out.
            assertThat(report.skipped()).isLessThan(report.imported() / 100);
            assertThat(history.importFile(file).imported()).isZero();
        }

        private static Path data() {
            String given = System.getProperty("understudy.data");
            if (given != null) return Path.of(given);
            return Path.of(System.getProperty("understudy.root", ".")).resolve("../shared/data");
        }
    }
}
