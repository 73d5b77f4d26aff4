package dev.understudy.plugins.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.testkit.NotificationSinkContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSinkTest extends NotificationSinkContract {
    private static final Notification READY = new Notification(
            Notification.Kind.PROPOSAL_READY, "x", "Ready: x", "Approve it.", Instant.parse("2026-11-16T09:00:00Z"));

    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> paths = Collections.synchronizedList(new ArrayList<>());
    private final ArrayDeque<Integer> answers = new ArrayDeque<>();
    private final ArrayDeque<String> locations = new ArrayDeque<>();
    private HttpServer server;
    private TakenPort nobody;

    @BeforeEach
    void listen() throws IOException {
        nobody = new TakenPort();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                paths.add(exchange.getRequestURI().getPath());
                String location = locations.poll();
                if (location != null) exchange.getResponseHeaders().set("Location", location);
                Integer answer = answers.poll();
                exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(0);
        nobody.close();
    }

    @Override
    protected NotificationSink sink() {
        return new WebhookSink(List.of(Duration.ZERO, Duration.ZERO));
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/understudy");
    }

    @Override
    protected Map<String, Object> settingsThatReachNobody() {
        return Map.of("url", "http://127.0.0.1:" + nobody.port() + "/");
    }

    @Override
    protected List<String> received() throws IOException {
        var texts = new ArrayList<String>();
        for (String body : List.copyOf(bodies))
            texts.add(String.join("\n", fields(body).values()));
        return texts;
    }

    private static Map<String, String> fields(String json) throws IOException {
        var fields = new LinkedHashMap<String, String>();
        try (var parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken())
                if (token == JsonToken.VALUE_STRING) fields.put(parser.currentName(), parser.getText());
        }
        return fields;
    }

    private void send(Map<String, Object> settings) throws Exception {
        try (var channel = sink().open(settings)) {
            channel.send(READY);
        }
    }

    @Test
    void sendsJsonWithTheConfiguredAuthorization() throws Exception {
        var settings = new LinkedHashMap<>(settings());
        settings.put("authorization", "Bearer t0ken");
        send(settings);
        assertThat(fields(bodies.getFirst()))
                .containsExactly(
                        Map.entry("kind", "proposal_ready"),
                        Map.entry("automation", "x"),
                        Map.entry("title", "Ready: x"),
                        Map.entry("text", "Approve it."),
                        Map.entry("at", "2026-11-16T09:00:00Z"));
        assertThat(authorizations).containsExactly("Bearer t0ken");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void triesAgainWhereTheServerIsBusyOrFailing(int status) throws Exception {
        answers.addAll(List.of(status, status));
        send(settings());
        assertThat(bodies).hasSize(3);
    }

    @Test
    void givesUpAfterThreeTries() {
        answers.addAll(List.of(503, 503, 503));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(settings()))
                .withMessage("the server answered 503 (tried 3 times)");
        assertThat(bodies).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 302})
    void triesOnceWhereTheServerDoesNotWantIt(int status) {
        answers.add(status);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(settings()))
                .withMessage("the server answered " + status);
        assertThat(bodies).hasSize(1);
    }

    // devlikeapro/waha#112, grafana/grafana#33591: a webhook behind a redirection.
    @Nested
    class ARedirection {
        @ParameterizedTest
        @ValueSource(ints = {307, 308})
        void thatKeepsTheRequestIsFollowedWithTheSameBody(int status) throws Exception {
            answers.add(status);
            locations.add("/new");
            var settings = new LinkedHashMap<>(settings());
            settings.put("authorization", "Bearer t0ken");
            send(settings);

            assertThat(paths).containsExactly("/understudy", "/new");
            assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
            assertThat(authorizations).containsExactly("Bearer t0ken", "Bearer t0ken");
        }

        @Test
        void toAnotherServerTakesNoSecretThere() throws Exception {
            answers.add(308);
            locations.add("http://localhost:" + server.getAddress().getPort() + "/new");
            var settings = new LinkedHashMap<>(settings());
            settings.put("authorization", "Bearer t0ken");
            send(settings);

            assertThat(authorizations).containsExactly("Bearer t0ken", "null");
        }

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 303})
        void thatMakesItAnotherRequestIsTold(int status) {
            answers.add(status);
            locations.add("https://example.org/new");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> send(settings()))
                    .withMessage("the server answered " + status
                            + " and sends on to 'https://example.org/new': if that is right, write it as the url");
        }

        @Test
        void withoutAnEndIsGivenUp() {
            for (int i = 0; i < 9; i++) {
                answers.add(307);
                locations.add("/again");
            }
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> send(settings()))
                    .withMessageStartingWith("the server redirects more than 5 times");
        }

        @Test
        void elsewhereThanToAPageIsTold() {
            answers.add(308);
            locations.add("mailto:a@example.org");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> send(settings()))
                    .withMessageEndingWith("which is no http or https address");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.org/", "example.org", "http://", "http://a b/"})
    void refusesWhatIsNoAddress(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink().open(Map.of("url", url)))
                .withMessage("url is '" + url + "', but must be an http or https address");
    }

    @Test
    void refusesAHeaderOfSeveralLines() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink().open(Map.of("url", "http://localhost/", "authorization", "a\r\nX: y")));
    }
}
