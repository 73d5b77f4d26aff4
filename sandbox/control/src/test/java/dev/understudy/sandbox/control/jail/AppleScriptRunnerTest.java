package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole path of an AppleScript, but for macOS: {@code sandbox-exec} and {@code osascript} are stand-ins, which check what they
 * are given. That {@code osascript} takes the script for one of a shell.
 */
class AppleScriptRunnerTest {
    private static final String SANDBOX_EXEC = """
            #!/bin/sh
            [ "$1" = -p ] || { echo "no profile" >&2; exit 64; }
            case $2 in "(version 1)
            (deny default)"*"(deny network*)
            (deny appleevent-send)"*) ;; *) echo "no such profile: $2" >&2; exit 64;; esac
            shift 2
            while [ "$1" = -D ]; do
              case $2 in *=/*) eval "${2%%=*}='${2#*=}'";; *) echo "no path: $2" >&2; exit 64;; esac
              shift 2
            done
            [ "$1" = "$OSASCRIPT" ] && [ "$2" = "$SCRIPT" ] || { echo "another program: $*" >&2; exit 64; }
            case $SCRIPT in "$WORKSPACE"/*) ;; *) echo "no workspace: $WORKSPACE" >&2; exit 64;; esac
            export WORKSPACE READ0
            exec "$@"
            """;
    private static final String OSASCRIPT = """
            #!/bin/sh
            [ -r "$1" ] && [ $# = 2 ] || { echo "no script, or more than one argument" >&2; exit 64; }
            exec /bin/sh "$1" "$2"
            """;

    @TempDir
    Path folder;

    private AppleScriptCommand.Programs programs;

    @BeforeEach
    void standIn() throws IOException {
        programs =
                new AppleScriptCommand.Programs(program("sandbox-exec", SANDBOX_EXEC), program("osascript", OSASCRIPT));
    }

    private Path program(String name, String text) throws IOException {
        Path file = Files.writeString(folder.toRealPath().resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private RunReport run(boolean macOs, boolean allowed, RunRequest request) throws InterruptedException {
        try (var runner = new AppleScriptRunner(
                new AppleScriptRunner.Setting(macOs, allowed, programs, List.of(folder.resolve("own"))),
                folder.resolve("runs"),
                Path.of("/Users/me"),
                InstantSource.system(),
                new Random(1))) {
            return runner.start(request, RunListener.SILENT).await();
        }
    }

    private RunReport run(RunRequest request) throws InterruptedException {
        return run(true, true, request);
    }

    private static RunRequest request(String script) {
        return request(script, Limits.DEFAULT, Grants.NONE);
    }

    private static RunRequest request(String script, Limits limits, Grants grants) {
        return new RunRequest(
                "greet",
                "test",
                RunRequest.Language.APPLESCRIPT,
                script,
                "{\"name\":\"Ada\",\"most\":3}",
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                limits,
                grants,
                RunRequest.Mode.COMMIT,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null,
                Set.of(),
                List.of(),
                null);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("runs"))) {
            return left.toList();
        }
    }

    @Nested
    class OnMacOs {
        @Test
        void hasItsParametersReturnsItsResultAndLeavesNothingBehind() throws Exception {
            RunReport report = run(request("""
                    echo "log of $PARAM_NAME, $PARAM_MOST, $1, $HOME" >&2
                    echo first
                    echo '{"success": true, "unread": 3}'
                    """));
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{\"success\": true, \"unread\": 3}"));
            assertThat(report.tier()).isEqualTo(Tier.REDUCED);
            assertThat(report.output())
                    .containsExactlyInAnyOrder(
                            new OutputLine("stderr", "log of Ada, 3, {\"name\":\"Ada\",\"most\":3}, /Users/me"),
                            new OutputLine("stdout", "first"));
            assertThat(left()).isEmpty();
        }

        @Test
        void seesNothingOfTheHostsEnvironment() throws Exception {
            assertThat(System.getenv("PATH")).isNotNull();
            RunReport report = run(request("env | cut -d= -f1 | sort | tr '\\n' ' ' >&2"));
            assertThat(report.output())
                    .extracting(OutputLine::text)
                    .singleElement()
                    .asString()
                    .contains("PARAM_MOST", "PARAM_NAME", "HOME")
                    .doesNotContain("JAVA_HOME", "USER");
        }

