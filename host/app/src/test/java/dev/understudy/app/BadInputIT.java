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
            understudy.file("script.py", """
                    # /// automation
                    # id = "script"
                    # description = "A script under test."
                    # language = "python"
                    # limits = { wall = "3s", memory = "64MiB", output = "16KiB" }
                    # ///
                    """ + body);
            return understudy.run("run", "script.py");
        }

        @Test
        void aScriptWithoutExecute() {
            assertOneLine(runPython("x = 1\n"), 1, "execute");
        }

        @Test
        void aScriptWithASyntaxError() {
            assertOneLine(runPython("def execute(params:\n    pass\n"), 1, "syntax error", "line 7");
        }

        @Test
        void aScriptThatNeverEnds() {
            assertOneLine(runPython("def execute(params):\n    while True: pass\n"), 3, "wall time", "3 s");
        }

        @Test
        void aScriptThatAllocatesWithoutEnd() {
            assertOneLine(
                    runPython("def execute(params):\n    x = []\n    while True: x.append('x' * 1000000)\n"),
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
                assertOneLine(result, 1, "data home", "Read-only file system");
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
