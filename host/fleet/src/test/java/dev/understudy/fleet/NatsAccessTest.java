package dev.understudy.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.Fleet.Bucket;
import dev.understudy.core.fleet.QueueName;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.IsolationLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets to a fleet's server, and what they may do there. */
class NatsAccessTest {
    /** A pair of keys from the server's own documentation: what is computed here must be what others have computed. */
    private static final String SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

    private static final String USER = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

    @TempDir
    Path folder;

    private static FleetSection section(String url, Optional<Path> credentials, Optional<FleetSection.Tls> tls) {
        return new FleetSection(Optional.of(url), credentials, tls, List.of(), List.of(), 0);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Nested
    class ByCredentials {
        @Test
        void aSeedGivesThePublicKeyThatTheServerKnows() throws IOException {
            assertThat(NatsCredentials.read(file("seed", SEED + "\n")).getID()).isEqualTo(USER.toCharArray());
        }

        @Test
        void aFileOfTheOperatorsToolHasTheSeedAndTheJwt() throws IOException {
            NatsCredentials read = NatsCredentials.read(file("me.creds", """
                    -----BEGIN NATS USER JWT-----
                    eyJ0eXAiOiJKV1QifQ.eyJuYW1lIjoibWUifQ.c2ln
                    ------END NATS USER JWT------

                    ************************* IMPORTANT *************************
                    -----BEGIN USER NKEY SEED-----
                    %s
                    ------END USER NKEY SEED------
                    """.formatted(SEED)));
            assertThat(read.getJWT()).isEqualTo("eyJ0eXAiOiJKV1QifQ.eyJuYW1lIjoibWUifQ.c2ln".toCharArray());
            assertThat(read.getID()).isEqualTo(USER.toCharArray());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "nothing",
                    // One letter is another one.
                    "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VA",
                    "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3V"
                })
        void aFileWithoutAGoodSeedIsRefusedInOneLineThatDoesNotShowIt(String text) throws IOException {
            Path file = file("bad.creds", text);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> NatsCredentials.read(file))
                    .satisfies(e -> {
                        assertThat(e.category()).isEqualTo(UserException.Category.BAD_INPUT);
                        assertThat(e.getMessage()).contains(file.toString()).doesNotContain("SUACSS");
                    });
        }

        @Test
        void theServerLetsInWhoHasThemAndNobodyElse() throws Exception {
            String users = "authorization { users = [ { nkey: " + USER + " } ] }";
            try (var server = NatsServer.start(folder, users)) {
                Path seed = file("seed", SEED);
                try (Fleet fleet = NatsFleet.connect(
                        section(server.url(), Optional.of(seed), Optional.empty()), FleetContract.TIMES)) {
                    fleet.put(Bucket.RUNS, "key", "text");
                    assertThat(fleet.get(Bucket.RUNS, "key")).isPresent();
                }
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> NatsFleet.connect(server.section(), FleetContract.TIMES))
                        .satisfies(e -> assertThat(e.category()).isEqualTo(UserException.Category.NOT_ALLOWED));
            }
        }
    }

    @Nested
    class AsAHost {
        @Test
        void mayRunAndTellButNotPublishAutomations() throws Exception {
            // As fleet.md has it.
            String roles = """
                    authorization {
                    HOST = { publish: ["$JS.API.>", "$JS.ACK.>", "$KV.understudy-runs.>", "$KV.understudy-firings.>",
                                       "$KV.understudy-nodes.>", "understudy.run.>", "understudy.results", "understudy.audit"]
                             subscribe: ["_INBOX.>"] }
                    users = [ { nkey: %s, permissions: $HOST } ] }
                    """.formatted(USER);
            try (var server = NatsServer.start(folder, roles);
                    Fleet host = NatsFleet.connect(
                            section(server.url(), Optional.of(file("seed", SEED)), Optional.empty()),
                            FleetContract.TIMES)) {
                var queue = new QueueName(new QueueName.Anywhere(), "python", IsolationLevel.FULL);
                host.open(queue);
                host.send(queue, "1", "request");
                host.take(queue, 1, Duration.ofSeconds(10)).getFirst().done();
                long revision = host.create(Bucket.RUNS, "key", "started").orElseThrow();
                assertThat(host.replace(Bucket.RUNS, "key", "committed", revision))
                        .isPresent();
                host.append(Fleet.Journal.RESULTS, "1", "result");
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> host.put(Bucket.AUTOMATIONS, "greet", "anything"));
                assertThat(host.get(Bucket.AUTOMATIONS, "greet")).isEmpty();
            }
        }
    }

    @Nested
    class OverTls {
        private Path password;

        @BeforeEach
        void writePassword() throws IOException {
            password = file("password", "changeit\n");
        }

        /** A certificate for a name with its key, and the server's lines that use it. */
        private String certificate(String names) throws Exception {
            Path store = folder.resolve("server.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=server",
                            "-ext",
                            "SAN=" + names,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            "changeit")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
            var keys = KeyStore.getInstance("PKCS12");
            try (InputStream bytes = Files.newInputStream(store)) {
                keys.load(bytes, "changeit".toCharArray());
            }
            var trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("server", keys.getCertificate("server"));
            try (var out = Files.newOutputStream(folder.resolve("trust.p12"))) {
                trust.store(out, "changeit".toCharArray());
            }
            Path certificate = pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
            Path key = pem(
                    "PRIVATE KEY",
                    keys.getKey("server", "changeit".toCharArray()).getEncoded());
            return "tls { cert_file: \"" + certificate + "\", key_file: \"" + key + "\" }";
        }

        private Path pem(String what, byte[] encoded) throws IOException {
            return file(
                    what + ".pem",
                    "-----BEGIN " + what + "-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END "
                            + what
                            + "-----\n");
        }

        private Optional<FleetSection.Tls> trusting(String store) {
            return Optional.of(new FleetSection.Tls(folder.resolve(store), Optional.empty(), password));
        }

        private Fleet connect(NatsServer server, Optional<FleetSection.Tls> tls) throws InterruptedException {
            return NatsFleet.connect(
                    section("tls://127.0.0.1:" + server.port(), Optional.empty(), tls), FleetContract.TIMES);
        }

        @Test
        void theServerIsTheOneThatTheCertificateNames() throws Exception {
            try (var server = NatsServer.start(folder, certificate("IP:127.0.0.1"));
                    Fleet fleet = connect(server, trusting("trust.p12"))) {
                fleet.put(Bucket.RUNS, "key", "text");
                assertThat(fleet.get(Bucket.RUNS, "key")).isPresent();
            }
        }

        @Test
        void aTrustedCertificateOfAnotherNameIsRefused() throws Exception {
            try (var server = NatsServer.start(folder, certificate("DNS:elsewhere"))) {
                assertThatExceptionOfType(UserException.class)
                        .isThrownBy(() -> connect(server, trusting("trust.p12")))
                        .withMessageContaining("cannot be reached");
            }
        }

        @Test
        void aCertificateThatNobodyTrustsIsRefused() throws Exception {
            try (var server = NatsServer.start(folder, certificate("IP:127.0.0.1"))) {
                assertThatExceptionOfType(UserException.class).isThrownBy(() -> connect(server, Optional.empty()));
            }
        }

        @Test
        void aStoreThatThePasswordDoesNotOpenIsRefused() throws Exception {
            certificate("IP:127.0.0.1");
            password = file("password", "wrong");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> NatsTls.context(trusting("trust.p12")))
                    .withMessageStartingWith("The fleet's certificates cannot be used: ");
        }
    }
}
