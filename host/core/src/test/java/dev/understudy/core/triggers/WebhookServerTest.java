package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.loopback.SilentConnections;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookServerTest {
    /** Has one automation with a webhook. */
    private static final class OneHook implements WebhookServer.Hooks {
        private final List<String> fired = new ArrayList<>();

        @Override
        public Optional<String> token(String automationId) {
            return automationId.equals("tidy") ? Optional.of("secret") : Optional.empty();
        }

        @Override
        public synchronized WebhookServer.Reply fire(String automationId, Map<String, String> parameters, String key) {
            fired.add(automationId);
            return new WebhookServer.Reply(202, "accepted");
        }
    }

    /** What a browser would send is written byte for byte, since Java's client sets these headers itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "202 | Host: localhost",
                "421 | Host: rebound.example",
                "403 | Host: localhost#Origin: http://evil.example",
                "403 | Host: localhost#Sec-Fetch-Site: cross-site",
            })
    void firesForNoPageOfAnotherSiteEvenWithTheToken(String status, String headers) throws IOException {
        var hook = new OneHook();
        try (var server = WebhookServer.start(0, hook);
                var socket =
                        new Socket(server.address().getHost(), server.address().getPort())) {
            String request = "POST /hooks/tidy HTTP/1.1\r\n" + headers.replace("#", "\r\n")
                    + "\r\nAuthorization: Bearer secret\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 " + status + " ");
            assertThat(hook.fired).hasSize(status.equals("202") ? 1 : 0);
        }
    }

    @Test
    @Timeout(60)
    void cutsOffWhoSaysNothingMoreAndAnswersOthersMeanwhile(@TempDir Path folder) throws Exception {
        try (var connections = new SilentConnections(ServerProcess.class, folder)) {
            connections.assertAreCutOffAndKeepNobodyWaiting(202, "", "Authorization", "Bearer secret");
        }
    }

    /** Answers until its input ends. */
    static final class ServerProcess {
        private ServerProcess() {}

        @SuppressWarnings("SystemOut") // a process of its own, read by the test
        public static void main(String[] arguments) throws IOException {
            try (var server = WebhookServer.start(0, new OneHook())) {
                System.out.println(URI.create(server.address() + "tidy"));
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
