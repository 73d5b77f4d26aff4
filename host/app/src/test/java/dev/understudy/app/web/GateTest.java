package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.DashboardSection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in to the real server and who is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateTest {
    private static final String TOKEN = "0123456789abcdef".repeat(4);
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger changes = new AtomicInteger();
    private final Sessions sessions = new Sessions(TOKEN, () -> NOW);
    private WebServer server;

    @BeforeAll
    void start() throws IOException {
        var pages = new PageRoutes(new EventStream(0));
        List<Route> routes = Stream.of(
                        pages.first().stream(),
                        Stream.of(
                                Route.get("/api/thing", context -> context.result("{}")),
                                Route.post("/api/thing", context -> {
                                    Answers.body(context);
                                    changes.incrementAndGet();
                                    context.result("{}");
                                }),
                                Route.get("/api/bug", _ -> {
                                    throw new IllegalStateException("secret detail");
                                })),
                        pages.last().stream())
                .flatMap(each -> each)
                .toList();
        var config = new DashboardSection(true, 0, "127.0.0.1", List.of("box.example"), Optional.empty());
        server = WebServer.start(config, routes, sessions, new WrongTries(nanos::get), _ -> {});
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void begin() {
        changes.set(0);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path));
    }

    private HttpRequest.Builder withSession(String path) {
        return to(path).header("Cookie", Gate.COOKIE + "=" + sessions.begin());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder change() {
        String session = sessions.begin();
        return to("/api/thing")
                .header("Cookie", Gate.COOKIE + "=" + session)
                .header("X-CSRF-Token", sessions.csrfToken(session))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
    }

    @Nested
    class WithoutAnything {
        @ParameterizedTest
        @ValueSource(
                strings = {"/", "/index.html", "/api/thing", "/api/events", "/metrics", "/nothing", "/api/../api/thing"
                })
        void nothingIsShown(String path) {
            HttpResponse<String> answer = send(to(path));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(answer.body()).contains("\"remedy\"").doesNotContain("<");
        }

        @Test
        void aBrowserIsToldHowToGetTheLink() {
            HttpResponse<String> answer = send(to("/").header("Accept", "text/html,application/xhtml+xml"));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
            assertThat(answer.body()).contains("understudy up", "dashboard.token");
        }

        @Test
        void whetherSomebodyIsThereIsSaid() {
            HttpResponse<String> answer = send(to("/healthz"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok\n");
        }
    }

    @Nested
    class WithTheToken {
        @Test
        void theLinkGivesASessionAndLeadsAwayFromIt() {
            HttpResponse<String> answer = send(to("/?token=" + TOKEN));
            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/");
            String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie)
                    .startsWith("understudy_session=")
                    .contains("; HttpOnly")
                    .contains("; SameSite=Strict")
                    .contains("; Path=/")
                    .doesNotContain(TOKEN);
            HttpResponse<String> page = send(to("/").header("Cookie", cookie.substring(0, cookie.indexOf(';'))));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        }

        @Test
        void aProgramMayChangeThingsToo() {
            HttpResponse<String> answer = send(
                    to("/api/thing").header("Authorization", "Bearer " + TOKEN).POST(BodyPublishers.noBody()));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(changes).hasValue(1);
        }

        @Test
        void itIsTakenNowhereElse() {
            assertThat(send(to("/api/thing?token=" + TOKEN)).statusCode()).isEqualTo(401);
            assertThat(send(to("/api/thing").header("Cookie", Gate.COOKIE + "=" + TOKEN))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Nested
    class WithAWrongOne {
        @ParameterizedTest
        @ValueSource(strings = {"", "0", "0123456789abcdef", "Bearer"})
        void nobodyGetsIn(String token) {
            assertThat(send(to("/api/thing").header("Authorization", "Bearer " + token))
                            .statusCode())
                    .isEqualTo(401);
        }

        @Test
        void triesBecomeFewer() {
            List<Integer> answers = Stream.generate(
                            () -> send(to("/?token=" + "f".repeat(64))).statusCode())
                    .limit(WrongTries.MAX + 2)
                    .toList();
            assertThat(answers.subList(0, WrongTries.MAX)).containsOnly(401);
            assertThat(answers.subList(WrongTries.MAX, WrongTries.MAX + 2)).containsOnly(429);
            assertThat(send(to("/?token=" + "f".repeat(64))).headers().firstValue("Retry-After"))
                    .contains("7");
            // Who has a session, or the right token, is not kept out by somebody else's tries.
            assertThat(send(withSession("/api/thing")).statusCode()).isEqualTo(200);
            assertThat(send(to("/?token=" + TOKEN)).statusCode()).isEqualTo(303);
            nanos.addAndGet(WrongTries.NANOS_EACH);
            assertThat(send(to("/?token=" + "f".repeat(64))).statusCode()).isEqualTo(401);
        }

        @Test
        void aSessionThatHasEndedIsNone() {
            String old = new Sessions(TOKEN, () -> NOW.minus(Sessions.LIFETIME)).begin();
            assertThat(send(to("/api/thing").header("Cookie", Gate.COOKIE + "=" + old))
                            .statusCode())
                    .isEqualTo(401);
        }

        @Test
        void aSessionThatWasLengthenedIsNone() {
            String session = sessions.begin();
            String longer = "9" + session;
            assertThat(send(to("/api/thing").header("Cookie", Gate.COOKIE + "=" + longer))
                            .statusCode())
                    .isEqualTo(401);
        }

        @Test
        void aSessionOfAnotherTokenIsNone() {
            String other = new Sessions("f".repeat(64), () -> NOW).begin();
            assertThat(send(to("/api/thing").header("Cookie", Gate.COOKIE + "=" + other))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Nested
    class WhenAPageOfAnotherSiteAsks {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "evil.example",
                    "evil.example:47600",
                    "127.0.0.1.evil.example",
                    "localhost.evil.example",
                    "[::2]",
                    "127.0.0.2",
                    ""
                })
        void aNameThatWasMadeToPointHereIsRefused(String host) throws IOException {
            String answer = RawClient.send(
                    server.address(), "GET /api/thing HTTP/1.1", "Host: " + host, "Authorization: Bearer " + TOKEN);
            assertThat(answer).matches("(?s)HTTP/1.1 4(21|00) .*").doesNotContain("\r\n\r\n{}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:47600", "box.example"})
        void itsOwnNamesAreTaken(String host) throws IOException {
            assertThat(RawClient.send(
                            server.address(),
                            "GET /api/thing HTTP/1.1",
                            "Host: " + host,
                            "Authorization: Bearer " + TOKEN))
                    .startsWith("HTTP/1.1 200 ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"cross-site", "same-site"})
        void theBrowserSaysSo(String site) {
            assertThat(send(withSession("/api/thing").header("Sec-Fetch-Site", site))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(send(change().header("Sec-Fetch-Site", site).header("Sec-Fetch-Mode", "navigate"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(changes).hasValue(0);
        }

        @Test
        void aLinkFromThereMayBeFollowed() {
            assertThat(send(to("/?token=" + TOKEN)
                                    .header("Sec-Fetch-Site", "cross-site")
                                    .header("Sec-Fetch-Mode", "navigate"))
                            .statusCode())
                    .isEqualTo(303);
        }

        @ParameterizedTest
        @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1"})
        void aChangeOfAnotherOriginIsRefused(String origin) {
            assertThat(send(change().header("Origin", origin)).statusCode()).isEqualTo(403);
            assertThat(changes).hasValue(0);
        }

        @Test
        void aChangeWithoutTheSecretOfOurPagesIsRefused() {
            String session = sessions.begin();
            HttpRequest.Builder request = to("/api/thing")
                    .header("Cookie", Gate.COOKIE + "=" + session)
                    .POST(BodyPublishers.ofString("{}"));
            assertThat(send(request).statusCode()).isEqualTo(403);
            String another = sessions.csrfToken("1.0");
            assertThat(send(request.header("X-CSRF-Token", another)).statusCode())
                    .isEqualTo(403);
            assertThat(changes).hasValue(0);
        }

        @Test
        void aChangeOfOurOwnPagesIsMade() {
            URI own = server.address();
            assertThat(send(change().header("Origin", "http://" + own.getHost() + ":" + own.getPort())
                                    .header("Sec-Fetch-Site", "same-origin"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(changes).hasValue(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
        void otherMethodsAreNotKnown(String method) {
            assertThat(send(withSession("/api/thing").method(method, BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Nested
    class WhenABodyIsSent {
        @Test
        void aLargeOneIsRefused() {
            String large = "x".repeat(Gate.MAX_BODY_BYTES + 1);
            assertThat(send(change().POST(BodyPublishers.ofString(large))).statusCode())
                    .isEqualTo(413);
            // Without a length it shows only while it is read.
            assertThat(send(change().POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(
                                    large.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))))
                            .statusCode())
                    .isEqualTo(413);
            assertThat(changes).hasValue(0);
        }

        /** A server that answers before it has read all closes the connection, and what is sent over it next fails. */
        @ParameterizedTest
        @ValueSource(ints = {2, 1 << 10, Gate.MAX_BODY_BYTES, Gate.MAX_BODY_BYTES + 1, 4 * Gate.MAX_BODY_BYTES})
        void theConnectionServesOnAfterARefusal(int bytes) {
            HttpRequest.Builder refused = withSession("/api/thing").POST(BodyPublishers.ofString("x".repeat(bytes)));
            for (int round = 1; round <= 50; round++) {
                assertThat(send(refused).statusCode()).isIn(403, 413);
                assertThat(send(change()).statusCode()).isEqualTo(200);
                assertThat(changes).hasValue(round);
            }
        }

        @Test
        void aFormIsRefused() {
            String session = sessions.begin();
            assertThat(send(to("/api/thing")
                                    .header("Cookie", Gate.COOKIE + "=" + session)
                                    .header("X-CSRF-Token", sessions.csrfToken(session))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(BodyPublishers.ofString("a=b")))
                            .statusCode())
                    .isEqualTo(415);
            assertThat(changes).hasValue(0);
        }

        @ParameterizedTest
        @ValueSource(strings = {"[1]", "{", "null", "{}{"})
        void whatIsNoObjectIsRefused(String body) {
            HttpResponse<String> answer = send(change().POST(BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(changes).hasValue(0);
        }
    }

    @Nested
    class WhateverIsAnswered {
        private static final List<String> ALWAYS = List.of(
                "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n",
                "X-Content-Type-Options: nosniff\r\n",
                "X-Frame-Options: DENY\r\n",
                "Referrer-Policy: no-referrer\r\n",
                "Cross-Origin-Opener-Policy: same-origin\r\n",
                "Cross-Origin-Resource-Policy: same-origin\r\n",
                "Cross-Origin-Embedder-Policy: require-corp\r\n");

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET / HTTP/1.1",
                    "GET /healthz HTTP/1.1",
                    "GET /nothing HTTP/1.1",
                    "GET /api/bug HTTP/1.1",
                    "GET /api/thing HTTP/1.1",
                    "PUT /api/thing HTTP/1.1",
                    "GET /%zz HTTP/1.1",
                    "GET /a HTTP/9.9",
                    "nonsense"
                })
        void carriesTheHeaders(String line) throws IOException {
            String answer = RawClient.send(server.address(), line, "Host: localhost", "Authorization: Bearer " + TOKEN);
            assertThat(answer).contains(ALWAYS).doesNotContain("Server:").doesNotContain("Jetty");
            // Only pages are HTML, and none but they and scripts may be kept.
            if (!line.startsWith("GET / "))
                assertThat(answer).doesNotContain("text/html").contains("no-store");
        }

        @Test
        void aMistakeOfOursTellsNothing() {
            HttpResponse<String> answer = send(withSession("/api/bug"));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret detail").contains("\"error\"");
        }
    }

    @Nested
    class OfStaticFiles {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/../Gate.class",
                    "/..%2fGate.class",
                    "/%2e%2e/unauthorized.html",
                    "/..%2Funauthorized.html",
                    "/static/index.html",
                    "//index.html",
                    "/.hidden.html",
                    "/index.html%00.js",
                    "/package-info.class",
                    "/static",
                    "/.",
                    "/index.html/"
                })
        void noneLeadsOut(String path) throws IOException {
            String answer = RawClient.send(
                    server.address(), "GET " + path + " HTTP/1.1", "Host: localhost", "Authorization: Bearer " + TOKEN);
            assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("<html");
        }

        @Test
        void oneThatIsTheSameIsNotSentAgain() {
            HttpResponse<String> first = send(withSession("/index.html"));
            String tag = first.headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> second = send(withSession("/index.html").header("If-None-Match", tag));
            assertThat(second.statusCode()).isEqualTo(304);
            assertThat(second.body()).isEmpty();
        }
    }
}
