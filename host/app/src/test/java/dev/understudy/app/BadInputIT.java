package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets one clear line on standard error and the right exit code, and loses nothing. */
class BadInputIT {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startWithAnEmptyHome() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        understudy = new Launcher(folder.resolve("home").resolve("understudy"), work);
    }

    private static void assertOneLine(Launcher.Result result, int exitCode, String... said) {
        assertThat(result.errorLines()).as("standard error").hasSize(1);
        assertThat(result.err()).contains(said);
        assertThat(result.err()).doesNotContain("\tat ");
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    /** Below it stands the line of the script, where that is known. */
    private static void assertFirstLine(Launcher.Result result, int exitCode, String... said) {
        assertThat(result.errorLines().getFirst()).contains(said);
        assertThat(result.err()).doesNotContain("\tat ");
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    @Nested
    class LearnIsGiven {
        @Test
        void aFileThatIsNotThere() {
            assertOneLine(understudy.run("learn", "nowhere.jsonl"), 2, "nowhere.jsonl", "no such file");
        }

        @Test
        void anEmptyFile() {
            understudy.file("empty.jsonl", "");
            assertOneLine(understudy.run("learn", "empty.jsonl"), 2, "empty.jsonl", "empty");
        }

        @Test
        void aDirectory() throws IOException {
            Files.createDirectories(folder.resolve("work/folder"));
            assertOneLine(understudy.run("learn", "folder"), 2, "it is a folder");
        }

        @Test
        void aBinaryFile() throws IOException {
            Files.write(folder.resolve("work/picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, 0, 0, 7});
            assertOneLine(understudy.run("learn", "picture.png"), 2, "picture.png", "binary");
        }

        @Test
        void jsonLinesWithOneBrokenLineAndImportsTheRest() {
            understudy.file("tasks.jsonl", """
                    {"task_id":"1","task_type":"mail","description":"","parameters":{},"timestamp":"2026-11-09T09:00:00Z","duration_ms":10,"success":true}
                    {"task_id":"2","task_type":
                    {"task_id":"3","task_type":"mail","description":"","parameters":{},"timestamp":"2026-11-09T09:05:00Z","duration_ms":10,"success":true}
                    """);
            var result = understudy.run("import", "tasks.jsonl", "--json");
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).containsPattern("\"imported\" : 2").containsPattern("\"skipped\" : 1");
            assertThat(result.err()).contains("line 2");
        }
    }

    @Nested
    class RunIsGiven {
        /** One data home for all of these: what is prepared on the first run is prepared once. */
        @BeforeEach
        void useTheSharedHome() {
            understudy = new Launcher(shared.resolve("understudy"), folder.resolve("work"));
        }

        private Launcher.Result runPython(String body) {
            return runPython("3s", body);
        }

        private Launcher.Result runPython(String wall, String body) {
            understudy.file("script.py", """
                    # /// automation
                    # id = "script"
                    # description = "A script under test."
                    # language = "python"
                    # limits = { wall = "%s", memory = "64MiB", output = "16KiB" }
                    # ///
                    """.formatted(wall) + body);
            return understudy.run("run", "script.py");
        }

        @Test
        void aScriptWithoutExecute() {
            assertOneLine(runPython("x = 1\n"), 1, "execute");
        }

        @Test
        void aScriptWithASyntaxError() {
            assertFirstLine(runPython("def execute(params:\n    pass\n"), 1, "script.py:7:12: syntax error");
        }

        @Test
        void aScriptThatNeverEnds() {
            assertFirstLine(runPython("def execute(params):\n    while True: pass\n"), 3, "wall time", "3 s");
        }

        @Test
        void aScriptThatAllocatesWithoutEnd() {
            assertOneLine(
                    // With time enough for the memory to be used up on a busy machine.
                    runPython("60s", "def execute(params):\n    x = []\n    while True: x.append('x' * 1000000)\n"),
                    3,
                    "memory");
        }

        @Test
        void aScriptThatPrintsWithoutEnd() {
            var result = runPython("def execute(params):\n    while True: print('x' * 100)\n");
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err()).contains("output", "16 KiB");
            assertThat(result.out().length()).isLessThan(20_000);
        }

        @Test
        void aScriptThatReadsAFileThatIsNotGranted() {
            var result = runPython("def execute(params):\n    return {'text': open('/etc/passwd').read()}\n");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("not granted", "/etc/passwd", "reads");
            assertThat(result.out()).doesNotContain("root:");
        }

        @Test
        void anIdThatNobodyKnows() {
            assertOneLine(understudy.run("run", "no-such-automation"), 2, "no-such-automation");
        }

        @Test
        void aParameterThatTheScriptDoesNotHave() {
            understudy.file(
                    "p.py",
                    "# /// automation\n# id = \"p\"\n# description = \"d\"\n# language = \"python\"\n# ///\ndef execute(params): return {}\n");
            assertOneLine(understudy.run("run", "p.py", "-p", "colour=red"), 2, "colour");
        }
    }

    @Nested
    class TheDataHomeIs {
        @Test
        void onAReadOnlyFileSystem() throws Exception {
            Path mount = mountTmpfs("ro");
            try {
                var result = new Launcher(mount.resolve("understudy"), folder.resolve("work")).run("tasks");
                assertOneLine(result, 1, "data home", "mounted read-only");
            } finally {
                unmount(mount);
            }
        }

        @Test
        void onAFullDisk() throws Exception {
            Path mount = mountTmpfs("size=64k");
            try {
                Files.createDirectories(mount.resolve("understudy"));
                var result = new Launcher(mount.resolve("understudy"), folder.resolve("work"))
                        .run(
                                "learn",
                                Launcher.ROOT
                                        .resolve("scripts/samples/week.jsonl")
                                        .toString());
                assertOneLine(result, 1, "full");
            } finally {
                unmount(mount);
            }
        }

        /** Next to nothing is free: what only reads goes on, and what writes says why it cannot. */
        @ParameterizedTest
        @ValueSource(ints = {0, 8})
        void onADiskThatHasBecomeFull(int freeKib) throws Exception {
            Path mount = mountTmpfs("size=12m");
            try {
                var there = new Launcher(mount.resolve("understudy"), folder.resolve("work"));
                there.file("tasks.jsonl", task("first"));
                there.file("more.jsonl", task("second"));
                assertThat(there.run("import", "tasks.jsonl").exitCode()).isZero();
                Path rest = mount.resolve("rest");
                long free = Files.getFileStore(mount).getUsableSpace() - (freeKib << 10);
                Files.write(rest, new byte[(int) free]);
                var result = there.bash("""
                        set -e
                        understudy tasks
                        understudy automations
                        understudy plugins
                        understudy runs
                        understudy log --verify
                        """);
                assertThat(result.exitCode()).as(result.err()).isZero();
                assertThat(result.err()).isEmpty();
                assertThat(result.out()).contains("mail", "started", "intact");
                assertOneLine(
                        there.run("import", "more.jsonl"), 1, "the disk that holds", "is full", "Free some space");
                Files.delete(rest);
                assertThat(there.run("import", "more.jsonl").exitCode()).isZero();
            } finally {
                unmount(mount);
            }
        }

        private static String task(String id) {
            return """
                    {"task_id":"%s","task_type":"mail","parameters":{},"timestamp":"2026-11-09T09:00:00Z","duration_ms":10,"success":true}
                    """.formatted(id);
        }

        private Path mountTmpfs(String options) throws Exception {
            assumeTrue("root".equals(System.getProperty("user.name")), "mounting a tmpfs needs root");
            Path mount = Files.createDirectories(folder.resolve("mount"));
            Process process = new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "tmpfs", mount.toString())
                    .redirectErrorStream(true)
                    .start();
            assumeTrue(
                    process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0,
                    "this machine lets nobody mount a tmpfs");
            return mount;
        }

        private static void unmount(Path mount) throws Exception {
            new ProcessBuilder("umount", "-l", mount.toString()).start().waitFor();
        }

        @Test
        void usedByTwoProcessesAtOnceAndBothDoTheirWork() throws Exception {
            for (int i = 0; i < 2; i++) {
                var tasks = new StringBuilder();
                for (int j = 0; j < 500; j++) tasks.append("""
                            {"task_id":"%d-%d","task_type":"mail","parameters":{},"timestamp":"2026-11-09T09:00:00Z","duration_ms":10,"success":true}
                            """.formatted(i, j));
                understudy.file("tasks" + i + ".jsonl", tasks.toString());
            }
            Process first = understudy.start("import", "tasks0.jsonl");
            Process second = understudy.start("import", "tasks1.jsonl");
            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
            assertThat(understudy.run("tasks", "--json", "--limit", "2000").out())
                    .contains("\"0-499\"", "\"1-499\"");
        }
    }

    /** As 'ulimit -n', a container or a service gives it. */
    @Nested
    class OfOpenFilesThereAre {
        private Launcher.Result with(int files, String commands) {
            return understudy.bash("set -e; ulimit -n " + files + "; " + commands);
        }

        @ParameterizedTest
        @ValueSource(strings = {"tasks", "plugins", "run count.py"})
        void tooFew(String command) {
            for (int files : new int[] {12, 191})
                assertOneLine(
                        with(files, "understudy " + command),
                        1,
                        "too many open files",
                        "at least 192 are needed",
                        "ulimit -n 1024");
        }

        @Test
        void justEnoughToReadToLoadPluginsAndToRunACell() {
            understudy.file(
                    "count.py",
                    "# /// automation\n# id = \"p\"\n# description = \"d\"\n# language = \"python\"\n# ///\ndef execute(params): return {}\n");
            var result = with(192, "understudy tasks; understudy plugins; understudy run count.py");
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("started", "{}");
        }
    }

    @Nested
    class TheCommandLineHas {
        @Test
        void anUnknownCommand() {
            assertOneLine(understudy.run("lern"), 2, "lern", "learn");
        }

        @Test
        void anUnknownOption() {
            assertOneLine(understudy.run("learn", "--fast"), 2, "--fast");
        }
    }
}
