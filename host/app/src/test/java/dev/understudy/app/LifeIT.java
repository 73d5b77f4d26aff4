package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of an automation over months, through the launcher: runs, undo, rollback, experiments, new
 * versions, the log, and what a kill leaves. The script under test is Bash, which starts fastest.
 */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class LifeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    /** What was learnt, once for all tests: each gets a copy. */
    private static Path learnt;

    private static String id;

    @TempDir
    Path folder;

    private Path work;
    private Path config;
    private Launcher understudy;

    @BeforeAll
    static void learn() throws IOException {
        learnt = shared.resolve("understudy");
        var launcher = new Launcher(learnt, shared).inThisProcess();
        var tasks = new StringBuilder();
        for (int i = 0; i < 8; i++) tasks.append("""
                    {"task_id":"%1$d","task_type":"cp","description":"","parameters":{"arguments":["notes/note%1$d.txt","bak/note%1$d.txt"]},"timestamp":"2026-11-09T09:0%1$d:00Z","duration_ms":9000,"success":true}
                    """.formatted(i));
        launcher.file("tasks.jsonl", tasks.toString());
        // These tests rehearse nothing: that needs a cell, and is specified elsewhere.
        Path quiet = launcher.file("quiet.yaml", "sandbox: { enabled: false }\n");
        var result = launcher.run("learn", "tasks.jsonl", "--json", "--config", quiet.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        id = JSON.readTree(result.out()).at("/automations/0/id").asText();
        assertThat(id).isNotEmpty();
    }

    @BeforeEach
    void copyWhatWasLearnt() throws IOException {
        work = Files.createDirectory(folder.resolve("work")).toRealPath();
        Files.createDirectories(work.resolve("bak"));
        Path home = folder.resolve("understudy");
        try (var files = Files.walk(learnt)) {
            for (Path file : files.toList()) Files.copy(file, home.resolve(learnt.relativize(file)));
        }
        understudy = new Launcher(home, work).inThisProcess();
        config = understudy.file(
                "config.yaml",
                "automation_creation: { test_before_deploy: false, max_failures_in_a_row: 2 }\nsandbox: { undo_space: 1MiB }\n");
    }

    /** For tests of what becomes of processes, and of stores that change under one that has them open. */
    private void workInProcesses() {
        understudy = understudy.inProcesses();
    }

    private Launcher.Result run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return understudy.run(all.toArray(String[]::new));
    }

    private JsonNode json(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        var result = run(all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private String script(String body) {
        return """
                # /// automation
                # id = "%s"
                # description = "Changes files in a folder."
                # language = "bash"
                # isolation = "partial"
                # grants = { writes = ["%s"], programs = ["rm", "sleep"] }
                # parameters.name = { type = "string", default = "a" }
                # ///
                cd %s
                %s
                echo '{"success": true}' > "$RESULT"
                """.formatted(id, work.resolve("bak"), work.resolve("bak"), body);
    }

    /** Has an editor write this text in place of the script's. */
    private Launcher.Result customize(String text) throws IOException {
        Path typed = understudy.file("typed.txt", text);
        Path editor = understudy.file("editor.sh", "#!/bin/sh\ncp '" + typed + "' \"$1\"\n");
        assertThat(editor.toFile().setExecutable(true)).isTrue();
        return new Launcher(understudy.home(), work, java.util.Map.of("EDITOR", editor.toString()))
                .inThisProcess()
                .run("customize", id, "--config", config.toString());
    }

    private void deploy(String body) throws IOException {
        var customized = customize(script(body));
        assertThat(customized.exitCode()).as(customized.err()).isZero();
        assertThat(run("automations", "approve", id).exitCode()).isZero();
    }

    private String state() throws IOException {
        return json("automations").at("/automations/0/state").asText();
    }

    private List<String> logged() throws IOException {
        var kinds = json("log", "--limit", "100").at("/entries").findValuesAsText("kind");
        return kinds.reversed();
    }

    private void assertLogIsIntact() throws IOException {
        assertThat(json("log", "--verify").at("/intact").asBoolean()).isTrue();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new AssertionError("waited for a minute in vain");
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Whether a run is in the store that has not ended. */
    private boolean isUnderWay() {
        try (var connection = store();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM open_run")) {
            return rows.getInt(1) > 0;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection store() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + understudy.home().resolve("understudy.db"));
    }

    private static void kill(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    @Nested
    class Undo {
        @Test
        void bringsBackWhatARunChangedUnlessItHasChangedSince() throws Exception {
            Files.writeString(work.resolve("bak/kept.txt"), "old\n");
            Files.writeString(work.resolve("bak/gone.txt"), "gone\n");
            deploy("echo new > kept.txt; rm gone.txt; echo made > made.txt");
            var first = run("run", id);
            assertThat(first.exitCode()).as(first.err()).isZero();
            String runId = json("undo", "--list").at("/runs/0/runId").asText();
            assertThat(first.err()).contains("run " + runId, "undo " + runId);
            assertThat(work.resolve("bak/gone.txt")).doesNotExist();

            Files.writeString(work.resolve("bak/made.txt"), "mine now\n");
            var refused = run("undo", runId);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errorLines())
                    .singleElement()
                    .asString()
                    .contains("nothing was changed", "made.txt has changed meanwhile");
            assertThat(work.resolve("bak/kept.txt")).hasContent("new\n");

            Files.writeString(work.resolve("bak/gone.txt"), "gone again\n");
            assertThat(run("run", id).exitCode()).isZero();
            String second = json("undo", "--list").at("/runs/0/runId").asText();
            assertThat(json("undo", second).at("/outcome").asText()).isEqualTo("undone");
            assertThat(work.resolve("bak/kept.txt")).hasContent("new\n");
            assertThat(work.resolve("bak/gone.txt")).hasContent("gone again\n");
            assertThat(work.resolve("bak/made.txt")).hasContent("mine now\n");
            assertThat(run("undo", second).exitCode()).isEqualTo(2);
            assertThat(logged()).endsWith("undo_started", "undo_ended");
            assertLogIsIntact();
        }

        @Test
        void keepsWhatRunsReplaceWithinItsSpaceAndRefusesWhatIsLarger() throws Exception {
            Files.write(work.resolve("bak/large.bin"), new byte[700 << 10]);
            Files.write(work.resolve("bak/huge.bin"), new byte[2 << 20]);
            deploy("echo x > \"$PARAM_NAME\"");
            assertThat(run("run", id, "-p", "name=large.bin").exitCode()).isZero();
            String first = json("undo", "--list").at("/runs/0/runId").asText();
            Files.write(work.resolve("bak/large.bin"), new byte[700 << 10]);
            assertThat(run("run", id, "-p", "name=large.bin").exitCode()).isZero();
            assertThat(json("undo", "--list").at("/runs").findValuesAsText("runId"))
                    .as("the oldest went, since both together take more than 1 MiB")
                    .hasSize(1)
                    .doesNotContain(first);
            var refused = run("run", id, "-p", "name=huge.bin");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("2097152", "may be kept for undo");
            assertThat(work.resolve("bak/huge.bin")).hasSize(2 << 20);
        }
    }

    @Nested
    class Rollback {
        @Test
        void happensByItselfAndThePersonIsTold() throws Exception {
            deploy("echo good > out.txt");
            deploy("exit 1");
            assertThat(run("run", id).exitCode()).isEqualTo(1);
            var second = run("run", id);
            assertThat(second.err()).contains(id + " was rolled back from version 3 to 2: its last 2 runs failed");
            assertThat(run("run", id).exitCode()).isZero();
            assertThat(work.resolve("bak/out.txt")).hasContent("good\n");
            JsonNode listed = json("automations").at("/automations/0");
            assertThat(listed.at("/state").asText()).isEqualTo("rolled_back");
            assertThat(listed.at("/recentRuns").findValuesAsText("outcome"))
                    .containsExactly("failed", "failed", "succeeded");
            // The observed tasks took 9 s each, as recorded.
            assertThat(listed.at("/timeSavedMillis").asLong()).isBetween(1L, 9000L);
            assertThat(run("automations").out()).contains("xx.");
            assertThat(logged()).contains("rolled_back");

            assertThat(run("automations", "rollback", id, "--to", "3").exitCode())
                    .isZero();
            JsonNode versions = json("automations", "show", id, "--versions").at("/versions");
            assertThat(StreamSupport.stream(versions.spliterator(), false)
                            .filter(version -> version.at("/deployed").asBoolean())
                            .map(version -> version.at("/version").asInt()))
                    .containsExactly(3);
            assertThat(run("automations", "diff", id, "2", "3").out()).contains("-echo good > out.txt", "+exit 1");
        }
    }

    @Nested
    class AnExperiment {
        @Test
        void runsBothVersionsInTurnAndEndsWithAVerdict() throws Exception {
            deploy("echo a >> a.txt");
            assertThat(customize(script("echo b >> b.txt; exit 1")).exitCode()).isZero();
            assertThat(run("automations", "ab", id, "--versions", "2,3", "--runs", "10")
                            .out())
                    .contains("Under way");
            assertThat(run("automations").out()).contains("2 against 3");
            for (int i = 0; i < 4; i++) run("run", id);
            JsonNode experiment = json("automations", "ab", id).at("/experiment");
            assertThat(experiment.at("/verdict").asText()).isEqualTo("a_better");
            assertThat(experiment.at("/reason").asText()).contains("version 3 was stopped early");
            assertThat(experiment.at("/a/runs").asInt()).isEqualTo(2);
            assertThat(work.resolve("bak/a.txt")).hasContent("a\na\n");
            assertThat(run("automations", "ab", id, "--versions", "2").exitCode())
                    .isEqualTo(2);
        }
    }

    @Nested
    class Customizing {
        @Test
        void keepsWhatWasTypedWhereItHasMistakes() throws Exception {
            var broken = customize(script("true").replace("\"bash\"", "\"cobol\""));
            assertThat(broken.exitCode()).isEqualTo(2);
            Path draft = understudy.home().resolve("drafts/" + id + ".py");
            assertThat(broken.err()).contains(draft + ":4:", "cobol", "Your text is kept in");
            assertThat(draft).content().contains("cobol");
            assertThat(json("automations").at("/automations/0/version").asInt()).isEqualTo(1);
            assertThat(customize(script("true")).exitCode()).isZero();
            assertThat(draft).doesNotExist();
            assertThat(customize(script("true")).out()).contains("no version was made");
        }
    }

    @Nested
    class ADataHomeThatWasThereBefore {
        /** In a folder that nobody else enters, it keeps the mode that undo gives back. */
        private static final Pattern BEFORE_IMAGE = Pattern.compile("undo/[^/]+/\\d+");

        /** But for the folders of jails, through which processes of other users must pass; nothing of the person is in them. */
        private List<String> whatOthersMayReach() throws IOException {
            Path home = understudy.home();
            try (var all = Files.walk(home)) {
                return all.filter(path -> !path.equals(home) && !path.startsWith(home.resolve("jail")))
                        .filter(path -> !Files.isSymbolicLink(path))
                        .filter(path -> !BEFORE_IMAGE
                                .matcher(home.relativize(path).toString())
                                .matches())
                        .map(path -> mode(path) + " " + home.relativize(path))
                        .filter(line -> !line.substring(3, 9).equals("------"))
                        .toList();
            }
        }

        private static String mode(Path path) {
            try {
                return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Test
        void keepsToItsOwnerWhatIsWrittenThereHoweverWideTheUmask() throws Exception {
            Files.setPosixFilePermissions(understudy.home(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(work.resolve("bak/kept.txt"), "old\n");
            deploy("echo new > kept.txt");
            understudy.file("own.sh", script("true").replace("id = \"" + id, "id = \"own"));
            var done = understudy.bash("""
                    set -e
                    umask 000
                    understudy run %s --config %s
                    understudy adopt own.sh
                    understudy plugins disable notifications
                    understudy repl <<< '1 + 1'
                    """.formatted(id, config));
            assertThat(done.exitCode()).as(done.err()).isZero();
            assertThat(understudy.home().resolve("undo")).isNotEmptyDirectory();
            assertThat(whatOthersMayReach()).isEmpty();
        }
    }

    @Nested
    class TheLog {
        @BeforeEach
        void begin() {
            workInProcesses();
        }

        @Test
        void showsThatItWasTamperedWith() throws Exception {
            deploy("true");
            assertLogIsIntact();
            try (var connection = store();
                    var statement = connection.createStatement()) {
                statement.execute("DROP TRIGGER audit_entry_is_never_changed");
                statement.execute("UPDATE audit_entry SET entry = replace(entry, 'person', 'nobody') WHERE number = 2");
            }
            var verified = run("log", "--verify");
            assertThat(verified.exitCode()).isEqualTo(1);
            assertThat(verified.errorLines()).singleElement().asString().contains("tampered with: entry 2 was changed");
        }

        @Test
        void tellsWhichPluginsWereSwitchedOffAndOn() {
            assertThat(run("plugins", "disable", "notifications").exitCode()).isZero();
            assertThat(run("plugins", "enable", "notifications").exitCode()).isZero();
            assertThat(run("log").out())
                    .containsSubsequence(
                            "plugin enabled", "plugin notifications", "plugin disabled", "plugin notifications");
        }

        /** What the store is after a crash whose write-ahead log somebody then takes for rubbish. */
        @Test
        void saysOnceThatTheWriteAheadLogWasRemovedAndCriesNoTamperingAfterwards() throws Exception {
            deploy("true");
            Path crashed = folder.resolve("crashed");
            try (var connection = store();
                    var statement = connection.createStatement()) {
                // While somebody has the store open, nobody takes its log over into it.
                statement.execute("PRAGMA journal_mode = WAL");
                statement.executeQuery("SELECT count(*) FROM audit_entry").close();
                assertThat(run("run", id).exitCode()).isZero();
                Path home = understudy.home();
                try (var files = Files.walk(home)) {
                    for (Path file : files.toList()) Files.copy(file, crashed.resolve(home.relativize(file)));
                }
            }
            Files.delete(crashed.resolve("understudy.db-wal"));
            understudy = new Launcher(crashed, work);
            var told = run("tasks");
            assertThat(told.exitCode()).isZero();
            assertThat(told.errorLines())
                    .singleElement()
                    .asString()
                    .contains(
                            "write-ahead log understudy.db-wal was removed after a crash", "is kept", "understudy log");
            var verified = run("log", "--verify");
            assertThat(verified.exitCode()).as(verified.err()).isZero();
            assertThat(verified.err()).isEmpty();
            assertThat(verified.out()).contains("intact", "of the log were lost with it");
            assertThat(run("run", id).exitCode()).isZero();
            assertLogIsIntact();
        }

        @Test
        void goesOnWhereAnOlderCopyOfTheStoreWasPutInItsPlace() throws Exception {
            Path older = Files.copy(understudy.home().resolve("understudy.db"), folder.resolve("older.db"));
            deploy("true");
            Files.copy(older, understudy.home().resolve("understudy.db"), StandardCopyOption.REPLACE_EXISTING);
            var told = run("automations");
            assertThat(told.errorLines())
                    .singleElement()
                    .asString()
                    .contains("to lack what was written to it last", "an older copy of it was put in its place");
            assertLogIsIntact();
        }
    }

    @Nested
    class AFileThatIsEditedWhileItRuns {
        @BeforeEach
        void begin() {
            workInProcesses();
        }

        @Test
        void isNotRunBeforeItIsApprovedAgain() throws Exception {
            deploy("echo one >> out.txt; sleep 3");
            Path file = Path.of(json("automations").at("/automations/0/file").asText());
            Process running = understudy.start("run", id, "--config", config.toString());
            await(LifeIT.this::isUnderWay);
            Files.writeString(file, script("echo two >> out.txt"));
            assertThat(new String(running.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains(file.toString(), "was edited while", "The run used the text that was approved");
            assertThat(running.waitFor()).isZero();
            assertThat(work.resolve("bak/out.txt")).hasContent("one\n");
            var refused = run("run", id);
            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused.errorLines()).singleElement().asString().contains("was edited since it was approved");
            assertThat(run("automations", "approve", id).exitCode()).isZero();
            assertThat(run("run", id).exitCode()).isZero();
            assertThat(work.resolve("bak/out.txt")).hasContent("one\ntwo\n");
        }
    }

    @Nested
    class TwoRunsAtOnce {
        @BeforeEach
        void begin() {
            workInProcesses();
        }

        private Process start() {
            return understudy.start("run", id, "--config", config.toString());
        }

        @Test
        void followEachOtherAndBothSucceed() throws Exception {
            Files.writeString(work.resolve("bak/n.txt"), "0\n");
            deploy("n=$(<n.txt); sleep 0.3; echo $((n + 1)) > n.txt");
            var both = List.of(start(), start());
            for (Process each : both) assertThat(each.waitFor()).isZero();
            assertThat(work.resolve("bak/n.txt")).hasContent("2\n");
        }

        @Test
        void doNotWaitForOneThatWasKilled() throws Exception {
            Files.createFile(work.resolve("bak/wait"));
            deploy("if [ -e wait ]; then sleep 30; fi; echo done > out.txt");
            Process first = start();
            await(LifeIT.this::isUnderWay);
            Process second = start();
            Files.delete(work.resolve("bak/wait"));
            kill(first);
            assertThat(second.waitFor()).isZero();
            assertThat(work.resolve("bak/out.txt")).hasContent("done\n");
        }
    }

    /**
     * What a person changes while a run that reads it goes on. That it has been read is seen from outside: the script opens
     * another file then, and keeps it open until it sees the change.
     */
    @Nested
    class ARunWhoseFilesAreChangedMeanwhile {
        @BeforeEach
        void begin() {
            workInProcesses();
        }

        private Process startOnZero(String name, String text) throws Exception {
            // Its rehearsal has nobody who changes anything, and shall not wait for one until its limit.
            Files.writeString(work.resolve("bak/n.txt"), "1\n");
            Files.writeString(work.resolve("bak/seen.txt"), "");
            understudy.file(name, text);
            var adopted = run("adopt", name);
            assertThat(adopted.exitCode()).as(adopted.err()).isZero();
            assertThat(run("automations", "approve", "count").exitCode()).isZero();
            Files.writeString(work.resolve("bak/n.txt"), "0\n");
            return understudy.start("run", "count", "--config", config.toString());
        }

        private void changeMeanwhile(Process running) throws Exception {
            await(() -> isOpenSomewhere(work.resolve("bak/seen.txt")));
            // At once, so that nobody reads a file that is still empty.
            Path ten = Files.writeString(work.resolve("ten.txt"), "10\n");
            Files.move(ten, work.resolve("bak/n.txt"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(running.waitFor()).isZero();
            assertThat(work.resolve("bak/n.txt"))
                    .as("10 was read, which only a second try can")
                    .hasContent("11\n");
        }

        private static boolean isOpenSomewhere(Path file) {
            for (ProcessHandle each : ProcessHandle.allProcesses().toList()) {
                try (var open = Files.newDirectoryStream(Path.of("/proc/" + each.pid() + "/fd"))) {
                    for (Path link : open) if (Files.readSymbolicLink(link).equals(file)) return true;
                } catch (IOException | java.nio.file.DirectoryIteratorException _) {
                    // It has ended, or is somebody else's.
                }
            }
            return false;
        }

        @Test
        void isTriedOnceMoreInACell() throws Exception {
            changeMeanwhile(startOnZero("count.py", """
                    # /// automation
                    # id = "count"
                    # description = "Adds one."
                    # language = "python"
                    # grants = { writes = ["%1$s"] }
                    # ///
                    import time

                    def read():
                        with open("%1$s/n.txt") as n:
                            return int(n.read())

                    def execute(params):
                        first = read()
                        with open("%1$s/seen.txt") as seen:
                            seen.read()
                            for i in range(2000):
                                if first > 0 or read() != first: break
                                time.sleep(0.01)
                        with open("%1$s/n.txt", "w") as n:
                            n.write(str(first + 1) + "\\n")
                        return {"success": True}
                    """.formatted(work.resolve("bak"))));
        }

        @Test
        void isTriedOnceMoreInAJail() throws Exception {
            changeMeanwhile(startOnZero("count.sh", """
                    # /// automation
                    # id = "count"
                    # description = "Adds one."
                    # language = "bash"
                    # grants = { writes = ["%1$s"] }
                    # limits = { wall = "120s", cpu = "60s" }
                    # ///
                    # It waits for the test, which a busy machine may keep waiting longer than the usual limits.
                    cd %1$s
                    first=$(<n.txt)
                    exec 3< seen.txt
                    for ((i = 0; i < 2000; i++)); do
                      [ "$first" = 0 ] && [ "$(<n.txt)" = 0 ] || break
                      read -t 0.01 <> <(:) || :
                    done
                    exec 3<&-
                    echo $((first + 1)) > n.txt
                    echo '{"success": true}' > "$RESULT"
                    """.formatted(work.resolve("bak"))));
        }
    }

    @Nested
    class AKill {
        @BeforeEach
        void begin() {
            workInProcesses();
        }

        @Test
        void inTheMiddleOfARunLeavesTheFilesAsTheyWere() throws Exception {
            deploy("echo half > out.txt; sleep 30");
            Process running = understudy.start("run", id, "--config", config.toString());
            await(LifeIT.this::isUnderWay);
            kill(running);
            var next = run("automations");
            assertThat(next.err()).contains("of " + id + " was cut short", "it has changed no file");
            assertThat(work.resolve("bak")).isEmptyDirectory();
            assertThat(state()).isEqualTo("deployed");
            assertThat(run("automations").err()).isEmpty();
            assertThat(run("runs", "--interrupted").out())
                    .contains("by person", "It has changed no file, but may have started rm, sleep.", " run " + id);
            assertThat(logged()).endsWith("run_started", "run_interrupted");
            assertLogIsIntact();
        }

        @Test
        void inTheMiddleOfACommitLeavesAllOfItsChangesOrNone() throws Exception {
            int files = 400;
            for (int i = 0; i < files; i++) Files.writeString(work.resolve("bak/" + i + ".txt"), "old\n");
            deploy("for f in *.txt; do echo new > $f; done");
            Process running = understudy.start("run", id, "--config", config.toString());
            await(this::hasJournal);
            kill(running);
            var next = run("automations");
            long changed = IntStream.range(0, files)
                    .filter(i -> read(work.resolve("bak/" + i + ".txt")).equals("new\n"))
                    .count();
            assertThat(changed).as(next.err()).isIn(0L, (long) files);
            if (next.err().contains("cut short"))
                assertThat(next.err()).contains(changed == 0 ? "it has changed no file" : "its changes had been made");
            assertLogIsIntact();
        }

        private boolean hasJournal() {
            try (var journals = Files.list(understudy.home().resolve("undo"))) {
                return journals.anyMatch(Files::isDirectory);
            } catch (IOException _) {
                return false;
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Test
        void inTheMiddleOfADeploymentLeavesItDoneOrNot() throws Exception {
            assertThat(customize(script("true")).exitCode()).isZero();
            Path log = understudy.home().resolve("understudy.db-wal");
            for (long extra : new long[] {0, 2_000_000, 10_000_000}) {
                long before = Files.exists(log) ? Files.size(log) : 0;
                Process approving = understudy.start("automations", "approve", id, "--config", config.toString());
                // The first bytes of the transaction are on their way; some are killed then, some a little later.
                await(() -> !approving.isAlive()
                        || (Files.exists(log) && log.toFile().length() != before));
                long until = System.nanoTime() + extra;
                await(() -> System.nanoTime() >= until);
                kill(approving);
                List<String> logged = logged();
                boolean deployed = state().equals("deployed");
                assertThat(logged.contains("deployed")).isEqualTo(deployed);
                assertThat(logged.contains("approved")).isEqualTo(deployed);
                assertLogIsIntact();
            }
        }
    }
}