        @Test
        void isGivenThePathsThatItMayRead() throws Exception {
            Path notes = Files.createDirectory(folder.resolve("it's notes"));
            assertThat(new AppleScriptCommand(
                                    programs, folder.resolve("s"), folder, List.of(notes), List.of(), List.of())
                            .command())
                    .containsSequence("-D", "READ0=" + notes);
            Path plain = Files.createDirectory(folder.resolve("notes"));
            assertThat(run(request(
                                    "echo \"$READ0\"; echo '{}'",
                                    Limits.DEFAULT,
                                    new Grants(List.of(plain), List.of(), List.of(), List.of())))
                            .output())
                    .containsExactly(new OutputLine("stdout", plain.toString()));
        }

        @Test
        void followsNoLinkThatTheScriptPutInThePlaceOfItsResult() throws Exception {
            Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
            String result = RunResult.INSIDE.getFileName().toString();
            RunReport report = run(request("ln -s '" + mine + "' " + result + "; echo '{\"success\": true}'"));
            assertThat(report.outcome()).isEqualTo(new RunOutcome.Succeeded("{\"success\": true}"));
            assertThat(mine).hasContent("mine");
        }

        @Test
        void failsWithWhatItSaid() throws Exception {
            assertThat(run(request("echo 'execution error: no Mail (-600)' >&2; exit 1"))
                            .outcome())
                    .isEqualTo(new RunOutcome.Failed(
                            "it ended with status 1: execution error: no Mail (-600)",
                            "execution error: no Mail (-600)"));
            assertThat(run(request("echo '{\"success\": false, \"error\": \"no inbox\"}'"))
                            .outcome())
                    .isEqualTo(new RunOutcome.Failed("no inbox", ""));
            assertThat(run(request("echo done")).outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Failed.class,
                            failed -> assertThat(failed.error()).startsWith("its result is not JSON"));
        }

        @Test
        void endsWithItsWallTimeAndAllThatItStarted() throws Exception {
            RunReport report = run(request(
                    "sleep 60 & echo $!; wait", Limits.DEFAULT.withWallTime(Duration.ofMillis(500)), Grants.NONE));
            assertThat(report.outcome()).isInstanceOf(RunOutcome.LimitExceeded.WallTime.class);
            long started = Long.parseLong(report.output().getFirst().text());
            // In a container nobody may wait for it: it is dead all the same.
            Path stat = Path.of("/proc/" + started + "/stat");
            assertThat(Files.exists(stat) ? Files.readString(stat) : ") Z ").contains(") Z ");
        }

        @Test
        void endsWithItsOutputItsProcessorTimeItsDiskAndItsOpenFiles() throws Exception {
            assertThat(run(request("while :; do echo more; done", Limits.DEFAULT.withOutputBytes(1000), Grants.NONE))
                            .outcome())
                    .isInstanceOf(RunOutcome.LimitExceeded.Output.class);
            assertThat(run(request(
                                    "while :; do :; done",
                                    Limits.DEFAULT.withCpuTime(Duration.ofMillis(200)),
                                    Grants.NONE))
                            .outcome())
                    .isInstanceOf(RunOutcome.LimitExceeded.CpuTime.class);
            assertThat(run(request(
                                    "while :; do echo 0123456789 >> \"$WORKSPACE/large\"; done",
                                    Limits.DEFAULT.withDiskBytes(20_000),
                                    Grants.NONE))
                            .outcome())
                    .isInstanceOf(RunOutcome.LimitExceeded.Disk.class);
            assertThat(run(request("ulimit -n; echo '{}'", Limits.DEFAULT.withOpenFiles(20), Grants.NONE))
                            .output())
                    .containsExactly(new OutputLine("stdout", "20"));
        }

        @Test
        void isRefusedWhatItsSandboxCannotHold() throws Exception {
            Path notes = folder.resolve("notes");
            assertThat(run(request("", Limits.DEFAULT, new Grants(List.of(), List.of(notes), List.of(), List.of())))
                            .outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).contains("no copy-on-write view"));
            assertThat(run(request("", Limits.DEFAULT, new Grants(List.of(folder), List.of(), List.of(), List.of())))
                            .outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).contains("own cannot be hidden in " + folder));
            assertThat(run(true, false, request("")).outcome())
                    .isInstanceOfSatisfying(
                            RunOutcome.Refused.class,
                            refused -> assertThat(refused.mend()).isEqualTo("set sandbox.allow_reduced: true"));
        }
    }

    @Test
    void isRefusedElsewhereInOneSentence() throws Exception {
        RunReport report = run(false, true, request("echo '{}'"));
        assertThat(report.outcome())
                .isEqualTo(new RunOutcome.Refused(
                        "AppleScript runs on macOS only", "write the automation in JavaScript, Python or Bash"));
        assertThat(report.tier()).isEqualTo(Tier.NONE);
    }
}
