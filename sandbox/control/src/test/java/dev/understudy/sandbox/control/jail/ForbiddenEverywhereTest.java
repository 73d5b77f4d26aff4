package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.Failed;
import dev.understudy.sandbox.control.RunOutcome.Refused;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.cells.CellLauncher;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.Cells;
import dev.understudy.sandbox.control.cells.HostServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a level or the grants forbid is said in one way, whatever the language and whatever runs it. */
@Tag("slow")
class ForbiddenEverywhereTest extends JailedTest {
    private static CellRunner cells;

    @BeforeAll
    static void openCells() {
        cells = Cells.open(
                CellLauncher.PLAIN,
                new HostServices(new JailPrograms(jail, List.of(), HOME), HostServices.NONE.http()),
                2,
                Duration.ofMinutes(5));
    }

    @AfterAll
    static void closeCells() {
        if (cells != null) cells.close();
    }

    private RunOutcome outcome(
            Language language, ScriptRuntime runtime, IsolationLevel isolation, Grants grants, String body)
            throws InterruptedException {
        String source = switch (language) {
            case JAVASCRIPT -> "function execute(params) { " + body + " }";
            case PYTHON -> "def execute(params):\n    " + body;
            case BASH, APPLESCRIPT -> "set -e; " + body;
        };
        RunRequest plain = request(language, source);
        RunRequest asked = new RunRequest(
                plain.name(),
                plain.trustDomain(),
                language,
                source,
                "{}",
                runtime,
                isolation,
                plain.limits().withWallTime(Duration.ofMinutes(1)),
                grants,
                plain.mode(),
                plain.reuse(),
                Map.of(),
                null);
        boolean inCell = runtime == ScriptRuntime.POLYGLOT && language != Language.BASH;
        RunOutcome outcome = inCell
                ? cells.start(asked, RunListener.SILENT).await().outcome()
                : run(asked).outcome();
        assumeFalse(
                outcome instanceof Refused refused && refused.reason().contains("not installed"),
                "no runtime for native " + language);
        return outcome;
    }

    private static void saysWhenTried(RunOutcome outcome, String expected) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.error().replaceAll(" \\(line \\d+\\)$", ""))
                                .isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | POLYGLOT | understudy.run('id')",
                "PYTHON | POLYGLOT | understudy.run('id')",
                "PYTHON | POLYGLOT | import subprocess; subprocess.run(['id'])",
                "PYTHON | POLYGLOT | import os; os.system('id')",
                "JAVASCRIPT | NATIVE | understudy.run('id')",
                "JAVASCRIPT | NATIVE | require('child_process').execSync('id')",
                "PYTHON | NATIVE | understudy.run('id')",
                "PYTHON | NATIVE | import subprocess; subprocess.run(['id'])",
                "PYTHON | NATIVE | import os; os.system('id')",
                "BASH | POLYGLOT | id",
            })
    void startingProgramsAtFull(Language language, ScriptRuntime runtime, String body) throws Exception {
        saysWhenTried(
                outcome(language, runtime, IsolationLevel.FULL, Grants.NONE, body),
                "not allowed at isolation full: starting programs (isolation partial would allow it)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | POLYGLOT | understudy.run('id')",
                "PYTHON | POLYGLOT | understudy.run('id')",
                "JAVASCRIPT | NATIVE | understudy.run('id')",
                "JAVASCRIPT | NATIVE | const done = require('child_process').spawnSync('id'); if (done.error) throw done.error",
                "PYTHON | NATIVE | understudy.run('id')",
                "PYTHON | NATIVE | import subprocess; subprocess.run(['id'])",
                "BASH | POLYGLOT | id",
            })
    void startingAProgramThatIsNotGranted(Language language, ScriptRuntime runtime, String body) throws Exception {
        var grants = new Grants(List.of(), List.of(), List.of(), List.of("true"));
        saysWhenTried(
                outcome(language, runtime, IsolationLevel.PARTIAL, grants, body),
                "not allowed: program 'id' is not granted; grants.programs = [\"id\"] would allow it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | POLYGLOT | fetch('http://127.0.0.1')",
                "JAVASCRIPT | POLYGLOT | understudy.http('http://127.0.0.1')",
                "PYTHON | POLYGLOT | import socket; socket.create_connection(('127.0.0.1', 80))",
                "JAVASCRIPT | NATIVE | fetch('http://127.0.0.1')",
                "JAVASCRIPT | NATIVE | require('net').connect(80)",
                "PYTHON | NATIVE | import socket; socket.create_connection(('127.0.0.1', 80))",
                "PYTHON | NATIVE | understudy.http('http://127.0.0.1')",
                "BASH | POLYGLOT | exec 3<>/dev/tcp/127.0.0.1/80",
            })
    void theNetworkAtFull(Language language, ScriptRuntime runtime, String body) throws Exception {
        boolean inCell = runtime == ScriptRuntime.POLYGLOT && language != Language.BASH;
        saysWhenTried(
                outcome(language, runtime, IsolationLevel.FULL, Grants.NONE, body),
                "not allowed at isolation full: network ("
                        + (inCell ? "isolation minimal would allow it)" : "a native script has none at any level)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | POLYGLOT | understudy.files.read('/etc/shadow')",
                "PYTHON | POLYGLOT | open('/etc/shadow').read()",
                "JAVASCRIPT | NATIVE | understudy.files.read('/etc/shadow')",
                "PYTHON | NATIVE | open('/etc/shadow').read()",
                "BASH | POLYGLOT | read -r x </etc/shadow",
            })
    void readingOutsideTheGrants(Language language, ScriptRuntime runtime, String body) throws Exception {
        saysWhenTried(
                outcome(language, runtime, IsolationLevel.FULL, Grants.NONE, body),
                "not granted: reading /etc/shadow (grant it with reads = [\"/etc/shadow\"])");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JAVASCRIPT | POLYGLOT | understudy.files.write('/etc/new', 'x')",
                "PYTHON | POLYGLOT | open('/etc/new', 'w')",
                "JAVASCRIPT | NATIVE | understudy.files.write('/etc/new', 'x')",
                "PYTHON | NATIVE | open('/etc/new', 'w')",
                "BASH | POLYGLOT | echo x >/etc/new",
            })
    void writingOutsideTheGrants(Language language, ScriptRuntime runtime, String body) throws Exception {
        saysWhenTried(
                outcome(language, runtime, IsolationLevel.FULL, Grants.NONE, body),
                "not granted: writing /etc/new (grant it with writes = [\"/etc/new\"])");
    }

    @ParameterizedTest
    @CsvSource({"JAVASCRIPT, POLYGLOT", "PYTHON, POLYGLOT", "JAVASCRIPT, NATIVE", "PYTHON, NATIVE", "BASH, POLYGLOT"})
    void whatIsKnownBeforeTheStartIsRefused(Language language, ScriptRuntime runtime) throws Exception {
        var programs = new Grants(List.of(), List.of(), List.of(), List.of("true"));
        assertThat(outcome(language, runtime, IsolationLevel.FULL, programs, "return"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo("not allowed at isolation full: starting programs"
                                        + " (isolation partial would allow it)"));
        var hosts = new Grants(List.of(), List.of(), List.of("example.org"), List.of());
        assertThat(outcome(language, runtime, IsolationLevel.PARTIAL, hosts, "return"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reason()).startsWith("not allowed at isolation partial: network ("));
    }
}
