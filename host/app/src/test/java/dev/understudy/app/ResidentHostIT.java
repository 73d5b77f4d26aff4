package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that is there does what a command would do in its own process, and nobody need know. */
class ResidentHostIT {
    /** Waits rather than computes: on a busy machine its limit of processor time would come before what ends it. */
    private static final String ENDLESS = "while :; do read -rt 1 <> <(:) || :; done";

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void setUp() throws Exception {
        understudy = new Launcher(folder.resolve("home"), Files.createDirectory(folder.resolve("work")));
    }

    @AfterEach
    void endTheHost() throws Exception {
        var status = run("host", "status");
        if (status.exitCode() != 0) return;
        ProcessHandle host = ProcessHandle.of(pid()).orElseThrow();
        run("host", "stop");
        // It still writes in the data home until it is gone.
        host.onExit().get(60, TimeUnit.SECONDS);
    }

    private Launcher.Result run(String... arguments) {
        return understudy.run(arguments);
    }

    private void startHost() {
        var started = run("host", "start");
        assertThat(started.exitCode()).as(started.err()).isZero();
        assertThat(started.out()).contains("serves " + folder.resolve("home"));
    }

    private int served() {
        String status = run("host", "status").out();
        return Integer.parseInt(status.replaceAll("(?s).*: (\\d+) commands so far.*", "$1"));
    }

    private long pid() {
        return Long.parseLong(run("host", "status").out().replaceAll("(?s).*process (\\d+)\\).*", "$1"));
    }

    private void script(String name, String language, String text) throws Exception {
        understudy.file(name, """
                # /// automation
                # id = "own"
                # description = "Does as it is told."
                # language = "%s"
                # grants = { writes = ["."] }
                # ///
                %s
                """.formatted(language, text));
    }

    @Test
    void saysAndDoesWhatTheCommandsOwnProcessWould() throws Exception {
        script("own.sh", "bash", "echo said; pwd; echo '{\"success\": true}' > \"$RESULT\"");
        script("own.py", "python", "def execute(params):\n    return {'success': True, 'here': 1}");
        script("wrong.py", "python", "def execute(params):\n    return {'success': False, 'message': 'no'}");
        script("mistaken.py", "cobol", "");
        understudy.file("tasks.jsonl", """
                {"task_id":"1","task_type":"copy","parameters":{},"timestamp":"2026-11-09T09:00:00Z"}
                no task
                """);
        assertThat(run("import", "tasks.jsonl").exitCode()).isZero();
        startHost();
        var commands = List.of(
                List.of("check", "own.py", "./own.sh"),
                List.of("check", "./mistaken.py"),
                List.of("check", "mistaken.py", "--json"),
                List.of("check", "absent.py"),
                List.of("completion", "names", "patterns"),
                List.of("proposals"),
                List.of("proposals", "show", "one"),
                List.of("import", "./tasks.jsonl"),
                List.of("import", "tasks.jsonl", "--json"),
                List.of("learn", "tasks.jsonl"),
                List.of("learn", "./tasks.jsonl", "--json"),
                List.of("learn"),
                List.of("automations"),
                List.of("automations", "--json"),
                List.of("automations", "show", "nobody"),
                List.of("patterns"),
                List.of("run", "own.sh"),
                List.of("run", "./own.py", "--json"),
                List.of("run", "wrong.py"),
                List.of("run", "absent.py"),
                List.of("run", "own.py", "-p", "x=1"),
                List.of("run", "own.py", "--dry-run"),
                List.of("runs", "--limit", "x"),
                List.of("templates"),
                List.of("test", "own.py"),
                List.of("test", "own.py", "--json"),
                List.of("test", "absent.py"),
                List.of("run", "--help"));
        for (List<String> command : commands) {
            var alone = new ArrayList<>(command);
            alone.add("--no-host");
            var expected = run(alone.toArray(String[]::new));
            var found = run(command.toArray(String[]::new));
            assertThat(masked(found)).as(String.join(" ", command)).isEqualTo(masked(expected));
        }
        // Those that went wrong were done by their own processes.
        assertThat(served()).isGreaterThanOrEqualTo(14);
    }

