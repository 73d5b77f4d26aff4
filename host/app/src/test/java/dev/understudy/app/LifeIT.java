package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of an automation over months, through the launcher as a process: runs, undo, rollback, experiments, new
 * versions, the log, and what a kill leaves. The script under test is Bash, which starts fastest.
 */
@Tag("slow")
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
        var launcher = new Launcher(learnt, shared);
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
        understudy = new Launcher(home, work);
        config = understudy.file(
                "config.yaml",
                "automation_creation: { test_before_deploy: false, max_failures_in_a_row: 2 }\nsandbox: { undo_space: 1MiB }\n");
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
    class TheLog {
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
    }

    @Nested
    class AFileThatIsEditedWhileItRuns {
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
    class AKill {
        @Test
        void inTheMiddleOfARunLeavesTheFilesAsTheyWere() throws Exception {
            deploy("echo half > out.txt; sleep 30");
            Process running = understudy.start("run", id, "--config", config.toString());
            await(LifeIT.this::isUnderWay);
            kill(running);
            var next = run("automations");
            assertThat(next.err()).contains("of " + id + " was cut short", "it has changed nothing");
            assertThat(work.resolve("bak")).isEmptyDirectory();
            assertThat(state()).isEqualTo("deployed");
            assertThat(run("automations").err()).isEmpty();
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
                assertThat(next.err()).contains(changed == 0 ? "it has changed nothing" : "its changes had been made");
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
