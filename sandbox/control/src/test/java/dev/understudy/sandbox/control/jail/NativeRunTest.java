package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeRunTest extends JailedTest {
    private RunReport native_(Language language, String source) throws InterruptedException {
        return runNative(request(language, source));
    }

    private RunReport runNative(RunRequest request) throws InterruptedException {
        RunReport report = run(request);
        assumeFalse(
                report.outcome() instanceof RunOutcome.Refused refused
                        && refused.reason().contains("not installed"),
                () -> request.language() + " is not installed natively");
        return report;
    }

    @Nested
    class Python {
        @Test
        void runsExecuteWithTheSameContractAsACell() throws Exception {
            Files.writeString(folder.resolve("a.txt"), "one\n");
            RunReport report = runNative(with(
                    withParameters(
                            request(Language.PYTHON, """
                                    def execute(params):
                                        understudy.log.info("hello " + params["name"])
                                        understudy.files.append(params["folder"] + "/a.txt", "two\\n")
                                        print("seen", understudy.files.list(params["folder"]))
                                        return {"names": understudy.files.glob(params["folder"] + "/*.txt")}
                                    """), "{\"name\":\"you\",\"folder\":\"%s\"}".formatted(folder)),
                    writes(folder)));

            assertThat(report.outcome())
                    .isEqualTo(new RunOutcome.Succeeded("{\"names\":[\"%s/a.txt\"]}".formatted(folder)));
            assertThat(report.output())
                    .containsExactlyInAnyOrder(
                            new OutputLine("info", "hello you"), new OutputLine("stdout", "seen ['a.txt']"));
            assertThat(report.changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.text()).contains("one\ntwo\n"));
        }

        @Test
        void failsWithTheScriptsOwnLines() throws Exception {
            var outcome = native_(Language.PYTHON, "def execute(params):\n    return params['missing']\n")
                    .outcome();
            assertThat(outcome).isInstanceOfSatisfying(RunOutcome.Failed.class, failed -> {
                assertThat(failed.error()).isEqualTo("KeyError: 'missing'");
                assertThat(failed.detail()).contains("line 2, in execute").doesNotContain("driver.py");
            });
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "import os; os.system('true')|starting programs (isolation partial would allow it)",
                    "import subprocess; subprocess.run(['true'])|starting programs (isolation partial would allow it)",
                    "import socket; socket.socket()|network (a native script has none at any level)"
                })
        void saysWhatTheLevelForbids(String code, String reason) throws Exception {
            assertThat(native_(Language.PYTHON, "def execute(params):\n    " + code + "\n")
                            .outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error()).isEqualTo("not allowed at isolation full: " + reason));
        }
    }

    @Nested
    class WithPackages {
        private RunRequest given(Language language, String source) throws Exception {
            Path packages = Files.createDirectories(folder.resolve("packages"));
            for (String name : List.of("single.py", "common/index.js", "moduled/index.mjs", "moduled/package.json")) {
                Files.createDirectories(
                        Objects.requireNonNull(packages.resolve(name).getParent()));
                Files.writeString(
                        packages.resolve(name),
                        switch (name) {
                            case "single.py" -> "NAME = 'single'\n";
                            case "common/index.js" -> "exports.name = 'common';";
                            case "moduled/index.mjs" -> "export const name = 'module';";
                            default -> "{\"exports\": \"./index.mjs\"}";
                        });
            }
            RunRequest request = with(request(language, source), writes(folder));
            return with(request, request.grants().withPackages(packages.toRealPath()));
        }

        @Test
        void pythonImportsThem() throws Exception {
            assertThat(runNative(given(Language.PYTHON, "import single\ndef execute(params): return single.NAME\n"))
                            .outcome())
                    .isEqualTo(new RunOutcome.Succeeded("\"single\""));
        }

        @Test
        void pythonCannotChangeThemAlsoWhereAllAroundThemMayBeWritten() throws Exception {
            RunReport report = runNative(given(
                    Language.PYTHON,
                    "def execute(params): open('" + folder + "/packages/single.py', 'w').write('x')\n"));
            assertThat(report.outcome()).isInstanceOf(RunOutcome.Failed.class);
            assertThat(folder.resolve("packages/single.py")).content().startsWith("NAME");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "function execute() { return require('common').name; }",
                    "import { name } from 'common'; export function execute() { return name; }"
                })
        void nodeFindsWhatIsNoModuleByEither(String source) throws Exception {
            assertThat(runNative(given(Language.JAVASCRIPT, source)).outcome())
                    .isEqualTo(new RunOutcome.Succeeded("\"common\""));
        }

        @Test
        void nodeImportsModules() throws Exception {
            assertThat(runNative(given(
                                    Language.JAVASCRIPT,
                                    "import { name } from 'moduled'; export function execute() { return name; }"))
                            .outcome())
                    .isEqualTo(new RunOutcome.Succeeded("\"module\""));
        }
    }

    @Nested
    class JavaScript {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "function execute",
                    "export function execute",
                    "export default function",
                    "async function execute"
                })
        void runsExecuteHoweverItIsWritten(String head) throws Exception {
            assertThat(native_(Language.JAVASCRIPT, head + "(params) { return {a: params.b ?? 1}; }")
                            .outcome())
                    .isEqualTo(new RunOutcome.Succeeded("{\"a\":1}"));
        }

        @Test
        void saysWhatTheLevelForbids() throws Exception {
            assertThat(native_(Language.JAVASCRIPT, "function execute() { require('child_process').execSync('true'); }")
                            .outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error())
                                    .isEqualTo(
                                            "not allowed at isolation full: starting programs (isolation partial would allow it)"));
        }
    }

    @Nested
    class Limits_ {
        private static final Limits LIMITS = Limits.DEFAULT
                .withWallTime(Duration.ofSeconds(20))
                .withMemoryBytes(64 << 20)
                .withProcesses(8)
                .withOpenFiles(30)
                .withDiskBytes(4 << 20);

        static List<Arguments> attacks() {
            return List.of(
                    Arguments.of(Language.PYTHON, "def execute(p):\n  x = 'a' * (10 ** 10)", "Memory"),
                    Arguments.of(
                            Language.PYTHON,
                            "def execute(p):\n  x = []\n  while True: x.append(bytearray(1 << 20))",
                            "Memory"),
                    Arguments.of(
                            Language.PYTHON,
                            "import mmap\ndef execute(p):\n  m = mmap.mmap(-1, 100 << 20)\n  for i in range(0, 100 << 20, 4096): m[i] = 1\n  while True: pass",
                            "Memory"),
                    Arguments.of(
                            Language.PYTHON,
                            "def execute(p):\n  x = [open('/dev/null') for i in range(100)]",
                            "OpenFiles"),
                    Arguments.of(
                            Language.PYTHON,
                            "import threading, time\ndef execute(p):\n  for i in range(50): threading.Thread(target=time.sleep, args=(9,)).start()",
                            "Processes"),
                    Arguments.of(
                            Language.PYTHON,
                            "import os, time\ndef execute(p):\n  while True:\n    if os.fork() == 0: time.sleep(9)",
                            "Processes"),
                    Arguments.of(Language.PYTHON, "def execute(p):\n  open('big', 'wb').truncate(1 << 30)", "Disk"),
                    Arguments.of(
                            Language.JAVASCRIPT,
                            "function execute() { const x = []; while (true) x.push(new Array(1e5).fill(x.length)); }",
                            "Memory"),
                    Arguments.of(
                            Language.JAVASCRIPT,
                            "function execute() { const x = []; while (true) x.push(Buffer.alloc(1 << 20, 1)); }",
                            "Memory"),
                    Arguments.of(
                            Language.JAVASCRIPT,
                            "function execute() { const fs = require('fs'); for (let i = 0; i < 100; i++) fs.openSync('/dev/null'); }",
                            "OpenFiles"),
                    // What Node says of a thread that the kernel did not give, before anybody else has looked.
                    Arguments.of(
                            Language.JAVASCRIPT,
                            "function execute() { throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' }); }",
                            "Processes"));
        }

        @ParameterizedTest
        @MethodSource("attacks")
        void readTheSameInEachLanguage(Language language, String source, String limit) throws Exception {
            var outcome = runNative(with(request(language, source), LIMITS)).outcome();
            assertThat(outcome).isInstanceOf(LimitExceeded.class);
            assertThat(outcome.getClass().getSimpleName()).isEqualTo(limit);
            assertThat(JailProcesses.running()).isEmpty();
        }
    }
}
