package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From recorded tasks to a deployed run: requests, and scripts in Bash. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class GeneratedAutomationsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path work;
    private Launcher understudy;

    @BeforeEach
    void startWithAnEmptyHome() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        understudy = new Launcher(folder.resolve("understudy"), work).inThisProcess();
    }

    private static JsonNode json(Launcher.Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private JsonNode learn(String... commands) throws IOException {
        var history = new StringBuilder();
        for (int i = 0; i < commands.length; i++)
            history.append("#")
                    .append(1_763_000_000 + 600 * i)
                    .append('\n')
                    .append(commands[i])
                    .append('\n');
        understudy.file("bash_history", history.toString());
        return json(understudy.run("learn", "bash_history", "--json"));
    }

    @Nested
    class RequestsThatWereSentWithCurl {
        private final List<String> received = new CopyOnWriteArrayList<>();
        private HttpServer server;

        @BeforeEach
        void startAServer() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
        }

        @AfterEach
        void stopIt() {
            server.stop(0);
        }

        @Test
        void becomeAnAutomationThatIsRehearsedWithoutSendingAnythingAndSendsOnceApproved() throws IOException {
            int port = server.getAddress().getPort();
            var commands = new String[8];
            for (int i = 0; i < commands.length; i++)
                commands[i] = "curl -s -X POST -d state=done http://localhost:%d/tickets/ticket%d".formatted(port, i);
            JsonNode automation = learn(commands).at("/automations/0");

            assertThat(automation.path("template").asText()).isEqualTo("api_call");
            assertThat(automation.path("state").asText()).isEqualTo("rehearsed");
            assertThat(received).isEmpty();

            String id = automation.path("id").asText();
            var shown = understudy.run("automations", "show", id);
            assertThat(shown.out()).contains("2 of 2 held-out observations reproduced", "is not undone");
            assertThat(understudy.run("automations", "approve", id).exitCode()).isZero();
            JsonNode parameters =
                    json(understudy.run("automations", "show", id, "--json")).path("parameters");
            String name = parameters.findValuesAsText("name").stream()
                    .filter(each -> !List.of("headers", "method", "url", "body", "status")
                            .contains(each))
                    .findFirst()
                    .orElseThrow();
            String value = parameters.findValuesAsText("default").stream().anyMatch(each -> each.equals("ticket7"))
                    ? "ticket42"
                    : "42";
            json(understudy.run("run", id, "-p", name + "=" + value, "--json"));
            assertThat(received).containsExactly("POST /tickets/ticket42 state=done");
        }
    }

    @Nested
    class WithBashAsTheLanguage {
        @Test
        void copiesBecomeABashScriptThatIsRehearsedAndRunsInTheJail() throws IOException {
            Path config = understudy.file("config.yaml", "automation_creation: { language: bash }\n");
            Files.createDirectories(work.resolve("bak"));
            var history = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                understudy.file("notes/note" + i + ".txt", "note " + i + "\n");
                history.append("#").append(1_763_000_000 + 600 * i).append('\n');
                history.append("cp %1$s/notes/note%2$d.txt %1$s/bak/note%2$d.txt%n".formatted(work, i));
            }
            understudy.file("bash_history", history.toString());
            JsonNode automation = json(understudy.run("--config", config.toString(), "learn", "bash_history", "--json"))
                    .at("/automations/0");

            assertThat(automation.path("language").asText()).isEqualTo("bash");
            assertThat(automation.path("state").asText()).as("%s", automation).isEqualTo("rehearsed");
            String id = automation.path("id").asText();
            assertThat(understudy.run("automations", "approve", id).exitCode()).isZero();
            assertThat(understudy.run("run", id).exitCode()).isZero();
            assertThat(work.resolve("bak/note7.txt")).hasContent("note 7\n");
        }
    }
}
