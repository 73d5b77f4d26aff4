package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Response;
import dev.understudy.sandbox.control.cells.HostServices.HttpOfRun;
import dev.understudy.sandbox.control.cells.HostServices.HttpRequest;
import dev.understudy.sandbox.control.cells.HostServices.HttpResult;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RehearsedHttpTest {
    private static final String URL = "https://api.example.org/items";

    private final List<String> sent = new ArrayList<>();

    /** The way to the network, which says what went through it. */
    private final HttpOfRun network = new HttpOfRun() {
        @Override
        public HttpResult send(HttpRequest request) {
            sent.add(request.method() + " " + request.url());
            return new HttpResult(200, List.of(), new byte[0], "UTF-8");
        }

        @Override
        public void close() {}
    };

    private static RunRequest rehearsal(IsolationLevel level, Response... responses) {
        return new RunRequest(
                "script",
                "script",
                RunRequest.Language.PYTHON,
                "",
                "{}",
                RunRequest.ScriptRuntime.POLYGLOT,
                level,
                Limits.DEFAULT,
                new Grants(List.of(), List.of(), List.of("api.example.org"), List.of()),
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null,
                Set.of(),
                List.of(responses),
                null);
    }

    private static HttpRequest request(String method, String url) {
        return new HttpRequest(method, url, List.of(), new byte[0], Optional.empty());
    }

    private static Response response(int status, String text) {
        return new Response("POST", URL, status, Map.of("Content-Type", "text/plain"), text);
    }

    @Nested
    class WithResponses {
        @Test
        void answersInTurnAndWithTheLastFromThenOnAndSendsNothing() throws Exception {
            RunRequest run = rehearsal(IsolationLevel.MINIMAL, response(503, "later"), response(201, "made"));
            HttpOfRun http = new RehearsedHttp(run, network);

            assertThat(http.send(request("POST", URL)).status()).isEqualTo(503);
            HttpResult made = http.send(request("POST", URL));
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.headers()).containsExactly("Content-Type", "text/plain");
            assertThat(new String(made.body(), StandardCharsets.UTF_8)).isEqualTo("made");
            assertThat(http.send(request("post", URL)).status()).isEqualTo(201);
            assertThat(sent).isEmpty();
        }

        @Test
        void saysWhichRequestHasNone() {
            RunRequest run = rehearsal(IsolationLevel.MINIMAL, response(201, "made"));
            HttpOfRun http = new RehearsedHttp(run, network);

            assertThatThrownBy(() -> http.send(request("GET", URL + "/7")))
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("no response for GET " + URL + "/7");
            assertThat(sent).isEmpty();
        }

        @Test
        void refusesAHostThatIsNotGranted() {
            String other = "https://evil.example.org/";
            RunRequest run = rehearsal(IsolationLevel.MINIMAL, new Response("GET", other, 200, Map.of(), "x"));

            assertThatThrownBy(() -> new RehearsedHttp(run, network).send(request("GET", other)))
                    .hasMessageContaining("not granted: host");
        }

        @Test
        void refusesAtALevelWithoutNetwork() {
            RunRequest run = rehearsal(IsolationLevel.PARTIAL, response(201, "made"));

            assertThatThrownBy(() -> new RehearsedHttp(run, network).send(request("POST", URL)))
                    .hasMessageContaining("not allowed at isolation partial");
        }
    }

    @Nested
    class WithoutResponses {
        private final RunRequest run = rehearsal(IsolationLevel.MINIMAL);
        private final HttpOfRun http = new RehearsedHttp(run, network);

        @Test
        void sendsWhatOnlyAsks() throws Exception {
            http.send(request("GET", URL));

            assertThat(sent).containsExactly("GET " + URL);
        }

        @Test
        void refusesWhatCouldChangeSomething() {
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE"))
                assertThatThrownBy(() -> http.send(request(method, URL)))
                        .hasMessageContaining("a " + method + " cannot be taken back");
            assertThat(sent).isEmpty();
        }
    }
}
