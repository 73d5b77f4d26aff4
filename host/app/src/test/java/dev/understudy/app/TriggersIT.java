package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What starts automations while {@code understudy up} runs, and what a crash leaves of it: all through the launcher. */
class TriggersIT {
    /** Bash alone: at isolation full no program is started. */
    private static final String COPIES_ITS_FILE = """
            printf '%s\\n' "$(<"$PARAM_FILE")" >"$PARAM_TARGET/copy-of-${PARAM_FILE##*/}"
            """;

    private static final String ON_A_FILE = "{ path = \"%s\", pattern = \"*.csv\", settle = \"100ms\" }";

    /** A data home, the person's home and a working directory, in a folder. */
    private static final class Place {
        final Path folder;
        final Path work;
        final Launcher understudy;
        final KeptAutomations automations;

        Place(Path folder) throws IOException {
            this.folder = folder;
            work = Files.createDirectory(folder.resolve("work"));
            understudy = new Launcher(folder.resolve("home"), work);
            automations = new KeptAutomations(folder.resolve("home"));
            configure("");
        }

        void configure(String more) throws IOException {
            Path file = folder.resolve("user/.config/understudy/config.yaml");
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file, "triggers: { webhook_port: 0, grace_seconds: 1 }\ndashboard: { enabled: false }\n" + more);
        }

        Path directory(String name) throws IOException {
            return Files.createDirectory(work.resolve(name));
        }

        String token(String id) throws IOException {
            return Files.readString(folder.resolve("home/hooks").resolve(id)).strip();
        }

        Database store() {
            return Database.open(folder.resolve("home/understudy.db"));
        }

