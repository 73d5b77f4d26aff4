package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is there does what a command would do in its own process, and nobody need know. */
class ResidentHostIT {
    private static final String ENDLESS = "while :; do :; done";

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
        startHost();
        var commands = List.of(
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
                List.of("run", "--help"));
        for (List<String> command : commands) {
            var alone = new ArrayList<>(command);
            alone.add("--no-host");
            var expected = run(alone.toArray(String[]::new));
            var found = run(command.toArray(String[]::new));
            assertThat(masked(found)).as(String.join(" ", command)).isEqualTo(masked(expected));
        }
        // Those that went wrong were done by their own processes.
        assertThat(served()).isGreaterThanOrEqualTo(8);
    }

    /** What differs from run to run. */
    private static String masked(Launcher.Result result) {
        return (result.exitCode() + "\n" + result.out() + "\n" + result.err())
                .replaceAll("\\d{8}T\\d{6}Z-[0-9a-f]+", "RUN")
                .replaceAll(
                        "\"(duration|wallMillis|cpuMillis|started|ended|millis|memoryBytes)[A-Za-z]*\" ?: ?[^,}\\n]+",
                        "$1")
                .replaceAll("[0-9.]+ (ms|s|MiB|kB|MB)\\b", "N $1")
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
