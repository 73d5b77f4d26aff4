package dev.understudy.sandbox.control.cells;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Succeeded;
import dev.understudy.sandbox.control.RunRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ForbiddenActsTest {
    private static final String PROGRAMS =
            "not allowed at isolation full: starting programs (isolation partial would allow it) (line 2)";
    private static final String NETWORK =
            "not allowed at isolation full: network (isolation minimal would allow it) (line 2)";

    private static String error(RunRequest request) throws InterruptedException {
        RunOutcome outcome = Cells.run(request).outcome();
        assertThat(outcome).isInstanceOf(Failed.class);
        return ((Failed) outcome).error();
    }

    private static RunRequest javaScript(String body) {
        return Cells.javaScript("function execute(params) {\n" + body + "\n}");
    }

    private static RunRequest python(String body) {
        return Cells.python("def execute(params):\n    " + body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import os; os.system('true')",
                "import os; os.popen('true')",
                "import os; os.fork()",
                "import os; os.execv('/bin/true', ['true'])",
                "import subprocess; subprocess.run(['true'])",
                "import subprocess; subprocess.Popen('true', shell=True)",
                "import posix; posix.system('true')",
                "understudy.run('true')",
            })
    void startingProgramsFromPython(String body) throws Exception {
        assertThat(error(python(body))).isEqualTo(PROGRAMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process.exit()", "understudy.run('true')"})
    void startingProgramsFromJavaScript(String body) throws Exception {
        assertThat(error(javaScript(body))).isEqualTo(PROGRAMS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import socket; socket.socket()",
                "import socket; socket.create_connection(('127.0.0.1', 80))",
                "import socket; socket.getaddrinfo('example.org', 80)",
                "understudy.http('http://example.org')",
            })
    void networkFromPython(String body) throws Exception {
        assertThat(error(python(body))).isEqualTo(NETWORK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch('http://example.org')", "new WebSocket('ws://x')", "understudy.http('http://x')"})
    void networkFromJavaScript(String body) throws Exception {
        assertThat(error(javaScript(body))).isEqualTo(NETWORK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Java.type('java.lang.System')",
                "Polyglot.import('x')",
                "new Worker('x')",
                "require('fs')",
            })
    void whatNoLevelAllowsInJavaScript(String body) throws Exception {
        assertThat(error(javaScript(body)))
                .startsWith("not allowed at isolation full: ")
                .contains("(no isolation level allows it)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import threading; threading.Thread(target=print).start()",
                "import _thread; _thread.start_new_thread(print, ())",
            })
    void threadsInPython(String body) throws Exception {
        assertThat(error(python(body))).startsWith("not allowed at isolation full: starting threads");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import java; return java.type('java.lang.System').getProperty('user.home')",
                "import polyglot; return polyglot.eval(language='js', string='1')",
                "import ctypes; return ctypes.CDLL(None).getpid()",
                "import os; os.kill(os.getppid(), 9)",
            })
    void reachingOutOfPython(String body) throws Exception {
        assertThat(Cells.run(python(body)).outcome()).isInstanceOf(Failed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"import os; os.system('true')", "import subprocess; subprocess.run(['true'])"})
    void atPartialPythonsOwnWaysPointToTheProperOne(String body) throws Exception {
        assertThat(error(Cells.with(python(body), IsolationLevel.PARTIAL)))
                .isEqualTo("not allowed at isolation partial: starting programs in this way;"
                        + " use understudy.run instead (line 2)");
    }

    @Test
    void evenBelowThePatchedNamesNoProgramStarts() throws Exception {
        // The prelude's refusals are for people; this goes around them and must meet the interpreter's own.
        assertThat(error(python("import builtins, sys; del sys.modules['posix'];"
                        + " import importlib.machinery as m; module = m.BuiltinImporter.load_module('posix');"
                        + " module.system('true')")))
                .isNotEmpty();
    }

    @Test
    void theEnvironmentHoldsOnlyWhatTheContractGives() throws Exception {
        // Where the machine keeps its time zones, if it does, is told to Python only in this way.
        assertThat(Cells.run(python("import os; return sorted(set(os.environ) - {'PYTHONTZPATH'})"))
                        .outcome())
                .isEqualTo(new Succeeded("[\"HOME\",\"TMPDIR\"]"));
    }

    @Nested
    class WhereLevelAndHostAllow {
        private static final HostServices ECHO = new HostServices(
                (_, _) -> new HostServices.ProgramsOfRun() {
                    @Override
                    public HostServices.ProgramEnd run(HostServices.Program program, Limits left) {
                        String output = program.name()
                                + program.arguments()
                                + new String(program.standardInput(), StandardCharsets.UTF_8)
                                + program.directory();
                        return new HostServices.ProgramEnd.Ended(
                                3,
                                output.getBytes(StandardCharsets.UTF_8),
                                new byte[0],
                                Duration.ZERO,
                                1,
                                OptionalLong.empty());
                    }

                    @Override
                    public void close() {}
                },
                _ -> new HostServices.HttpOfRun() {
                    @Override
                    public HostServices.HttpResult send(HostServices.HttpRequest http) {
                        return new HostServices.HttpResult(
                                200,
                                List.of("Content-Type", "text/plain"),
                                (http.method() + " " + http.url()).getBytes(StandardCharsets.UTF_8),
                                "UTF-8");
                    }

                    @Override
                    public void close() {}
                });

        private static final Grants LS = new Grants(List.of(), List.of(), List.of(), List.of("ls"));

        @Test
        void theHostRunsProgramsAndSendsRequests() throws Exception {
            try (CellRunner runner = Cells.open(ECHO, 1, Duration.ofMinutes(1))) {
                RunRequest javaScript = Cells.with(
                        javaScript("const r = understudy.run('ls', '-l', ['x', 2], { stdin: 'in', cwd: '/d' });"
                                + " const h = understudy.http({ url: 'http://x', method: 'PUT' });"
                                + " return [r.code, r.stdout, h.status, h.headers['content-type'], h.text]"),
                        IsolationLevel.MINIMAL);
                assertThat(runner.start(Cells.with(javaScript, LS), RunListener.SILENT)
                                .await()
                                .outcome())
                        .isEqualTo(new Succeeded("[3,\"ls[-l, x, 2]in/d\",200,\"text/plain\",\"PUT http://x\"]"));
                RunRequest python = Cells.with(
                        python(
                                "r = understudy.run('ls', '-l', ['x', 2], stdin='in', cwd='/d'); h = understudy.http('http://x');"
                                        + " return [r['code'], r['stdout'], h['status'], h['text']]"),
                        IsolationLevel.MINIMAL);
                assertThat(runner.start(Cells.with(python, LS), RunListener.SILENT)
                                .await()
                                .outcome())
                        .isEqualTo(new Succeeded("[3,\"ls[-l, x, 2]in/d\",200,\"GET http://x\"]"));
            }
        }

        @Test
        void aHostWithoutTheServiceSaysSo() throws Exception {
            assertThat(error(Cells.with(Cells.with(javaScript("understudy.run('ls')"), IsolationLevel.PARTIAL), LS)))
                    .startsWith("not allowed: starting programs");
        }
    }
}
