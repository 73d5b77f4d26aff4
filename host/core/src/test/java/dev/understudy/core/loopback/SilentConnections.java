package dev.understudy.core.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.OtherProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server in a process of its own, since the JDK's reads its limits once in a process, with the shortest limits that it
 * takes; and those who connect to it and then say nothing more.
 */
public final class SilentConnections implements AutoCloseable {
    /** Connected and no more; the start of a request; a whole header without the body that it announces. */
    private static final List<String> SAID = List.of(
            "",
            "POST /v1/tra",
            "POST /x HTTP/1.1\r\nHost: localhost\r\n",
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            "POST /hooks/tidy HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\nContent-Length: 9\r\n\r\n{");

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int ATTEMPTS = 10;

    private final Process process;
    private final URI address;

    /**
     * Starts the server.
     *
     * @param server whose {@code main} takes the folder, prints the address and ends with its input
     */
    public SilentConnections(Class<?> server, Path folder) throws IOException {
        ProcessBuilder builder = OtherProcess.of(server, folder);
        builder.environment()
                .put(
                        "JDK_JAVA_OPTIONS",
                        "-Dsun.net.httpserver.maxReqTime=1 -Dsun.net.httpserver.idleInterval=1"
                                + " -Dsun.net.httpserver.clockTick=100");
        process = builder.start();
        address = URI.create(process.inputReader().readLine());
    }

    /** Asserts that all of them are cut off, and that somebody else is answered while they stay. */
    public void assertAreCutOffAndKeepNobodyWaiting(int status, String body, String... headers) throws Exception {
        var silent = new ArrayList<Socket>();
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 40; i++) {
                var socket = new Socket(address.getHost(), address.getPort());
                silent.add(socket);
                socket.getOutputStream().write(SAID.get(i % SAID.size()).getBytes(StandardCharsets.US_ASCII));
            }
            HttpRequest request = HttpRequest.newBuilder(address)
                    .headers(headers)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            assertThat(status(client, request)).isEqualTo(status);
            for (Socket each : silent) awaitEnd(each);
        } finally {
            for (Socket each : silent) each.close();
        }
    }

    /** On a busy machine a request may itself be slower than the limit; then it comes again. */
    private static int status(HttpClient client, HttpRequest request) throws Exception {
        for (int more = ATTEMPTS; ; more--) {
            try {
                return client.send(request, BodyHandlers.ofString()).statusCode();
            } catch (IOException e) {
                if (more == 0) throw e;
            }
        }
    }

    /** Comes back when the other side has closed it; an answer may come before. */
    private static void awaitEnd(Socket socket) throws IOException {
        // So that a server without a limit fails the test; the JDK does not interrupt who waits here.
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // Cut off with what it had sent unread.
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
