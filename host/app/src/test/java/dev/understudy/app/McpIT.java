package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy mcp} with real clients and real sandboxes: what a program that acts for a person can do, and what not. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class McpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SAMPLES = Launcher.ROOT.resolve("scripts/samples/mcp");
    private static final long PATIENCE_SECONDS = 300;

    private Path folder;
    private Launcher understudy;

    @BeforeAll
    void approveAnAutomation(@TempDir Path shared) throws IOException {
        folder = shared;
        understudy = new Launcher(shared.resolve("home"), Files.createDirectory(shared.resolve("work")));
        Files.createDirectories(shared.resolve("user"));
        var kept = new KeptAutomations(shared.resolve("home"));
        kept.deploy("greet", "", "echo '{\"greeting\": \"hello\"}' >\"$RESULT\"\n");
        kept.deploy(
                "wait",
                "isolation = \"partial\"\ngrants = { programs = [\"sleep\"] }\nlimits = { wall = \"10m\" }\n",
                "sleep 600\n");
    }

    /** A script that is called {@code id}, with these grants and this body. */
    private static String proposal(String id, String metadata, String body) {
        return """
                # /// automation
                # id = "%s"
                # description = "Writes a note."
                # language = "bash"
                # %s
                #
                # [[tests]]
                # name = "writes it"
                # files = [{ path = "~/in.txt", text = "one" }]
                # expect = { success = true }
                # ///
                %s
                """.formatted(id, metadata, body);
    }

    // ---- real clients, built and run as strangers would

    private String outputOf(Path directory, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("UNDERSTUDY_NO_BUILD", "1");
        builder.environment().put("HOME", folder.resolve("user").toString());
        builder.environment()
                .put(
                        "UNDERSTUDY_CELL_CACHE",
                        Launcher.ROOT.resolve("host/app/target/test-cells").toString());
        builder.environment().keySet().removeAll(List.of("XDG_DATA_HOME", "XDG_CONFIG_HOME"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return said + "\nexit " + process.exitValue();
    }

    private Path copied(String name) throws IOException {
        Path project = Files.createDirectory(folder.resolve(name));
        try (var files = Files.list(SAMPLES.resolve(name))) {
            for (Path file : (Iterable<Path>) files::iterator)
                Files.copy(file, project.resolve(file.getFileName().toString()));
        }
        return project;
    }

    private void serves(String client, String said) throws IOException {
        assertThat(said)
                .endsWith("exit 0")
                .contains("tool list_patterns", "tool run_automation", "tool propose_automation")
                .contains("list_automations done: { \"automations\"")
                .contains("run_automation done: { \"outcome\" : \"succeeded\"")
                .contains("\"greeting\" : \"hello\"")
                .contains("run_automation failed: There is no automation nobody")
                .contains("propose_automation done: ");
        JsonNode log = JSON.readTree(
                understudy.run("log", "--automation", "greet", "--json").out());
        assertThat(log.path("entries").toString()).contains("mcp client '" + client + "'");
        JsonNode waiting = JSON.readTree(understudy.run("proposals", "--json").out());
        assertThat(waiting.path("proposals").findValuesAsText("proposedBy")).contains("mcp client '" + client + "'");
    }

    @Test
    void servesTheOfficialJavaClient() throws Exception {
        Path project = copied("java");
        Path repository = Path.of(System.getProperty("user.home"), ".m2/repository");
        String fetched = outputOf(
                project,
                "mvn",
                "-B",
                "-q",
                "-Dmaven.repo.local=" + repository,
                "dependency:copy-dependencies",
                "-DoutputDirectory=libs");
        assumeTrue(fetched.endsWith("exit 0"), () -> "the official Java SDK cannot be fetched: " + fetched);
        Path script = understudy.file(
                "java.sh",
                proposal(
                        "from-java",
                        "grants = { reads = [\"~/in.txt\"], writes = [\"~/note.txt\"] }",
                        "echo x >~/note.txt"));
        serves(
                "java-sample",
                outputOf(
                        project,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        "libs/*",
                        "McpClientSample.java",
                        Launcher.ROOT.resolve("understudy").toString(),
                        understudy.home().toString(),
                        "greet",
                        script.toString()));
    }

    @Test
    void servesTheClientFromNpm() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "npm is not installed");
        Path project = copied("js");
        String fetched = outputOf(project, "npm", "install", "--no-audit", "--no-fund");
        assumeTrue(fetched.endsWith("exit 0"), () -> "the client from npm cannot be fetched: " + fetched);
        Path script = understudy.file(
                "npm.sh",
                proposal(
                        "from-npm",
                        "grants = { reads = [\"~/in.txt\"], writes = [\"~/note.txt\"] }",
                        "echo x >~/note.txt"));
        serves(
                "npm-sample",
                outputOf(
                        project,
                        "node",
                        "client.js",
                        Launcher.ROOT.resolve("understudy").toString(),
                        understudy.home().toString(),
                        "greet",
                        script.toString()));
    }

    // ---- line by line

    /** A client that a test speaks for, one line at a time. */
    private final class Session implements AutoCloseable {
        private final Process process = understudy.start("mcp");
        private final Writer in = process.outputWriter(StandardCharsets.UTF_8);
        private final BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));

        Session() throws IOException {
            send(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                            + "\"capabilities\":{},\"clientInfo\":{\"name\":\"lines\",\"version\":\"1\"}}}");
            answer();
        }

        void send(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
        }

        void call(int id, String tool, Map<String, ?> arguments) throws IOException {
            send(JSON.writeValueAsString(Map.of(
                    "jsonrpc",
                    "2.0",
                    "id",
                    id,
                    "method",
                    "tools/call",
                    "params",
                    Map.of("name", tool, "arguments", arguments))));
        }

        JsonNode answer() throws IOException {
            String line = out.readLine();
            if (line == null) throw new AssertionError("it has ended");
            return JSON.readTree(line);
        }

        JsonNode propose(String script) throws IOException {
            call(1, "propose_automation", Map.of("script", script));
            return answer().path("result");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void aProposalWaitsForThePersonAndRunsOnceTheyHaveTakenAndApprovedIt() throws Exception {
        JsonNode proposed;
        try (var session = new Session()) {
            proposed = session.propose(proposal(
                            "note",
                            "grants = { reads = [\"~/in.txt\"], writes = [\"~/note.txt\"] }",
                            "echo x >~/note.txt"))
                    .path("structuredContent");
        }
        assertThat(proposed.at("/cases/0/outcome").asText())
                .as(proposed.toString())
                .isEqualTo("passed");
        assertThat(proposed.at("/cases/0/changes/0/path").asText()).isEqualTo("~/note.txt");
        assertThat(proposed.path("diff").asText()).contains("+echo x >~/note.txt");
        String number = proposed.path("number").asText();
        var tooEarly = understudy.run("run", "note");
        assertThat(tooEarly.exitCode()).isEqualTo(2);
        assertThat(tooEarly.err()).contains("mcp client 'lines' proposes the automation note");

        var shown = understudy.run("proposals", "show", number);
        assertThat(shown.out())
                .contains("mcp client 'lines'", "~/note.txt", "+echo x >~/note.txt", "1 of 1 passed", "proposals take");
        assertThat(understudy.run("proposals", "take", number).out()).contains("does not run yet");
        assertThat(understudy.run("run", "note").exitCode()).isEqualTo(4);
        assertThat(understudy.run("automations", "approve", "note").exitCode()).isZero();
        assertThat(understudy.run("run", "note").exitCode()).isZero();
        assertThat(folder.resolve("user/note.txt")).hasContent("x");
        assertThat(understudy.run("log", "--automation", "note", "--json").out())
                .contains("\"proposedBy\" : \"mcp client 'lines'\"", "\"by\" : \"person\"");
    }

    /** Harmless scripts that do more than they say, in the real jail; what they are granted is nothing of the person's. */
    @Test
    void whatProposalsHideHasNoEffectAndTellsTheirClientNothing() throws Exception {
        Path secret = Files.writeString(folder.resolve("user/secret.txt"), "harmless-mark");
        try (var session = new Session()) {
            for (String body : List.of(
                    "cat ~/secret.txt",
                    "cat /etc/hostname >~/in.txt; cat \"$OLDPWD\"/* ~/../user/secret.txt",
                    "echo x >~/hidden.txt",
                    "rm -f ~/in.txt ~/secret.txt",
                    "ln -s ~/secret.txt ~/hidden.txt; cat ~/hidden.txt",
                    "ls ~; env")) {
                String id = "hidden-" + Integer.toHexString(body.hashCode());
                JsonNode result = session.propose(
                        proposal(id, "grants = { reads = [\"~/in.txt\"], writes = [\"~/hidden.txt\"] }", body));
                assertThat(result.path("isError").asBoolean())
                        .as(result.toString())
                        .isFalse();
                assertThat(result.at("/structuredContent/cases/0/outcome").asText())
                        .isNotEqualTo("left");
                assertThat(result.toString()).doesNotContain("harmless-mark");
                session.call(2, "run_automation", Map.of("id", id));
                assertThat(session.answer().at("/result/isError").asBoolean()).isTrue();
            }
        }
        assertThat(secret).hasContent("harmless-mark");
        assertThat(folder.resolve("user/in.txt")).doesNotExist();
        assertThat(folder.resolve("user/hidden.txt")).doesNotExist();
    }

    @Test
    void aCallThatIsCancelledEndsItsRun() throws Exception {
        try (var session = new Session()) {
            session.call(7, "run_automation", Map.of("id", "wait"));
            awaitRun("wait", "");
            session.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}");
            awaitRun("wait", "cancelled");
            // It serves on.
            session.send("{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}");
            assertThat(session.answer().path("id").asInt()).isEqualTo(8);
        }
    }

    /** Looks until the newest run of an automation has this outcome; empty for one that is under way. */
    private void awaitRun(String automation, String outcome) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            JsonNode run = JSON.readTree(understudy.run("runs", "--json").out()).at("/runs/0");
            if (run.path("automation").asText(run.path("automationId").asText()).equals(automation)
                    && run.path("outcome").asText("").replace("null", "").equals(outcome)) return;
        }
        throw new AssertionError("no run of " + automation + " with the outcome '" + outcome + "'");
    }

    @Test
    void theEndOfItsInputEndsItOnceAllIsAnswered() throws Exception {
        try (var session = new Session()) {
            session.send("this is no message");
            session.call(1, "run_automation", Map.of("id", "greet"));
            session.in.close();
            assertThat(session.answer().at("/error/code").asInt()).isEqualTo(-32700);
            assertThat(session.answer()
                            .at("/result/structuredContent/result/greeting")
                            .asText())
                    .isEqualTo("hello");
            assertThat(session.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(session.process.exitValue()).isZero();
        }
    }
}
