package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code understudy up} answers to a program that has the token, with the plugins as they are built. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardApiIT {
    private static final Pattern LINK = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/)\\?token=([0-9a-f]{64})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private Launcher understudy;
    private UpProcess up;
    private URI address;
    private String token;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        understudy = new Launcher(folder.resolve("home"), work);
        Path config = folder.resolve("user/.config/understudy/config.yaml");
        Files.createDirectories(config.getParent());
        Files.writeString(config, """
                dashboard: { port: 0 }
                triggers: { webhook_port: 0 }
                performance_analysis: { otlp_port: 0 }
                automation_creation: { test_before_deploy: false }
                """);
        new KeptAutomations(folder.resolve("home"))
                .keep(
                        "greet",
                        "A test's.",
                        "triggers = [{ webhook = true }]\n",
                        "echo '{\"success\":true}' >\"$RESULT\"\n");
        new KeptAutomations(folder.resolve("home")).deploy("sum", "", "echo '{\"sum\": 3}' >\"$RESULT\"\n");
        String file = understudy.file("release.jsonl", executions()).toString();
        assertThat(understudy.run("workflows", "import", file).exitCode()).isZero();
        up = UpProcess.start(understudy);
        Matcher link = LINK.matcher(up.awaitOnStandardError("dashboard: "));
        assertThat(link.find()).as(up.errors()).isTrue();
        address = URI.create(link.group(1));
        token = link.group(2);
    }

    /** Two steps, one after the other. */
    private static String executions() {
        var lines = new StringBuilder();
        Instant first = Instant.parse("2026-11-09T09:00:00Z");
        for (int i = 0; i < 40; i++) {
            Instant start = first.plusSeconds(60L * i);
            lines.append("""
                    {"id":"%d","workflow":"release","start":"%s","end":"%s","state":"succeeded","steps":[%s,%s]}
                    """.formatted(
                    i, start, start.plusSeconds(5), step("build", start, 1), step("test", start.plusSeconds(1), 4)));
        }
        return lines.toString();
    }

    private static String step(String name, Instant start, int seconds) {
        return """
                {"name":"%s","start":"%s","end":"%s","state":"succeeded","attributes":{}}""".formatted(name, start, start.plusSeconds(seconds));
    }

    @AfterAll
    void stop() {
        if (up != null) assertThat(up.terminate()).as(up.errors()).isZero();
    }

    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return JSON.readTree(
                client.send(request.header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString())
                        .body());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(address.resolve(path)));
    }

    private JsonNode post(String path) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(address.resolve(path)).POST(BodyPublishers.noBody()));
    }

    @Test
    void keepsTheTokenForItsOwnerAlone() throws IOException {
        Path file = understudy.home().resolve("dashboard.token");
        assertThat(Files.readString(file).strip()).isEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void hasWhatIsApprovedThereRunAndSaysInTheLogWhoDidIt() throws IOException, InterruptedException {
        assertThat(post("/api/automations/greet/approve").path("state").asText())
                .isEqualTo("deployed");
        JsonNode log = JSON.readTree(
                understudy.run("log", "--automation", "greet", "--json").out());
        assertThat(log.at("/entries/0/kind").asText()).isEqualTo("deployed");
        assertThat(log.at("/entries/0/details/by").asText()).isEqualTo("dashboard");
        // It runs in another process, and shows here all the same.
        assertThat(understudy.run("run", "greet").exitCode()).isZero();
        JsonNode run = get("/api/runs").at("/runs/0");
        assertThat(run.path("automationId").asText()).isEqualTo("greet");
        assertThat(run.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(run.path("cause").asText()).isEqualTo("person");
    }

    @Test
    void startsRunsForAProgramAndGivesTheirResults() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/api/runs"))
                .header("Idempotency-Key", "one")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"automation\":\"sum\"}"));
        JsonNode started = ask(request);
        String path = "/api/runs/" + started.path("id").asText() + "/result";
        JsonNode result = get(path + "?wait_seconds=60");
        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        assertThat(result.at("/result/sum").asInt()).isEqualTo(3);
        assertThat(ask(request.copy()).path("id")).isEqualTo(started.path("id"));
    }

    @Test
    void givesTheAdviceThatTheCommandGivesAndTakesThatItIsFollowed() throws IOException, InterruptedException {
        JsonNode advice = get("/api/recommendations").path("recommendations");
        JsonNode printed = JSON.readTree(
                        understudy.run("recommend", "--limit", "100", "--json").out())
                .path("recommendations");
        assertThat(advice).isEqualTo(printed).isNotEmpty();
        assertThat(get("/api/analytics").at("/bottleneck_workflows/0/workflow").asText())
                .isEqualTo("release");
        String id = advice.at("/0/recommendation_id").asText();
        String path = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(post("/api/recommendations/" + path + "/accept")
                        .path("recommendation_id")
                        .asText())
                .isEqualTo(id);
        assertThat(understudy.run("recommend", "effects").out()).contains(id);
    }
}