        /** A script that writes, waits at a gate and writes again. */
        Gate deployGated(Path outbox, String isolation) throws Exception {
            Gate gate = Gate.in(directory("gate"));
            automations.deploy(
                    "gated", """
                    triggers = [{ webhook = true }]
                    isolation = "%s"
                    grants = { reads = ["%s"], writes = ["%s"] }
                    parameters.word = { type = "string" }
                    """.formatted(isolation, gate.pipe.getParent(), outbox), """
                    echo half >%1$s/result.txt
                    read -r _ <%2$s
                    printf '%%s\\n' "$PARAM_WORD" >%1$s/result.txt
                    """.formatted(outbox, gate.pipe));
            return gate;
        }
    }

    /** A named pipe: to open it for writing waits until a script has opened it to read, which then waits for a line. */
    private record Gate(Path pipe) {
        static Gate in(Path folder) throws Exception {
            Path pipe = folder.resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            return new Gate(pipe);
        }

        /** Waits until a script stands at the gate; it stands there as long as this is open, or until a line is written. */
        OutputStream reached() throws Exception {
            var opened = new FutureTask<OutputStream>(() -> Files.newOutputStream(pipe));
            Thread.ofPlatform().daemon().start(opened);
            return opened.get(60, TimeUnit.SECONDS);
        }
    }

    /** Metadata of a script that copies a file into a folder. */
    private static String copier(String trigger, Path target) {
        return """
                triggers = [%s]
                grants = { reads = ["{file}"], writes = ["{target}"] }
                parameters.file = { type = "path" }
                parameters.target = { type = "path", default = "%s" }
                """.formatted(trigger, target);
    }

    private static void assertSucceeded(JsonNode ended) {
        assertThat(ended.at("/details/state").asText()).as(ended.toString()).isEqualTo("succeeded");
    }

    private static int post(JsonNode webhooks, String id, String token, String body) throws Exception {
        URI address = URI.create(webhooks.at("/details/address").asText()).resolve(id);
        var request = HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    /** One host for all kinds of triggers; each test has automations of its own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhileTheHostIsUp {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private Place place;
        private HttpServer receiver;
        private UpProcess up;

        @BeforeAll
        void start(@TempDir Path folder) throws IOException {
            place = new Place(folder);
            receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            receiver.createContext("/", exchange -> {
                try (exchange) {
                    told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                }
            });
            receiver.start();
            place.configure("notifications: { webhook: { url: \"http://127.0.0.1:"
                    + receiver.getAddress().getPort() + "/\", events: [automation_failing] } }\n");
            place.automations.deploy(
                    "own",
                    copier(ON_A_FILE.formatted(place.directory("own")), place.work.resolve("own")),
                    COPIES_ITS_FILE);
            place.automations.deploy(
                    "there", copier(ON_A_FILE.formatted(place.directory("a")), place.directory("b")), COPIES_ITS_FILE);
            place.automations.deploy(
                    "back",
                    copier(ON_A_FILE.formatted(place.work.resolve("b")), place.work.resolve("a")),
                    COPIES_ITS_FILE);
            place.automations.deploy(
                    "lost",
                    copier(ON_A_FILE.formatted(place.directory("vanishes")), place.directory("found")),
                    COPIES_ITS_FILE);
            place.automations.deploy(
                    "scans",
                    copier("{ task = \"scan\", where = { what = \"page {file}\" } }", place.directory("scanned")),
                    COPIES_ITS_FILE);
            place.automations.deploy(
                    "hooked", copier("{ webhook = true }", place.directory("hooked")), COPIES_ITS_FILE);
            place.automations.deploy("fails", "triggers = [{ webhook = true }]\n", "exit 3\n");
            up = UpProcess.start(place.understudy);
        }

        @AfterAll
        void end() {
            up.close();
            receiver.stop(0);
        }

        @Test
        void aFileStartsOneRunAndItsOutputInTheSameFolderStartsNone() throws IOException {
            Path folder = place.work.resolve("own");
            Files.writeString(folder.resolve("a.csv"), "a,b\n");
            assertSucceeded(up.await("run_ended", "own"));
            assertThat(folder.resolve("copy-of-a.csv")).hasContent("a,b");
            Files.writeString(folder.resolve("other.txt"), "not meant");
            Files.writeString(folder.resolve("b.csv"), "c,d\n");
            assertSucceeded(up.await("run_ended", "own"));
            assertThat(folder.resolve("copy-of-b.csv")).hasContent("c,d");
            assertThat(up.seen("fired", "own"))
                    .extracting(fired -> fired.at("/details/cause").asText())
                    .containsExactly("file " + folder.resolve("a.csv"), "file " + folder.resolve("b.csv"));
        }

        @Test
        void twoAutomationsDoNotStartEachOtherRoundAndRound() throws IOException {
            Files.writeString(place.work.resolve("a/x.csv"), "x\n");
            assertSucceeded(up.await("run_ended", "there"));
            assertSucceeded(up.await("run_ended", "back"));
            assertThat(up.await("loop_avoided", "there").at("/details/chain").asText())
                    .isEqualTo("back, there");
        }

        @Test
        void aFolderThatVanishesIsSaidOnceAndWatchedAgainWhenItIsBack() throws IOException {
            Path folder = place.work.resolve("vanishes");
            Files.delete(folder);
            up.await("folder_gone", "lost");
            Files.createDirectory(folder);
            up.await("folder_back", "lost");
            Files.writeString(folder.resolve("a.csv"), "a\n");
            assertSucceeded(up.await("run_ended", "lost"));
            assertThat(up.seen("folder_gone", "lost")).hasSize(1);
        }

        @Test
        void aTaskThatAnotherProcessRecordsStartsARunWithWhatItNamedUnlessItIsOld() throws IOException {
            Path page = Files.writeString(place.work.resolve("page.txt"), "text\n");
            String line = "{\"task_id\":\"%s\",\"task_type\":\"scan\",\"description\":\"\","
                    + "\"parameters\":{\"what\":\"page %s\"},\"timestamp\":\"%s\",\"duration_ms\":5,\"success\":true}%n";
            String old = line.formatted("1", page, Instant.now().minusSeconds(3600));
            String now = line.formatted("2", page, Instant.now().plusSeconds(1));
            place.understudy.file("tasks.jsonl", old + now);
            assertThat(place.understudy.run("import", "tasks.jsonl").exitCode()).isZero();
            assertSucceeded(up.await("run_ended", "scans"));
            assertThat(place.work.resolve("scanned/copy-of-page.txt")).hasContent("text");
            assertThat(up.seen("fired", "scans")).hasSize(1);
        }

        @Test
        void aRequestStartsARunWithItsParametersOnlyIfItHasTheToken() throws Exception {
            Path page = Files.writeString(place.work.resolve("letter.txt"), "text\n");
            String body = "{\"file\":\"" + page + "\"}";
            JsonNode webhooks = up.seen("webhooks_answer", "").getFirst();
            String token = place.token("hooked");
            assertThat(post(webhooks, "hooked", "", body)).isEqualTo(401);
            assertThat(post(webhooks, "hooked", token + "0", body)).isEqualTo(401);
            assertThat(post(webhooks, "hooked", place.token("fails"), body)).isEqualTo(401);
            assertThat(post(webhooks, "unknown", token, body)).isEqualTo(401);
            assertThat(post(webhooks, "hooked", token, "{\"fil\":1}")).isEqualTo(400);
            assertThat(post(webhooks, "hooked", token, body)).isEqualTo(202);
            assertSucceeded(up.await("run_ended", "hooked"));
            assertThat(up.seen("fired", "hooked")).hasSize(1);
            assertThat(place.work.resolve("hooked/copy-of-letter.txt")).hasContent("text");
        }

        @Test
        void anAutomationThatFailsIsToldOfByTheConfiguredSinkOnce() throws Exception {
            JsonNode webhooks = up.seen("webhooks_answer", "").getFirst();
            for (int i = 0; i < 2; i++) {
                assertThat(post(webhooks, "fails", place.token("fails"), "")).isEqualTo(202);
                JsonNode ended = up.await("run_ended", "fails");
                assertThat(ended.at("/details/state").asText()).isEqualTo("failed");
            }
            assertThat(told.poll(60, TimeUnit.SECONDS))
                    .contains("\"kind\":\"automation_failing\"", "\"automation\":\"fails\"");
            assertThat(told).isEmpty();
        }

        @Test
        void noSecondHostRunsOnItsDataHome() {
            Launcher.Result second = place.understudy.run("up");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.errorLines()).hasSize(1);
            assertThat(second.err()).contains("Another process is busy running 'understudy up'");
        }
    }

    @Nested
    class ACronTimeThatPassedWhileTheHostWasDown {
        @Test
        void isMadeUpForOnce(@TempDir Path folder) throws IOException {
            var place = new Place(folder);
            String trigger = "{ cron = \"*/10 * * * *\", tz = \"UTC\", missed = \"run_once\" }";
            place.automations.deploy("ticks", "triggers = [" + trigger + "]\n", "true\n");
            try (Database database = place.store()) {
                database.change(handle -> handle.execute(
                        "INSERT INTO trigger_progress VALUES ('ticks', 'cron */10 * * * * UTC', ?)",
                        Instant.now().minusSeconds(7200).toEpochMilli()));
            }
            try (var up = UpProcess.start(place.understudy)) {
                assertSucceeded(up.await("run_ended", "ticks"));
                assertThat(up.seen("fired", "ticks")).hasSize(1);
                assertThat(up.terminate()).as(up.errors()).isZero();
            }
        }
    }

    private static void fire(UpProcess up, Place place, String word) throws Exception {
        JsonNode webhooks = up.seen("webhooks_answer", "").getFirst();
        assertThat(post(webhooks, "gated", place.token("gated"), "{\"word\":\"" + word + "\"}"))
                .isEqualTo(202);
    }

    private static JsonNode interrupted(Place place) throws IOException {
        Launcher.Result listed = place.understudy.run("runs", "--interrupted", "--json");
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        return new ObjectMapper().readTree(listed.out()).path("runs");
    }

    @Nested
    class AHostThatIsKilledInMidRun {
        @Test
        void runsItAgainOnceWhereItHadChangedNothing(@TempDir Path folder) throws Exception {
            var place = new Place(folder);
            Path outbox = place.directory("outbox");
            Gate gate = place.deployGated(outbox, "full");
            try (var up = UpProcess.start(place.understudy)) {
                fire(up, place, "whole");
                try (var _ = gate.reached()) {
                    up.kill();
                }
            }
            assertThat(outbox).isEmptyDirectory();
            try (var again = UpProcess.start(place.understudy)) {
                String cutShort = again.seen("repeated", "gated")
                        .getFirst()
                        .at("/details/run")
                        .asText();
                try (var open = gate.reached()) {
                    assertThat(outbox).isEmptyDirectory();
                    open.write('\n');
                }
                assertSucceeded(again.await("run_ended", "gated"));
                assertThat(outbox.resolve("result.txt")).hasContent("whole");
                assertThat(again.seen("fired", "gated")).isEmpty();
                assertThat(interrupted(place)).singleElement().satisfies(run -> {
                    assertThat(run.path("id").asText()).isEqualTo(cutShort);
                    assertThat(run.path("changedNothing").asBoolean()).isTrue();
                    assertThat(run.path("repeatedAs").asText()).isNotEmpty();
                });
            }
        }

        @Test
        void listsItWithTheCommandThatRepeatsItWhereItMayHaveChangedSomething(@TempDir Path folder) throws Exception {
            var place = new Place(folder);
            Path outbox = place.directory("outbox");
            Gate gate = place.deployGated(outbox, "partial");
            try (var up = UpProcess.start(place.understudy)) {
                fire(up, place, "it's whole");
                try (var _ = gate.reached()) {
                    up.kill();
                }
            }
            try (var again = UpProcess.start(place.understudy)) {
                List<JsonNode> ended = again.seen("run_ended", "gated");
                assertThat(ended).hasSize(1);
                assertThat(ended.getFirst().at("/details/state").asText()).isEqualTo("interrupted");
                assertThat(outbox).isEmptyDirectory();
                JsonNode run = interrupted(place).path(0);
                assertThat(run.path("changedNothing").asBoolean()).isFalse();
                assertThat(run.path("cause").asText()).isEqualTo("webhook");
                assertThat(run.path("command").asText()).endsWith(" run gated -p 'word=it'\\''s whole'");
                fire(again, place, "whole");
                try (var open = gate.reached()) {
                    open.write('\n');
                }
                assertSucceeded(again.await("run_ended", "gated"));
                assertThat(outbox.resolve("result.txt")).hasContent("whole");
                assertThat(again.seen("fired", "gated")).hasSize(1);
            }
        }
    }

    @Nested
    class AHostThatIsAskedToEnd {
        @Test
        void cancelsWhatDoesNotEndWithinTheGraceAndExitsWithZero(@TempDir Path folder) throws Exception {
            var place = new Place(folder);
            Path outbox = place.directory("outbox");
            Gate gate = place.deployGated(outbox, "full");
            try (var up = UpProcess.start(place.understudy)) {
                fire(up, place, "whole");
                try (var _ = gate.reached()) {
                    assertThat(up.terminate()).as(up.errors()).isZero();
                }
                JsonNode ended = up.await("run_ended", "gated");
                assertThat(ended.at("/details/state").asText()).isEqualTo("cancelled");
            }
            assertThat(outbox).isEmptyDirectory();
        }
    }

    @Nested
    class BadInput {
        @TempDir
        Path folder;

        @Test
        void namesEveryMistakeOfTheTriggersWithItsPlace() throws IOException {
            Launcher understudy = new Place(folder).understudy;
            understudy.file("bad.py", """
                    # /// automation
                    # id = "bad"
                    # description = "d"
                    # language = "python"
                    # triggers = [
                    #   { cron = "0 25 * * *", tz = "Mars/Olympus" },
                    #   { path = "Downloads", settle = "1ms" },
                    #   { path = "/tmp/x" },
                    #   { path = "/tmp/x" },
                    #   { webhook = true, tz = "UTC" },
                    # ]
                    # overlap = "never"
                    # ///
                    def execute(params): return {}
                    """);
            Launcher.Result result = understudy.run("run", "bad.py");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("bad.py:6:", "'triggers[0].cron' has in its hour field '25'")
                    .contains("'triggers[0].tz' is 'Mars/Olympus'")
                    .contains("bad.py:7:", "'triggers[1].path' is 'Downloads'", "'triggers[1].settle' is '1ms'")
                    .contains("bad.py:9:", "'triggers[3].path' says the same as triggers[2]")
                    .contains("bad.py:10:", "'triggers[4].tz' is unknown")
                    .contains("bad.py:12:", "'overlap' is 'never'");
        }

        @Test
        void namesEveryMistakeOfTheNotifications() throws IOException {
            var place = new Place(folder);
            place.configure("notifications:\n  webhok: {}\n  webhook: { ur: x }\n  email: { host: 5 }\n");
            Launcher.Result result = place.understudy.run("up");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("config.yaml:4:", "'notifications.webhok' is unknown", "did you mean 'webhook'?")
                    .contains("'notifications.webhook.ur' is unknown", "did you mean 'url'?")
                    .contains("'notifications.webhook.url' is missing")
                    .contains("config.yaml:6:", "'notifications.email.host' is '5'");
        }
    }
}
