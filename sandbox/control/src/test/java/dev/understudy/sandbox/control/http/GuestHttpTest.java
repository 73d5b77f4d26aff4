package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Escape;
import dev.understudy.sandbox.control.Escape.Group;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.http.GuestRequest.Redirects;
import dev.understudy.sandbox.control.http.GuestRequest.Retries;
import dev.understudy.sandbox.control.http.HttpOutcome.Failed;
import dev.understudy.sandbox.control.http.HttpOutcome.NotAllowed;
import dev.understudy.sandbox.control.http.HttpOutcome.Response;
import dev.understudy.sandbox.control.http.HttpOutcome.TimedOut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuestHttpTest {
    private static final String PUBLIC = "93.184.216.34";

    private static KeyStore keys;

    private final FakeNetwork network = new FakeNetwork().answering("example.org", PUBLIC);
    private final FakeWaiting waiting = new FakeWaiting();
    private final List<GuestHttp> opened = new ArrayList<>();
    private LocalServer server;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        keys = Tls.keys(folder);
    }

    @BeforeEach
    void startServer() throws IOException {
        server = LocalServer.http();
    }

    @AfterEach
    void stop() {
        opened.forEach(GuestHttp::close);
        server.close();
    }

    private GuestHttp http(String... hosts) throws Exception {
        return http(HttpSettings.DEFAULT, hosts);
    }

    private GuestHttp http(HttpSettings settings, String... hosts) throws Exception {
        return http(settings, waiting, Duration.ofHours(1), hosts);
    }

    private GuestHttp http(HttpSettings settings, Waiting time, Duration wallTime, String... hosts) throws Exception {
        var effects = new GuestHttp.Effects(network, time, new Random(1), Tls.client(keys));
        var http = new GuestHttp(IsolationLevel.MINIMAL, HostGrants.of(List.of(hosts)), settings, wallTime, effects);
        opened.add(http);
        return http;
    }

    private String url(String path) {
        return "http://example.org:" + server.port() + path;
    }

    private static GuestRequest request(String method, String url) {
        return new GuestRequest(
                method, url, Map.of(), new byte[0], Optional.empty(), Redirects.FOLLOW, Retries.IDEMPOTENT);
    }

    private static GuestRequest request(String method, String url, Map<String, List<String>> headers, String body) {
        return new GuestRequest(
                method,
                url,
                headers,
                body.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Redirects.FOLLOW,
                Retries.IDEMPOTENT);
    }

    private static Response response(HttpOutcome outcome) {
        assertThat(outcome).isInstanceOf(Response.class);
        return (Response) outcome;
    }

    @Nested
    class OverHttp1 {
        @Test
        void bringsStatusHeadersAndBody() throws Exception {
            var response = response(http("example.org").send(GuestRequest.get(url("/"))));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello ");
            assertThat(response.header("Content-Length")).contains("6");
            assertThat(response.url()).isEqualTo(url("/"));
            assertThat(response.protocol()).isEqualTo("HTTP/1.1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        void sendsEveryMethodInOrdinaryForm(String method) throws Exception {
            assertThat(response(http("example.org").send(request(method, url("/a?b=c"))))
                            .status())
                    .isEqualTo(200);
            assertThat(server.seen()).singleElement().satisfies(seen -> {
                assertThat(seen.method()).isEqualTo(method);
                assertThat(seen.target()).isEqualTo("/a?b=c");
                assertThat(seen.header("Host")).isEqualTo("example.org:" + server.port());
            });
        }

        @Test
        void sendsHeadersAndBody() throws Exception {
            var request = request("POST", url("/"), Map.of("X-Two", List.of("a", "b")), "w\u00f6rld");
            assertThat(response(http("example.org").send(request)).text()).isEqualTo("hello w\u00f6rld");
            assertThat(server.seen().getFirst().header("X-two")).isEqualTo("a, b");
        }

        @Test
        void tellsTheServerNothingOfTheHost() throws Exception {
            http("example.org").send(GuestRequest.get(url("/")));
            assertThat(server.seen().getFirst().headers().keySet())
                    .containsExactlyInAnyOrder("Host", "User-agent", "Content-length");
            assertThat(server.seen().getFirst().header("User-agent")).isEqualTo("understudy");
        }

        @Test
        void usesOneConnectionForManyRequests() throws Exception {
            var http = http("example.org");
            for (int i = 0; i < 5; i++) response(http.send(request("POST", url("/"), Map.of(), "x".repeat(i))));
            assertThat(network.connections()).containsExactly(PUBLIC);
            assertThat(server.seen()).extracting(LocalServer.Seen::body).containsExactly("", "x", "xx", "xxx", "xxxx");
        }

        @Test
        void readsTheNamedCharacterSet() throws Exception {
            assertThat(response(http("example.org").send(GuestRequest.get(url("/latin"))))
                            .text())
                    .isEqualTo("\u00fc");
        }

        @Test
        void keepsNoCookies() throws Exception {
            var http = http("example.org");
            assertThat(response(http.send(GuestRequest.get(url("/cookie")))).header("Set-Cookie"))
                    .contains("session=1");
            http.send(GuestRequest.get(url("/")));
            assertThat(server.seen().getLast().headers()).doesNotContainKey("Cookie");
        }
    }

    @Nested
    class OverTls {
        @Test
        void verifiesTheOriginalName() throws Exception {
            try (var secure = LocalServer.https(Tls.server(keys))) {
                var response = response(
                        http("example.org").send(GuestRequest.get("https://example.org:" + secure.port() + "/")));
                assertThat(response.text()).isEqualTo("hello ");
                assertThat(secure.seen().getFirst().header("Host")).isEqualTo("example.org:" + secure.port());
                assertThat(secure.seen().getFirst().headers()).doesNotContainKey("Proxy-authorization");
            }
        }

        @Test
        void refusesACertificateForAnotherName() throws Exception {
            network.answering("other.example", PUBLIC);
            try (var secure = LocalServer.https(Tls.server(keys))) {
                var outcome =
                        http("other.example").send(GuestRequest.get("https://other.example:" + secure.port() + "/"));
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Failed.class,
                                failed ->
                                        assertThat(failed.error()).contains("no trusted connection to other.example"));
                assertThat(secure.seen()).isEmpty();
                assertThat(waiting.pauses()).isEmpty();
            }
        }

        @Test
        void refusesACertificateThatNobodyVouchesFor() throws Exception {
            try (var secure = LocalServer.https(Tls.server(keys))) {
                var effects = new GuestHttp.Effects(network, waiting, new Random(1), SSLContext.getDefault());
                try (var http = new GuestHttp(
                        IsolationLevel.MINIMAL,
                        HostGrants.of(List.of("example.org")),
                        HttpSettings.DEFAULT,
                        Duration.ofHours(1),
                        effects)) {
                    assertThat(http.send(GuestRequest.get("https://example.org:" + secure.port() + "/")))
                            .isInstanceOf(Failed.class);
                }
                assertThat(secure.seen()).isEmpty();
            }
        }
    }

    @Nested
    class OverHttp2 {
        private final List<String> authorities = new ArrayList<>();
        private final List<HttpField> fields = new ArrayList<>();
        private Server jetty;
        private int port;

        @BeforeEach
        void startJetty() throws Exception {
            jetty = new Server();
            var configuration = new HttpConfiguration();
            var customizer = new SecureRequestCustomizer();
            configuration.addCustomizer(customizer);
            var alpn = new ALPNServerConnectionFactory("h2");
            var tls = new SslContextFactory.Server();
            tls.setSslContext(Tls.server(keys));
            var connector = new ServerConnector(
                    jetty,
                    new SslConnectionFactory(tls, alpn.getProtocol()),
                    alpn,
                    new HTTP2ServerConnectionFactory(configuration));
            connector.setHost("127.0.0.1");
            jetty.addConnector(connector);
            jetty.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, org.eclipse.jetty.server.Response response, Callback callback) {
                    synchronized (authorities) {
                        authorities.add(request.getHttpURI().getAuthority());
                        request.getHeaders().forEach(fields::add);
                    }
                    if (request.getHttpURI().getPath().equals("/endless")) return endless(response, callback);
                    Content.Sink.write(
                            response,
                            true,
                            "over " + request.getConnectionMetaData().getProtocol(),
                            callback);
                    return true;
                }
            });
            jetty.start();
            port = connector.getLocalPort();
        }

        private static boolean endless(org.eclipse.jetty.server.Response response, Callback callback) {
            Content.Sink.write(
                    response,
                    false,
                    "x".repeat(8192),
                    Callback.from(() -> endless(response, callback), callback::failed));
            return true;
        }

        @AfterEach
        void stopJetty() throws Exception {
            opened.forEach(GuestHttp::close);
            jetty.stop();
        }

        private String url(String path) {
            return "https://example.org:" + port + path;
        }

        @Test
        void speaksToACheckedAddressUnderTheOriginalName() throws Exception {
            var http = http("example.org");
            for (int i = 0; i < 3; i++) {
                var response = response(http.send(GuestRequest.get(url("/"))));
                assertThat(response.protocol()).isEqualTo("HTTP/2");
                assertThat(response.text()).isEqualTo("over HTTP/2.0");
            }
            assertThat(network.connections()).containsExactly(PUBLIC);
            assertThat(authorities).containsOnly("example.org:" + port).hasSize(3);
            assertThat(fields).extracting(HttpField::getLowerCaseName).doesNotContain("proxy-authorization");
        }

        @Test
        void stopsReadingAtTheResponseLimit() throws Exception {
            var http = http(HttpSettings.DEFAULT.withMaxResponseBytes(100_000), "example.org");
            assertThat(http.send(GuestRequest.get(url("/endless"))))
                    .isEqualTo(new Failed("GET " + url("/endless") + " failed: the response exceeds 100000 bytes"));
        }
    }

    @Nested
    class WhatIsNotGranted {
        @ParameterizedTest
        @EnumSource(
                value = IsolationLevel.class,
                names = {"FULL", "PARTIAL"})
        void isTheWholeNetworkAtOtherLevels(IsolationLevel level) {
            try (var http = GuestHttp.open(
                    level, HostGrants.of(List.of("127.0.0.1")), HttpSettings.DEFAULT, Duration.ofMinutes(1))) {
                assertThat(http.send(GuestRequest.get("http://127.0.0.1:" + server.port() + "/")))
                        .isEqualTo(new NotAllowed("not allowed at isolation " + level.id()
                                + ": network (isolation minimal would allow it)"));
            }
            assertThat(server.seen()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "*, http://127.0.0.1:%d/",
            "*, http://localhost:%d/",
            "*, http://[::1]:%d/",
            "*, http://[::ffff:127.0.0.1]:%d/",
            "*, http://2130706433:%d/",
            "*, http://0x7f.1:%d/",
            "*, http://127.1:%d/",
            "*, http://0:%d/",
            "*, http://127.0.0.1.:%d/",
            "example.org, http://127.0.0.1:%d/",
            "example.org, http://example.org@127.0.0.1:%d/",
            "example.org, http://127.0.0.1:%d\\@example.org/",
            "example.org, http://127.0.0.1:%d#@example.org/",
            "127.0.0.1:1, http://127.0.0.1:%d/",
        })
        void isNeverConnectedTo(String grant, String url) throws Exception {
            try (var http = GuestHttp.open(
                    IsolationLevel.MINIMAL,
                    HostGrants.of(List.of(grant)),
                    HttpSettings.DEFAULT,
                    Duration.ofMinutes(1))) {
                assertThat(http.send(GuestRequest.get(url.formatted(server.port()))))
                        .isInstanceOf(NotAllowed.class);
            }
            assertThat(server.seen()).isEmpty();
        }

        @Escape(Group.NETWORK)
        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "localhost"})
        void isThisMachineButWhereItIsGrantedByName(String host) {
            try (var http = GuestHttp.open(
                    IsolationLevel.MINIMAL,
                    HostGrants.of(List.of(host)),
                    HttpSettings.DEFAULT,
                    Duration.ofMinutes(1))) {
                var outcome = http.send(GuestRequest.get("http://" + host + ":" + server.port() + "/"));
                assertThat(response(outcome).text()).isEqualTo("hello ");
            }
        }

        @Test
        void isNotEvenResolved() throws Exception {
            network.answering("secret.evil.example", PUBLIC);
            assertThat(http("example.org").send(GuestRequest.get("http://secret.evil.example/")))
                    .isEqualTo(new NotAllowed("not granted: host secret.evil.example"
                            + " (grant it with hosts = [\"secret.evil.example\"])"));
            assertThat(network.lookups()).isEmpty();
        }
    }

    @Nested
    class WhenANameChangesItsAddress {
        @Escape(Group.DNS)
        @ParameterizedTest
        @ValueSource(strings = {"*", "rebound.example"})
        void keepsToTheCheckedOne(String grant) throws Exception {
            network.answering("rebound.example", PUBLIC, "127.0.0.1");
            var http = http(grant);
            String url = "http://rebound.example:" + server.port() + "/";
            // Each hang-up ends the connection, so that the next attempt must connect anew.
            assertThat(response(http.send(GuestRequest.get(url + "hang-up"))).text())
                    .isEqualTo("at last");
            assertThat(network.lookups()).containsExactly("rebound.example");
            assertThat(network.connections()).hasSizeGreaterThan(1).containsOnly(PUBLIC);
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "::1", "169.254.169.254", "93.184.216.34 127.0.0.1", "64:ff9b::7f00:1"})
        void refusesWhatLeadsToThisMachineFromTheStart(String addresses) throws Exception {
            network.answering("rebound.example", addresses);
            assertThat(http("rebound.example").send(GuestRequest.get("http://rebound.example:" + server.port() + "/")))
                    .isInstanceOfSatisfying(
                            NotAllowed.class,
                            refused -> assertThat(refused.reason())
                                    .startsWith("not granted: host rebound.example:" + server.port() + " is at "));
            assertThat(network.connections()).isEmpty();
            assertThat(server.seen()).isEmpty();
        }

        @Test
        void triesTheNextAddressIfOneDoesNotAnswer() throws Exception {
            network.answering("two.example", "2606:4700::1 93.184.216.34").refusing(1);
            assertThat(response(http("two.example").send(GuestRequest.get("http://two.example:" + server.port() + "/")))
                            .status())
                    .isEqualTo(200);
            assertThat(network.connections()).containsExactly("2606:4700:0:0:0:0:0:1", PUBLIC);
        }
    }

    @Nested
    class ARedirect {
        @Test
        void isFollowedToAGrantedHost() throws Exception {
            network.answering("granted.example", "1.1.1.1");
            String target = "http://granted.example:" + server.port() + "/there";
            var response = response(
                    http("example.org", "granted.example").send(GuestRequest.get(url("/redirect/302?" + target))));
            assertThat(response.text()).isEqualTo("hello ");
            assertThat(response.url()).isEqualTo(target);
            assertThat(network.connections()).containsExactly(PUBLIC, "1.1.1.1");
        }

        @Test
        void isRefusedToAnotherHost() throws Exception {
            String from = url("/redirect/302?http://127.0.0.1:" + server.port() + "/");
            assertThat(http("example.org").send(GuestRequest.get(from)))
                    .isEqualTo(new NotAllowed("redirect from " + from + " refused: not granted: host 127.0.0.1:"
                            + server.port() + " (grant it with hosts = [\"127.0.0.1:" + server.port() + "\"])"));
            assertThat(server.seen()).hasSize(1);
        }

        @Test
        void isRefusedToAPrivateAddressEvenWhereAnyHostIsGranted() throws Exception {
            network.answering("inside.example", "192.168.1.1");
            var outcome = http("*").send(GuestRequest.get(url("/redirect/307?http://inside.example/")));
            assertThat(outcome).isInstanceOf(NotAllowed.class);
            assertThat(network.connections()).containsExactly(PUBLIC);
        }

        @Test
        void isRefusedFromHttpsToHttp() throws Exception {
            try (var secure = LocalServer.https(Tls.server(keys))) {
                var from = "https://example.org:" + secure.port() + "/redirect/302?" + url("/");
                assertThat(http("example.org").send(GuestRequest.get(from)))
                        .isEqualTo(new NotAllowed(
                                "redirect from " + from + " refused: it leads from https to http, " + url("/")));
            }
            assertThat(server.seen()).isEmpty();
        }

        @Test
        void takesNoCredentialsToAnotherOrigin() throws Exception {
            network.answering("granted.example", "1.1.1.1");
            var headers = Map.of(
                    "Authorization", List.of("Bearer secret"),
                    "Cookie", List.of("secret"),
                    "X-Api-Key", List.of("secret"),
                    "Accept", List.of("text/plain"));
            String target = "http://granted.example:" + server.port() + "/";
            response(http("example.org", "granted.example")
                    .send(request("GET", url("/redirect/302?" + target), headers, "")));
            assertThat(server.seen().getFirst().headers()).containsKeys("Authorization", "Cookie", "X-api-key");
            assertThat(server.seen().getLast().headers().keySet())
                    .containsExactlyInAnyOrder("Host", "User-agent", "Accept", "Content-length");
        }

        @Test
        void keepsThemWithinTheOrigin() throws Exception {
            var headers = Map.of("Authorization", List.of("Bearer secret"));
            response(http("example.org").send(request("GET", url("/redirect/302?/there"), headers, "")));
            assertThat(server.seen().getLast().header("Authorization")).isEqualTo("Bearer secret");
        }

        /** RFC 9110, sections 15.4.2 to 15.4.9. */
        @ParameterizedTest
        @CsvSource({
            "301,POST,GET,''",
            "302,POST,GET,''",
            "303,POST,GET,''",
            "303,PUT,GET,''",
            "301,PUT,PUT,body",
            "307,POST,POST,body",
            "308,POST,POST,body",
            "308,PATCH,PATCH,body",
            "303,HEAD,HEAD,''"
        })
        void changesTheMethodAsTheStandardSays(int status, String method, String then, String body) throws Exception {
            var request = request(
                    method, url("/redirect/" + status + "?/there"), Map.of(), method.equals("HEAD") ? "" : "body");
            response(http("example.org").send(request));
            assertThat(server.seen().getLast().method()).isEqualTo(then);
            assertThat(server.seen().getLast().body()).isEqualTo(body);
        }

        @Test
        void endsAfterTen() throws Exception {
            assertThat(http("example.org").send(GuestRequest.get(url("/loop"))))
                    .isEqualTo(new Failed("more than 10 redirects from " + url("/loop")));
            assertThat(server.seen()).hasSize(11);
        }

        @Test
        void isAResponseWhereTheGuestWantsItSo() throws Exception {
            var request = new GuestRequest(
                    "GET",
                    url("/redirect/302?http://elsewhere.example/"),
                    Map.of(),
                    new byte[0],
                    Optional.empty(),
                    Redirects.RETURN,
                    Retries.NONE);
            var response = response(http("example.org").send(request));
            assertThat(response.status()).isEqualTo(302);
            assertThat(response.header("location")).contains("http://elsewhere.example/");
        }
    }

    @Nested
    class AFailureThatMayPass {
        @ParameterizedTest
        @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
        void isRetriedForIdempotentRequests(String method) throws Exception {
            var response = response(http("example.org").send(request(method, url("/fail-twice"))));
            assertThat(response.text()).isEqualTo("at last");
            assertThat(server.seen()).hasSize(3);
            assertThat(waiting.pauses()).hasSize(2);
            assertThat(waiting.pauses().get(0)).isBetween(Duration.ZERO, Duration.ofMillis(200));
            assertThat(waiting.pauses().get(1)).isBetween(Duration.ZERO, Duration.ofMillis(400));
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PATCH"})
        void isNotRetriedForOthers(String method) throws Exception {
            var response = response(http("example.org").send(request(method, url("/fail-twice"))));
            assertThat(response.status()).isEqualTo(503);
            assertThat(server.seen()).hasSize(1);
            assertThat(waiting.pauses()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PATCH"})
        void isNotRetriedForOthersWhenTheServerHangsUp(String method) throws Exception {
            assertThat(http("example.org").send(request(method, url("/hang-up"))))
                    .isInstanceOf(Failed.class);
            assertThat(server.seen()).hasSize(1);
        }

        @Test
        void isNotRetriedWhereTheGuestDoesNotWantIt() throws Exception {
            var request = new GuestRequest(
                    "GET", url("/fail-twice"), Map.of(), new byte[0], Optional.empty(), Redirects.FOLLOW, Retries.NONE);
            assertThat(response(http("example.org").send(request)).status()).isEqualTo(503);
            assertThat(server.seen()).hasSize(1);
        }

        @Test
        void isRetriedAfterTheTimeThatTheServerNames() throws Exception {
            response(http("example.org").send(GuestRequest.get(url("/fail-twice?7"))));
            assertThat(waiting.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
        }

        @Test
        void isNotRetriedBeyondTheTimeThatTheRunHasLeft() throws Exception {
            var http = http(HttpSettings.DEFAULT, waiting, Duration.ofSeconds(10), "example.org");
            assertThat(response(http.send(GuestRequest.get(url("/fail-twice?7"))))
                            .status())
                    .isEqualTo(503);
            assertThat(waiting.pauses()).containsExactly(Duration.ofSeconds(7));
        }

        @Test
        void endsAfterFourAttempts() throws Exception {
            assertThat(response(http("example.org").send(GuestRequest.get(url("/status/503"))))
                            .status())
                    .isEqualTo(503);
            assertThat(server.seen()).hasSize(4);
        }

        @Test
        void isAConnectionThatIsRefused() throws Exception {
            network.refusing(2);
            assertThat(response(http("example.org").send(GuestRequest.get(url("/"))))
                            .status())
                    .isEqualTo(200);
            assertThat(waiting.pauses()).hasSize(2);
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 401, 404, 500, 501})
        void isNoneOfTheLastingOnes(int status) throws Exception {
            assertThat(response(http("example.org").send(GuestRequest.get(url("/status/" + status))))
                            .status())
                    .isEqualTo(status);
            assertThat(server.seen()).hasSize(1);
        }
    }

    @Nested
    class AFailureThatLasts {
        @ParameterizedTest
        @ValueSource(strings = {"http", "https"})
        void saysThatNobodyListens(String scheme) throws Exception {
            network.refusing(100);
            String url = scheme + "://example.org:" + server.port() + "/";
            assertThat(http("example.org").send(request("POST", url)))
                    .isEqualTo(new Failed("POST " + url + " failed: cannot connect to example.org port " + server.port()
                            + ": Connection refused"));
        }

        @Test
        void saysThatThereIsNoSuchHost() throws Exception {
            assertThat(http("nowhere.example").send(GuestRequest.get("http://nowhere.example/")))
                    .isEqualTo(new Failed("GET http://nowhere.example/ failed: there is no host nowhere.example"));
        }

        @Test
        void saysThatTheTimeIsOver() throws Exception {
            var settings = HttpSettings.DEFAULT.withTotalTimeout(Duration.ofMillis(100));
            assertThat(http(settings, Waiting.REAL, Duration.ofHours(1), "example.org")
                            .send(GuestRequest.get(url("/never"))))
                    .isEqualTo(new TimedOut("timed out after 100 ms: GET " + url("/never")));
        }

        @Test
        void saysThatTheRunsTimeIsOver() throws Exception {
            assertThat(http(HttpSettings.DEFAULT, Waiting.REAL, Duration.ofMillis(100), "example.org")
                            .send(GuestRequest.get(url("/never"))))
                    .isEqualTo(new TimedOut("the run's wall time is used up: GET " + url("/never")));
        }

        @Test
        void endsWithTheRun() throws Exception {
            var http = http("example.org");
            var outcome = CompletableFuture.supplyAsync(() -> http.send(GuestRequest.get(url("/never"))));
            while (server.seen().isEmpty()) Thread.onSpinWait();
            http.close();
            assertThat(outcome.join()).isEqualTo(new Failed("the run has ended"));
            assertThat(http.send(GuestRequest.get(url("/")))).isInstanceOf(Failed.class);
            assertThat(server.seen()).hasSize(1);
        }
    }

    @Nested
    class ALimit {
        @ParameterizedTest
        @ValueSource(strings = {"/bytes/1001", "/endless"})
        void holdsForTheResponse(String path) throws Exception {
            var http = http(HttpSettings.DEFAULT.withMaxResponseBytes(1000), "example.org");
            assertThat(http.send(GuestRequest.get(url(path))))
                    .isEqualTo(new Failed("GET " + url(path) + " failed: the response exceeds 1000 bytes"));
            assertThat(response(http.send(GuestRequest.get(url("/bytes/1000")))).body())
                    .hasSize(1000);
        }

        @Test
        void holdsForTheResponsesHeaders() throws Exception {
            assertThat(http("example.org").send(GuestRequest.get(url("/headers/65536"))))
                    .isEqualTo(new Failed(
                            "GET " + url("/headers/65536") + " failed: the response's headers exceed 65536 bytes"));
        }

        @Test
        void holdsForTheRequest() throws Exception {
            var tooLong = request("POST", url("/"), Map.of(), "x".repeat((8 << 20) + 1));
            assertThat(http("example.org").send(tooLong)).isInstanceOf(NotAllowed.class);
            var tooMany = request("GET", url("/"), Map.of("X-Long", List.of("x".repeat(65536))), "");
            assertThat(http("example.org").send(tooMany)).isInstanceOf(NotAllowed.class);
            assertThat(server.seen()).isEmpty();
        }

        @Test
        void holdsForTheHostsOfARun() throws Exception {
            var settings = new HttpSettings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    4,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    10,
                    1000,
                    1000,
                    65536,
                    1);
            network.answering("second.example", PUBLIC);
            var http = http(settings, "*");
            response(http.send(GuestRequest.get(url("/"))));
            assertThat(http.send(GuestRequest.get("http://second.example/")))
                    .isEqualTo(new NotAllowed("one run may speak to at most 1 hosts"));
        }

        @Test
        void holdsForTheTimeOfASlowBody() throws Exception {
            try (var slow = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                var answered = new CountDownLatch(1);
                Thread.ofVirtual().start(() -> {
                    try (Socket socket = slow.accept()) {
                        socket.getInputStream().read();
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow"
                                        .getBytes(StandardCharsets.UTF_8));
                        answered.await();
                    } catch (IOException | InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
                var settings = HttpSettings.DEFAULT.withTotalTimeout(Duration.ofMillis(200));
                assertThat(http(settings, Waiting.REAL, Duration.ofHours(1), "example.org")
                                .send(GuestRequest.get("http://example.org:" + slow.getLocalPort() + "/")))
                        .isEqualTo(new TimedOut(
                                "timed out after 200 ms: GET http://example.org:" + slow.getLocalPort() + "/"));
                answered.countDown();
            }
        }
    }

    @Nested
    class ARequestThatBreaksTheRules {
        @ParameterizedTest
        @CsvSource({
            "Host, evil.example",
            "Connection, keep-alive",
            "Content-Length, 5",
            "Transfer-Encoding, chunked",
            "Upgrade, h2c",
            "Expect, 100-continue",
            "Proxy-Authorization, x",
            "'X: y\r\nInjected', z",
            "X, 'y\r\nInjected: z'",
            "X, 'y\u0000'",
            "'', x",
        })
        void isRefusedForItsHeader(String name, String value) throws Exception {
            var request = request("GET", url("/"), Map.of(name, List.of(value)), "");
            assertThat(http("example.org").send(request)).isInstanceOf(NotAllowed.class);
            assertThat(server.seen()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"CONNECT", "TRACE", "", "GET / HTTP/1.1\r\nX:", "FOO"})
        void isRefusedForItsMethod(String method) throws Exception {
            assertThat(http("example.org").send(request(method, url("/")))).isInstanceOf(NotAllowed.class);
            assertThat(server.seen()).isEmpty();
        }
    }

    @Nested
    class TheRelay {
        private String answerTo(String request) throws Exception {
            var origin = Url.parse(url("/")).origin();
            try (var relay = new PinnedRelay(
                            origin, List.of(InetAddress.ofLiteral(PUBLIC)), "right", network, Duration.ofSeconds(1));
                    var stranger = new Socket()) {
                stranger.connect(new InetSocketAddress(
                        relay.address().getAddress(), relay.address().getPort()));
                stranger.getOutputStream()
                        .write(request.replace("PORT", Integer.toString(server.port()))
                                .getBytes(StandardCharsets.UTF_8));
                stranger.shutdownOutput();
                return new String(stranger.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        @Test
        void servesWhoKnowsItsToken() throws Exception {
            assertThat(answerTo(
                            "GET http://example.org:PORT/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: right\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("hello ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET http://example.org:PORT/ HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET http://example.org:PORT/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: wrong\r\n\r\n",
                    "GET http://example.org/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: right\r\n\r\n",
                    "GET http://other.example:PORT/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: right\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\nProxy-Authorization: right\r\n\r\n",
                    "CONNECT example.org:PORT HTTP/1.1\r\nHost: x\r\nProxy-Authorization: right\r\n\r\n",
                    "\r\n\r\n",
                })
        void answersNobodyElse(String request) throws Exception {
            assertThat(answerTo(request)).isEmpty();
            assertThat(server.seen()).isEmpty();
        }
    }
}
