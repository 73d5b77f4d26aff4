package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.config.DashboardSection;
import dev.understudy.core.config.DashboardSection.Tls;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {
    private static final String TOKEN = "f".repeat(64);
    private static final DashboardSection LOOPBACK =
            new DashboardSection(true, 0, "127.0.0.1", List.of(), Optional.empty());

    private static WebServer start(DashboardSection config, List<Route> routes) throws BindException {
        return WebServer.start(
                config, routes, new Sessions(TOKEN, () -> Instant.EPOCH), new WrongTries(System::nanoTime), problem -> {
                    throw new AssertionError(problem);
                });
    }

    @Nested
    class WithACertificate {
        private static final String PASSWORD = "a test's";

        private DashboardSection.Tls certificate(Path folder) throws IOException, InterruptedException {
            Path keystore = folder.resolve("dashboard.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            keystore.toString(),
                            "-storepass",
                            PASSWORD,
                            "-alias",
                            "dashboard",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=ip:127.0.0.1")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
            return new Tls(keystore, Files.writeString(folder.resolve("password"), PASSWORD + "\n"));
        }

        private HttpClient trusting(Path keystore) throws IOException, GeneralSecurityException {
            KeyStore known = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("dashboard", known.getCertificate("dashboard"));
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        }

        @Test
        void answersByTlsAloneWhereOthersCanReachIt(@TempDir Path folder) throws Exception {
            Tls tls = certificate(folder);
            var config = new DashboardSection(true, 0, "0.0.0.0", List.of("127.0.0.1"), Optional.of(tls));
            var pages = new PageRoutes(new EventStream(0));
            try (WebServer server = start(config, pages.first());
                    HttpClient client = trusting(tls.keystore())) {
                URI address = server.address();
                assertThat(address.toString()).startsWith("https://127.0.0.1:");
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(address.resolve("?token=" + TOKEN))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(303);
                assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                        .endsWith("; Secure");
                assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                        .isPresent();
                assertThat(RawClient.send(address, "GET /healthz HTTP/1.1", "Host: 127.0.0.1"))
                        .doesNotContain("ok");
            }
        }

        @Test
        void saysWhatIsWrongWithIt(@TempDir Path folder) throws Exception {
            Tls tls = certificate(folder);
            Files.writeString(tls.passwordFile(), "another");
            var config = new DashboardSection(true, 0, "127.0.0.1", List.of(), Optional.of(tls));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> start(config, List.of()))
                    .withMessageContaining("dashboard");
            var missing = new DashboardSection(
                    true,
                    0,
                    "127.0.0.1",
                    List.of(),
                    Optional.of(new Tls(folder.resolve("none.p12"), tls.passwordFile())));
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> start(missing, List.of()))
                    .withMessageContaining("none.p12");
        }
    }

    @Nested
    class WhenThePortIsTaken {
        @Test
        void saysSoByItsType() throws IOException {
            try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var config = new DashboardSection(true, other.getLocalPort(), "127.0.0.1", List.of(), Optional.empty());
                assertThatExceptionOfType(BindException.class).isThrownBy(() -> start(config, List.of()));
            }
        }
    }

    @Nested
    class WhenAReaderOfEventsDoesNotRead {
        @Test
        void itsConnectionEndsAndTheOthersGoOn() throws IOException {
            var stream = new EventStream(0);
            try (WebServer server = start(LOOPBACK, new PageRoutes(stream).first());
                    Socket slow = listen(server);
                    Socket quick = listen(server)) {
                awaitHead(slow);
                awaitHead(quick);
                String large = "x".repeat(100_000);
                // Far more than buffers hold: without a bound the slow one would keep all of it in memory.
                for (int i = 0; i < 2 * EventStream.MAX_BEHIND && stream.readers() == 2; i++) {
                    stream.publish(
                            "event", JsonNodeFactory.instance.objectNode().put("text", large));
                    quick.getInputStream().readNBytes(large.length());
                }
                assertThat(stream.readers()).isEqualTo(1);
                assertThat(read(slow.getInputStream())).isLessThan(2L * EventStream.MAX_BEHIND * large.length());
                stream.close();
            }
        }

        private static Socket listen(WebServer server) throws IOException {
            var socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.address().getPort());
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return socket;
        }

        private static void awaitHead(Socket socket) throws IOException {
            var head = new StringBuilder();
            while (!head.toString().contains("retry: 2000"))
                head.append((char) socket.getInputStream().read());
            assertThat(head).contains("Content-Type: text/event-stream");
        }

        /** How many bytes come until the end, however it comes. */
        private static long read(InputStream stream) {
            long sum = 0;
            byte[] buffer = new byte[64 << 10];
            try {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) sum += read;
            } catch (IOException _) {
                // Reset: it was cut off.
            }
            return sum;
        }
    }
}
