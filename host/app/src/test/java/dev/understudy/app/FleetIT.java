package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts of a fleet and a real nats-server, through the launcher. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private Process server;
    private String url;
    private Path outbox;
    private Path gate;
    private Launcher first;
    private Launcher second;
    private UpProcess firstUp;
    private UpProcess secondUp;

    @BeforeAll
    void startAll() throws Exception {
        Assumptions.assumeTrue(
                Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "nats-server"))),
                "nats-server is not installed (Debian: nats-server)");
        startServer();
        outbox = Files.createDirectory(folder.resolve("outbox"));
        gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor())
                .isZero();
        first = new Launcher(folder.resolve("first/home"), folder);
        second = new Launcher(folder.resolve("second/home"), folder);
        var automations = new KeptAutomations(first.home());
        automations.deploy(
                "note", """
                grants = { writes = ["%s"] }
                parameters.word = { type = "string" }
                """.formatted(outbox), "echo \"$PARAM_WORD $RANDOM\" >>" + outbox + "/$PARAM_WORD.txt\n");
        automations.deploy(
                "gated", """
                grants = { reads = ["%s"], writes = ["%s"] }
                """.formatted(gate, outbox), "read -r _ <" + gate + "\necho done >" + outbox + "/gated.txt\n");
        String key = json(first, "fleet", "key").get("key").asText();
        configure("first", "");
        configure("second", "labels: [away], trusted_keys: ['" + key + "'], ");
        firstUp = UpProcess.start(first);
        secondUp = UpProcess.start(second);
        for (String id : List.of("note", "gated")) {
            var published = first.run("fleet", "publish", id);
            assertThat(published.exitCode()).as(published.err()).isZero();
        }
    }

    private void startServer() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "nats://127.0.0.1:" + port;
        server = new ProcessBuilder(
                        "nats-server",
                        "-js",
                        "-a",
                        "127.0.0.1",
                        "-p",
                        "" + port,
                        "-sd",
                        folder.resolve("nats").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats.log").toFile())
                .start();
        while (true) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException _) {
                assertThat(server.isAlive()).isTrue();
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void configure(String host, String more) throws IOException {
        Path file = folder.resolve(host).resolve("user/.config/understudy/config.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                triggers: { webhook_port: 0, grace_seconds: 1 }
                dashboard: { enabled: false }
                performance_analysis: { otlp_port: 0 }
                fleet: { %s url: '%s' }
                """.formatted(more, url));
    }

    @AfterAll
    void stopAll() {
        for (UpProcess each : new UpProcess[] {firstUp, secondUp}) if (each != null) each.close();
        if (server != null) server.destroyForcibly();
    }

    private static JsonNode json(Launcher host, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        var result = host.run(all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private static String nodeOf(Launcher host) throws IOException {
        return json(host, "fleet", "key").get("node").asText();
    }

    @Test
    void whatWasApprovedOnceRunsOnEachAndTheirOwnLogsSaySo() throws Exception {
        JsonNode nodes = json(second, "fleet", "nodes").get("nodes");
        assertThat(StreamSupport.stream(nodes.spliterator(), false)
                        .map(node -> node.get("id").asText()))
                .containsExactlyInAnyOrder(nodeOf(first), nodeOf(second));
        JsonNode runs = json(first, "fleet", "run", "note", "-p", "word=all", "--everywhere")
                .get("runs");
        assertThat(runs)
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.get("state").asText()).isEqualTo("committed"));
        assertThat(Files.readAllLines(outbox.resolve("all.txt"))).hasSize(2);
        JsonNode logged = json(second, "runs", "--automation", "note").get("runs");
        assertThat(StreamSupport.stream(logged.spliterator(), false)
                        .filter(run -> run.at("/parameters/word").asText().equals("all"))
                        .map(run -> run.get("outcome").asText() + ", "
                                + run.get("cause").asText().replaceAll(" for .*", " for")))
                .containsExactly("succeeded, fleet, for");
    }

    @Test
    void whatIsAskedForTwiceUnderOneKeyIsOneRun() throws Exception {
        for (int i = 0; i < 2; i++) {
            var run = first.run("fleet", "run", "note", "-p", "word=once", "--key", "the same");
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        assertThat(Files.readAllLines(outbox.resolve("once.txt"))).hasSize(1);
    }

    @Test
    void whatDoesNotFitOrIsNotThereIsSaidInOneLine() {
        var unfit = first.run("fleet", "run", "note", "-p", "wrod=x");
        assertThat(unfit.exitCode()).isEqualTo(4);
        assertThat(unfit.out()).contains("refused").contains("wrod");
        var unknown = first.run("fleet", "run", "nothing");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.errorLines())
                .containsExactly("understudy: The automation nothing is not in the fleet: nobody has published it."
                        + " 'fleet publish nothing' does, at a host where it was approved");
        var nowhere = first.run("fleet", "nodes", "--fleet", "nats://127.0.0.1:1");
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.errorLines()).hasSize(1);
        var noUrl = first.run("up", "--fleet", "hub");
        assertThat(noUrl.exitCode()).isEqualTo(2);
        assertThat(noUrl.errorLines()).hasSize(1);
    }

    @Test
    void aHostThatIsKilledInMidRunDoesItAgainWhenItIsBackSinceNothingHadHappened() throws Exception {
        var asked = first.run("fleet", "run", "gated", "--on", "away", "--key", "gated", "--wait", "0");
        assertThat(asked.exitCode()).as(asked.err()).isZero();
        OutputStream held = reached();
        secondUp.kill();
        held.close();
        assertThat(outbox.resolve("gated.txt")).doesNotExist();
        secondUp = UpProcess.start(second);
        try (OutputStream again = reached()) {
            again.write("go\n".getBytes(StandardCharsets.UTF_8));
        }
        JsonNode run = json(first, "fleet", "run", "gated", "--on", "away", "--key", "gated")
                .at("/runs/0");
        assertThat(run.get("state").asText()).isEqualTo("committed");
        assertThat(run.get("attempt").asInt()).isEqualTo(2);
        assertThat(run.get("maybeTwice").asBoolean()).isFalse();
        assertThat(outbox.resolve("gated.txt")).hasContent("done");
    }

    /** Waits until the script stands at the gate; it stands there as long as this is open. */
    private OutputStream reached() throws Exception {
        var opened = new FutureTask<OutputStream>(() -> Files.newOutputStream(gate));
        Thread.ofPlatform().daemon().start(opened);
        return opened.get(120, TimeUnit.SECONDS);
    }
}
