package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome.Cancelled;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunOutcome.Refused;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.http.CellHttp;
import dev.understudy.sandbox.control.http.HttpSettings;
import dev.understudy.sandbox.control.jail.Jail;
import dev.understudy.sandbox.control.jail.JailPrograms;
import dev.understudy.sandbox.control.jail.RunFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code understudy.run} from real cells into the real jail. */
@Tag("slow")
class ProgramsInCellsTest {
    private static final String MARK = "understudy-program-test";
    private static Path home;
    private static Jail jail;
    private static CellRunner runner;

    private Path folder;

    @BeforeAll
    static void open() throws Exception {
        home = Files.createTempDirectory(Path.of("/var/tmp"), "understudy-programs-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        jail = Jail.open(home.resolve("jail"), Cells.STARTER);
        assumeTrue(jail.refusal().isEmpty(), () -> "no jail here: " + jail.refusal());
        var programs = new JailPrograms(jail, List.of(), Cells.HOME);
        runner = Cells.open(new HostServices(programs, new CellHttp(HttpSettings.DEFAULT)), 2, Duration.ofMinutes(5));
    }

    @AfterAll
    static void close() throws IOException {
        if (runner != null) runner.close();
        remove(home);
    }

    private static void remove(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(home, "test-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(RunFolders.of(jail)).isEmpty();
        assertThat(marked()).isEmpty();
    }

    /** Processes of these tests that still run. */
    private static List<String> marked() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(MARK))
                .toList();
    }

    private static RunRequest request(Language language, String source, Grants grants, Limits limits) {
        return Cells.with(
                Cells.with(Cells.with(Cells.request(language, source), IsolationLevel.PARTIAL), grants), limits);
    }

    private static String script(Language language, String body) {
        return language == Language.JAVASCRIPT
                ? "function execute(params) { const t = true, f = false; " + body + " }"
                : "def execute(params):\n    " + body;
    }

    private RunReport run(Language language, String body, String... programs) throws InterruptedException {
        return run(language, body, Limits.DEFAULT, programs);
    }

    private RunReport run(Language language, String body, Limits limits, String... programs)
            throws InterruptedException {
        var grants = new Grants(List.of(), List.of(folder), List.of(), List.of(programs));
        return runner.start(request(language, script(language, body), grants, limits), RunListener.SILENT)
                .await();
    }

    private static String error(RunReport report) {
        assertThat(report.outcome()).isInstanceOf(Failed.class);
        return ((Failed) report.outcome()).error();
    }

    @Nested
    class AGrantedProgram {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | return understudy.run(\"sh\", \"-c\", \"cat; echo err >&2; exit 3\", {stdin: \"hé\"})",
                    "PYTHON | return understudy.run(\"sh\", \"-c\", \"cat; echo err >&2; exit 3\", stdin=\"hé\")",
                    "JAVASCRIPT | return understudy.run(\"sh\", [\"-c\", \"cat; echo err >&2; exit 3\"], {stdin: new Uint8Array([104, 0xc3, 0xa9])})",
                    "PYTHON | return understudy.run(\"sh\", [\"-c\", \"cat; echo err >&2; exit 3\"], stdin=b\"h\\xc3\\xa9\")",
                })
        void givesItsStatusAndWhatItPrinted(Language language, String body) throws Exception {
            assertThat(run(language, body, "sh", "cat").outcome())
                    .isEqualTo(new Succeeded("{\"code\":3,\"stdout\":\"hé\",\"stderr\":\"err\\n\"}"));
        }