    /** What differs from run to run. */
    private static String masked(Launcher.Result result) {
        return (result.exitCode() + "\n" + result.out() + "\n" + result.err())
                .replaceAll("\\d{8}T\\d{6}Z-[0-9a-f]+", "RUN")
                .replaceAll(
                        "\"(duration|wallMillis|cpuMillis|started|ended|millis|memoryBytes)[A-Za-z]*\" ?: ?[^,}\\n]+",
                        "$1")
                .replaceAll("[0-9.]+ (ms|s)\\b", "N")
                .replaceAll("[0-9.]+ (MiB|kB|MB)\\b", "N $1")
                .replaceAll("\"[a-zA-Z]*(Seconds|Millis|Bytes|Nanos|At|_ms|_bytes)\" ?: ?[^,}\\n]+", "$1");
    }

    @Test
    void endsARunWithTheCommandThatAskedForIt() throws Exception {
        script("endless.sh", "bash", ENDLESS);
        startHost();
        long host = pid();
        Process running = understudy.start("run", "endless.sh");
        await(() -> hasTaken(host));
        new ProcessBuilder("kill", "-INT", Long.toString(running.pid())).start().waitFor();
        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(130);
        await(() -> !hasTaken(host));
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hasAReplThatOthersJoinAndThatEndsWithItsCommand() throws Exception {
        startHost();
        assertThat(understudy.type("1+1", "repl")).isEqualTo(new Launcher.Result(0, "2\n", ""));
        assertThat(served()).isEqualTo(1);
        var none = understudy.type("1", "attach");
        assertThat(none.errorLines()).singleElement().asString().contains("There is no REPL to join");
        assertThat(none.exitCode()).isEqualTo(1);
        Process first = understudy.start("repl");
        // Line by line: nothing waits for the end of what is typed.
        first.outputWriter().append("let n = 40\nn + 1\n").flush();
        assertThat(first.inputReader().readLine()).isEqualTo("41");
        assertThat(understudy.type("n += 2\nboom()", "attach").out()).isEqualTo("42\n");
        first.outputWriter().append("n + 1\n").flush();
        assertThat(first.inputReader().readLine()).isEqualTo("43");
        assertThat(run("host", "status").out()).contains("repl 2, at 1 terminal");
        first.destroyForcibly();
        // It is listed until its cells are gone.
        await(() -> !run("host", "status").out().contains("repl 2"));
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void usesTheTerminalOfACommandAndLeavesItAsItWas() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux keeps the terminal, and is not installed");
        startHost();
        Path pipe = folder.resolve("screen");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        String terminal = "understudy-served-" + ProcessHandle.current().pid();
        // tmux gives SHELL to whom had none, and a host that has none does nothing for them.
        String surroundings = System.getenv("SHELL") == null ? "unset SHELL\n" : "";
        Path script = understudy.file("typed.sh", surroundings + """
                before=$(stty -g)
                "$UNDERSTUDY" --home "$UNDERSTUDY_HOME" repl
                echo "ended $?"
                [ "$before" = "$(stty -g)" ] && echo 'as it' 'was'
                "$UNDERSTUDY" --home "$UNDERSTUDY_HOME" repl --trusted
                read -r _
                """);
        understudy.tmux(
                terminal, "-f", "/dev/null", "new-session", "-d", "-x", "120", "read -r _; exec bash " + script);
        understudy.tmux(terminal, "pipe-pane", "exec cat >'" + pipe + "'");
        understudy.tmux(terminal, "send-keys", "Enter");
        try (InputStream screen = Files.newInputStream(pipe)) {
            Launcher.readUpTo(screen, "js> ");
            understudy.tmux(
                    terminal, "send-keys", "let kept = 6 * 7; console.log('be' + 'gun'); while (true) {}", "Enter");
            Launcher.readUpTo(screen, "begun");
            understudy.tmux(terminal, "send-keys", "C-c");
            Launcher.readUpTo(screen, "interrupted");
            Launcher.readUpTo(screen, "js> ");
            understudy.tmux(terminal, "send-keys", "abandoned", "C-c");
            Launcher.readUpTo(screen, "js> ");
            understudy.tmux(terminal, "send-keys", "'still ' + kept", "Enter");
            Launcher.readUpTo(screen, "still 42");
            Launcher.readUpTo(screen, "js> ");
            assertThat(run("host", "status").out()).contains("at 1 terminal");
            understudy.tmux(terminal, "send-keys", "C-d");
            Launcher.readUpTo(screen, "ended 0");
            Launcher.readUpTo(screen, "as it was");
            Launcher.readUpTo(screen, "js trusted> ");
            // Nobody joins what has all rights of the person who sits there.
            assertThat(understudy.type("1", "attach").errorLines())
                    .singleElement()
                    .asString()
                    .contains("There is no REPL to join");
            understudy.tmux(terminal, "send-keys", "C-d");
        } finally {
            understudy.tmux(terminal, "kill-server");
        }
    }

    @Test
    void passesOnWhatAProgramSaysAndNamesOnlyToItsOwn() throws Exception {
        startHost();
        String hello = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
        var answered = understudy.type(hello, "mcp");
        assertThat(answered.out().lines()).singleElement().asString().contains("\"id\":1", "\"result\"");
        assertThat(answered.exitCode()).isZero();
        assertThat(served()).isEqualTo(1);
        // Another process's standard input is not the host's.
        var read = understudy.type("ls\nls\n", "import", "/dev/stdin", "--json");
        assertThat(read.exitCode()).as(read.err()).isZero();
        assertThat(read.out()).contains("\"imported\" : 2");
        assertThat(served()).isEqualTo(1);
    }

    @Test
    void isMissedInOneLineByACommandThatItWasDoing() throws Exception {
        script("endless.sh", "bash", ENDLESS);
        startHost();
        long host = pid();
        Process running = understudy.start("run", "endless.sh");
        await(() -> hasTaken(host));
        ProcessHandle.of(host).orElseThrow().destroyForcibly();
        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(1);
        assertThat(running.errorReader().lines())
                .singleElement()
                .asString()
                .contains("the host that did this command has gone");
        // What it left behind keeps nobody from working.
        assertThat(run("host", "status").exitCode()).isEqualTo(1);
        assertThat(run("automations").exitCode()).isZero();
        startHost();
    }

    /** The host's own children are the jails of its runs. */
    private static boolean hasTaken(long host) {
        return ProcessHandle.of(host).orElseThrow().descendants().findAny().isPresent();
    }

    @Test
    void doesNothingForWhoIsToldOtherThings() throws Exception {
        startHost();
        var other = new Launcher(folder.resolve("home"), folder.resolve("work"), Map.of("SOMETHING", "else"));
        assertThat(other.run("automations").exitCode()).isZero();
        assertThat(served()).isZero();
        assertThat(run("automations").exitCode()).isZero();
        assertThat(served()).isEqualTo(1);
    }

    @Test
    void goesOnWhereNobodyReadsWhatItSays() {
        startHost();
        var read = understudy.bash("understudy templates | true; echo ${PIPESTATUS[0]}");
        assertThat(read.err()).isEmpty();
        assertThat(read.out()).isEqualTo("0\n");
        assertThat(served()).isEqualTo(1);
    }

    @Test
    void doesOneAtATimeAndLetsOthersDoThemselves() throws Exception {
        script("endless.sh", "bash", ENDLESS);
        startHost();
        long host = pid();
        Process running = understudy.start("run", "endless.sh");
        await(() -> hasTaken(host));
        assertThat(run("automations").exitCode()).isZero();
        assertThat(served()).isZero();
        new ProcessBuilder("kill", "-INT", Long.toString(running.pid())).start().waitFor();
        assertThat(running.waitFor()).isEqualTo(130);
    }

    @Test
    void servesFiftyAtOnceOneAfterTheOther() throws Exception {
        script("own.js", "js", "function execute(params) { return { success: true, said: 'so' }; }");
        // JavaScript's comments are not the others'.
        Path own = folder.resolve("work/own.js");
        Files.writeString(own, Files.readString(own).replace("# ", "// "));
        assertThat(run("run", "own.js").exitCode()).isZero();
        startHost();
        var running = new ArrayList<Process>();
        for (int i = 0; i < 50; i++) running.add(understudy.start("run", "own.js"));
        for (Process each : running) {
            assertThat(each.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(each.exitValue()).as(() -> errors(each)).isZero();
            assertThat(each.inputReader().lines()).contains("{\"success\":true,\"said\":\"so\"}");
        }
        assertThat(served()).isPositive();
        assertThat(run("log", "--verify").out()).contains("intact");
    }

    private static String errors(Process process) {
        return process.errorReader().lines().collect(Collectors.joining("\n"));
    }

    @Test
    void isOutOfReachOfScripts() throws Exception {
        String socket = folder.resolve("home/host/socket").toString();
        understudy.file("reach.py", """
                # /// automation
                # id = "reach"
                # description = "Reaches for the host."
                # language = "python"
                # runtime = "native"
                # ///
                import socket

                def execute(params):
                    with socket.socket(socket.AF_UNIX) as host:
                        host.connect("%s")
                    return {"success": True}
                """.formatted(socket));
        startHost();
        var reached = run("run", "reach.py");
        assertThat(reached.exitCode()).isEqualTo(1);
        assertThat(reached.err()).contains("not allowed at isolation full: network");
        assertThat(served()).isEqualTo(1);
    }

    @Test
    @Tag("privileged")
    void isOutOfReachOfOtherUsers() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        // What comes first on the path may lie where no other user gets to.
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "there is no /usr/bin/python3");
        // The folder of the tests may lie where no other user gets to.
        Path home = Files.createTempDirectory(Path.of("/tmp"), "understudy-open");
        understudy = new Launcher(home, folder.resolve("work"));
        assertThat(run("host", "start").exitCode()).isZero();
        // As open as it can be made by mistake: what is left is that the host asks the kernel who it is.
        Process opening = new ProcessBuilder(
                        "sh", "-c", "chmod 777 \"$1\" \"$1/host\" \"$1/host/socket\"", "sh", home.toString())
                .start();
        assertThat(opening.waitFor()).isZero();
        Process other = new ProcessBuilder(
                        "setpriv",
                        "--reuid",
                        "65534",
                        "--regid",
                        "65534",
                        "--clear-groups",
                        "/usr/bin/python3",
                        "-c",
                        """
                        import socket, sys
                        host = socket.socket(socket.AF_UNIX)
                        host.connect(sys.argv[1])
                        try:
                            host.sendall(b"?\\0\\0\\0\\0")
                            print(len(host.recv(100)))
                        except (BrokenPipeError, ConnectionResetError):
                            print(0)
                        """,
                        home.resolve("host/socket").toString())
                .redirectErrorStream(true)
                .start();
        String said = other.inputReader().lines().collect(Collectors.joining("\n"));
        // It hung up without a word.
        assertThat(said).isEqualTo("0");
        assertThat(run("host", "status").out()).contains("serves " + home);
        endTheHost();
        assertThat(new ProcessBuilder("rm", "-r", home.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void listensWhereOnlyItsOwnerReachesIt() throws Exception {
        startHost();
        Path host = folder.resolve("home/host");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(host)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(host.resolve("socket"))))
                .isEqualTo("rw-------");
        assertThat(run("host", "stop").out()).isEqualTo("The host ends.\n");
        await(() -> Files.notExists(host.resolve("socket")));
        assertThat(run("host", "stop").out()).isEqualTo("No host is there.\n");
    }

    @Test
    void isRefusedToAHomeWhosePathIsTooLongForASocket() throws Exception {
        var deep = new Launcher(folder.resolve("h".repeat(120)), folder.resolve("work"));
        var refused = deep.run("host", "start");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errorLines()).singleElement().asString().contains("a socket holds at most 100 bytes");
        assertThat(deep.run("automations").exitCode()).isZero();
    }

    @Test
    void isLeftBehindWhereThePersonWantsThat() throws Exception {
        understudy.file("config.yaml", "host:\n  resident: on\n");
        String config = folder.resolve("work/config.yaml").toString();
        assertThat(run("automations").exitCode()).isZero();
        assertThat(run("host", "status").exitCode()).as("nobody typed it").isEqualTo(1);
        assertThat(run("automations", "--config", config).exitCode()).isZero();
        await(() -> run("host", "status").exitCode() == 0);
    }

    private static void await(java.util.concurrent.Callable<Boolean> event) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!event.call()) assertThat(System.nanoTime()).as("still waiting").isLessThan(until);
    }
}