        @ParameterizedTest
        @EnumSource(
                value = Language.class,
                names = {"JAVASCRIPT", "PYTHON"})
        void worksOnTheViewAsTheScriptLeftIt(Language language) throws Exception {
            Files.writeString(folder.resolve("old.txt"), "old");
            Files.writeString(folder.resolve("gone.txt"), "gone");
            String at = "'" + folder + "/%s'";
            String body = ("understudy.files.write(" + at.formatted("new.txt") + ", 'new'); "
                            + "understudy.files.write(" + at.formatted("old.txt") + ", 'changed'); "
                            + "understudy.files.remove(" + at.formatted("gone.txt") + "); "
                            + (language == Language.JAVASCRIPT
                                    ? "const seen = understudy.run('sh', '-c', 'ls; cat old.txt; mv new.txt moved.txt; echo more >>old.txt; mkdir d; echo x >d/x', {cwd: '%s'}).stdout; "
                                    : "seen = understudy.run('sh', '-c', 'ls; cat old.txt; mv new.txt moved.txt; echo more >>old.txt; mkdir d; echo x >d/x', cwd='%s')['stdout']; ")
                            + "return [seen, understudy.files.read(" + at.formatted("old.txt")
                            + "), understudy.files.list('%s')]")
                    .replace("%s", folder.toString());

            RunReport report = run(language, body, "sh", "ls", "cat", "mv", "mkdir");

            assertThat(report.outcome())
                    .isEqualTo(new Succeeded(
                            "[\"new.txt\\nold.txt\\nchanged\",\"changedmore\\n\",[\"d\",\"moved.txt\",\"old.txt\"]]"));
            assertThat(report.changes())
                    .extracting(change -> folder.relativize(change.path()) + " " + change.kind())
                    .containsExactly(
                            "d CREATED", "d/x CREATED", "gone.txt DELETED", "moved.txt CREATED", "old.txt CHANGED");
            assertThat(report.changes().getLast().kind()).isEqualTo(FileChange.Kind.CHANGED);
            assertThat(folder.resolve("old.txt")).hasContent("old");
            assertThat(folder.resolve("gone.txt")).hasContent("gone");
        }

        @Test
        void sharesTheWorkspaceWithItsScript() throws Exception {
            String body = "understudy.files.write('in.txt', 'b\\na\\n');"
                    + " understudy.run('sort', '-o', 'out.txt', 'in.txt'); return understudy.files.read('out.txt')";
            RunReport report = run(Language.JAVASCRIPT, body, "sort");
            assertThat(report.outcome()).isEqualTo(new Succeeded("\"a\\nb\\n\""));
            assertThat(report.changes()).isEmpty();
        }

        @Test
        void changesTheHostOnceTheRunCommits() throws Exception {
            var grants = new Grants(List.of(), List.of(folder), List.of(), List.of("touch"));
            String source = script(Language.JAVASCRIPT, "understudy.run('touch', '" + folder + "/made')");
            RunRequest request = Cells.with(
                    request(Language.JAVASCRIPT, source, grants, Limits.DEFAULT),
                    RunRequest.Mode.COMMIT,
                    RunRequest.Reuse.FRESH);
            assertThat(runner.start(request, RunListener.SILENT).await().outcome())
                    .isInstanceOf(Succeeded.class);
            assertThat(folder.resolve("made")).isEmptyFile();
        }

        @Test
        void hasAnEnvironmentOfTheContractsOwn() throws Exception {
            RunReport report =
                    run(Language.JAVASCRIPT, "return understudy.run('env').stdout.split('\\n').sort()", "env");
            assertThat(((Succeeded) report.outcome()).resultJson())
                    .contains("\"HOME=/home/somebody\"", "\"PATH=/programs\"", "\"TMPDIR=/tmp\"")
                    .doesNotContain("JAVA_HOME", "MAVEN", "USER=");
        }

        @Test
        void countsInWhatTheRunUsed() throws Exception {
            RunReport report = run(
                    Language.JAVASCRIPT,
                    "return understudy.run('sh', '-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done').stdout",
                    "sh");
            assertThat(report.outcome()).isEqualTo(new Succeeded("\"done\\n\""));
            assertThat(report.usage().cpuTime()).isGreaterThan(Duration.ofMillis(50));
            assertThat(report.usage().processes()).isGreaterThanOrEqualTo(2);
            assertThat(report.usage().outputBytes()).isEqualTo(5);
        }
    }

    @Nested
    class WhatIsNotAllowed {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "JAVASCRIPT | return params.names.map(n => { try { understudy.run(n); return 'ran'; } catch (e) { return e.name + ': ' + e.message; } })",
                    "PYTHON | return [tried(n) for n in params['names']]",
                })
        void isAnyOtherProgramHoweverItIsSpelled(Language language, String body) throws Exception {
            List<String> names = List.of(
                    "id",
                    "/usr/bin/true",
                    "/programs/true",
                    "./true",
                    "../programs/true",
                    "TRUE",
                    "true ",
                    "tr\u00fce",
                    "sh",
                    "");
            String source = """
                    def tried(n):
                        try:
                            understudy.run(n)
                            return 'ran'
                        except PermissionError as e:
                            return type(e).__name__ + ': ' + str(e)

                    """;
            var grants = new Grants(List.of(), List.of(), List.of(), List.of("true"));
            RunRequest request = Cells.with(
                    request(
                            language,
                            (language == Language.PYTHON ? source : "") + script(language, body),
                            grants,
                            Limits.DEFAULT),
                    new ObjectMapper().writeValueAsString(Map.of("names", names)));
            var outcome = runner.start(request, RunListener.SILENT).await().outcome();
            assertThat(outcome).isInstanceOf(Succeeded.class);
            assertThat(new ObjectMapper().readValue(((Succeeded) outcome).resultJson(), String[].class))
                    .containsExactlyElementsOf(names.stream()
                            .map(name -> "NotAllowed: not allowed: program '" + name
                                    + "' is not granted; grants.programs = [\"" + name + "\"] would allow it")
                            .toList());
        }

        @Test
        void isMoreThanAProgramsOwnName() throws Exception {
            // No shell is between: what would mean something to one reaches the program as it is.
            assertThat(run(Language.JAVASCRIPT, "return understudy.run('echo', '; id', '$(id)', '`id`').stdout", "echo")
                            .outcome())
                    .isEqualTo(new Succeeded("\"; id $(id) `id`\\n\""));
        }

        @Test
        void isAnythingAtFull() throws Exception {
            RunRequest request = Cells.with(
                    Cells.with(
                            Cells.javaScript(script(Language.JAVASCRIPT, "understudy.run('true')")),
                            IsolationLevel.FULL),
                    new Grants(List.of(), List.of(), List.of(), List.of("true")));
            assertThat(runner.start(request, RunListener.SILENT).await().outcome())
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo("not allowed at isolation full: starting programs"
                                            + " (isolation partial would allow it)"));
        }

        @Test
        void isAProgramThatThisMachineLacks() throws Exception {
            assertThat(run(Language.JAVASCRIPT, "return 1", "no-such-program").outcome())
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo("the granted program no-such-program is not on this machine"));
        }

        @Escape({Group.HOST_FILES, Group.PROGRAMS})
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "cat /etc/shadow",
                    "cat '%s/secret'",
                    "cat /proc/1/root/etc/shadow",
                    "echo x >/usr/x",
                    "echo x >'%s/secret'",
                    "exec 3<>/dev/tcp/127.0.0.1/22",
                    "unshare -U true",
                    "kill -0 %d"
                })
        void isReachingBesideTheGrants(String command) throws Exception {
            Path secret = Files.writeString(home.resolve("secret"), "planted");
            String tried = command.replace("%s", home.toString())
                    .replace("%d", "" + ProcessHandle.current().pid());
            RunReport report = run(
                    Language.JAVASCRIPT,
                    "const r = understudy.run('bash', '-c', \"echo trying; " + tried
                            + "\"); return [r.stdout, r.code === 0]",
                    "bash",
                    "cat");
            assertThat(report.outcome()).isEqualTo(new Succeeded("[\"trying\\n\",false]"));
            assertThat(secret).hasContent("planted");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/etc", "/proc/1", "relative/../../../etc"})
        void isStartingInAFolderThatIsNotGranted(String directory) throws Exception {
            assertThat(error(run(Language.JAVASCRIPT, "understudy.run('true', {cwd: '" + directory + "'})", "true")))
                    .startsWith("not granted: ");
        }
    }

    @Nested
    class TheRunsLimits {
        @ParameterizedTest
        @ValueSource(strings = {":(){ :|:& };:; sleep 5", "while true; do sleep 60 & done"})
        void endAForkBomb(String bomb) throws Exception {
            assertThat(run(
                                    Language.JAVASCRIPT,
                                    "understudy.run('bash', '-c', '" + bomb + " # " + MARK + "')",
                                    "bash",
                                    "sleep")
                            .outcome())
                    .isInstanceOfSatisfying(LimitExceeded.Processes.class, exceeded -> {
                        assertThat(exceeded.limit()).isEqualTo(Limits.DEFAULT.processes());
                        assertThat(exceeded.used()).isGreaterThan(exceeded.limit());
                    });
        }

        @Test
        void endALoopByItsCpuTimeWhichProgramsShare() throws Exception {
            var limits = Limits.DEFAULT.withCpuTime(Duration.ofMillis(600));
            String spin = "timeout 0.4 sh -c \"while :; do :; done\"";
            RunReport report = run(
                    Language.PYTHON,
                    "[understudy.run('sh', '-c', '" + spin + "') for i in range(9)]",
                    limits,
                    "sh",
                    "timeout");
            assertThat(report.outcome()).isInstanceOfSatisfying(LimitExceeded.CpuTime.class, exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(limits.cpuTime());
                assertThat(exceeded.used()).isGreaterThan(exceeded.limit());
            });
        }

        @Test
        void endWhatSleepsTooLong() throws Exception {
            var limits = Limits.DEFAULT.withWallTime(Duration.ofMillis(700));
            assertThat(run(
                                    Language.JAVASCRIPT,
                                    "understudy.run('sh', '-c', 'trap \"\" TERM; sleep 60 # " + MARK + "')",
                                    limits,
                                    "sh",
                                    "sleep")
                            .outcome())
                    .isInstanceOfSatisfying(
                            LimitExceeded.WallTime.class,
                            exceeded -> assertThat(exceeded.limit()).isEqualTo(limits.wallTime()));
        }

        @Test
        void endAFloodOfOutputAndCountWhatTheScriptPrintedBefore() throws Exception {
            var limits = Limits.DEFAULT.withOutputBytes(100_000);
            assertThat(run(Language.JAVASCRIPT, "understudy.run('yes')", limits, "yes")
                            .outcome())
                    .isInstanceOf(LimitExceeded.Output.class);
            String half = "understudy.run('head', '-c', '60000', '/dev/zero')";
            assertThat(run(Language.JAVASCRIPT, half + ";" + half, limits, "head")
                            .outcome())
                    .isInstanceOfSatisfying(LimitExceeded.Output.class, exceeded -> {
                        assertThat(exceeded.limitBytes()).isEqualTo(100_000);
                        assertThat(exceeded.usedBytes()).isGreaterThan(100_000);
                    });
        }

        @Test
        void endAProgramThatFillsTheDisk() throws Exception {
            var limits = Limits.DEFAULT.withDiskBytes(4 << 20);
            assertThat(run(
                                    Language.JAVASCRIPT,
                                    "understudy.run('head', '-c', '50000000', '/dev/zero'); "
                                            + "understudy.run('sh', '-c', 'head -c 20000000 /dev/zero >" + folder
                                            + "/big')",
                                    limits.withOutputBytes(100 << 20),
                                    "head",
                                    "sh")
                            .outcome())
                    .isInstanceOfSatisfying(
                            LimitExceeded.Disk.class,
                            exceeded -> assertThat(exceeded.limitBytes()).isEqualTo(4 << 20));
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aCancelledRunTakesItsProgramWithIt() throws Exception {
        var started = new CountDownLatch(1);
        var grants = new Grants(List.of(), List.of(), List.of(), List.of("sh", "sleep", "setsid"));
        String source = script(
                Language.PYTHON,
                "understudy.progress(0.5); understudy.run('sh', '-c', 'setsid sleep 60 & trap \"\" TERM; sleep 60 # "
                        + MARK + "')");
        var run = runner.start(request(Language.PYTHON, source, grants, Limits.DEFAULT), new RunListener() {
            @Override
            public void progress(double share, String text) {
                started.countDown();
            }
        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        while (marked().isEmpty()) Thread.onSpinWait();
        run.cancel();
        assertThat(run.await().outcome()).isEqualTo(new Cancelled());
    }
}
