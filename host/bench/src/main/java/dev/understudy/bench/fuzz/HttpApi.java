package dev.understudy.bench.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.app.web.Dashboard;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.sandbox.Installation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The dashboard's server, asked by a program that has the token. The input's first line is a request's method and target, the
 * rest its body; an input that starts with a blank is sent as it is, headers and all.
 */
public final class HttpApi {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final Host HOST = Host.start();

    private HttpApi() {}

    /** Starts the host, which takes longer than an input may. */
    public static void fuzzerInitialize() {
        HOST.address();
    }

    /** Asks it, and reads the answer to its end. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String answer = HOST.answer(request(input));
        if (answer.contains("A mistake of Understudy's own")) throw new AssertionError(answer);
    }

    private static byte[] request(byte[] input) {
        String text = new String(input, ISO_8859_1);
        if (text.startsWith(" ")) return text.substring(1).getBytes(ISO_8859_1);
        int line = text.indexOf('\n');
        String first = line < 0 ? text : text.substring(0, line);
        String body = line < 0 ? "" : text.substring(line + 1);
        return (first + " HTTP/1.1\r\nHost: " + HOST.authority + "\r\nAuthorization: Bearer " + HOST.token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(ISO_8859_1);
    }

    private record Host(InetSocketAddress address, String authority, String token) {
        /** Stays until the process ends. */
        static Host start() {
            Path folder = Scratch.folder("api");
            Config config = Config.parse("config.yaml", "dashboard: { port: 0 }\ntriggers: { webhook_port: 0 }\n");
            var installation = Installation.at(
                    Path.of(System.getProperty("understudy.dist")),
                    Path.of(System.getProperty("understudy.root"), "templates"));
            Understudy understudy = Understudy.open(installation, DataHome.open(folder.resolve("home")), config);
            var dashboard = new Dashboard(understudy, "0", _ -> {}, Clock.systemUTC());
            URI link = dashboard.open(engine(understudy)).orElseThrow();
            Runtime.getRuntime().addShutdownHook(new Thread(dashboard::close));
            return new Host(
                    new InetSocketAddress(link.getHost(), link.getPort()),
                    link.getAuthority(),
                    link.getQuery().substring("token=".length()));
        }

        private static Engine engine(Understudy understudy) {
            try {
                return understudy.startEngine(_ -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody ends a fuzzer this way", e);
            }
        }

        String answer(byte[] request) throws IOException {
            try (var socket = new Socket()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(address, PATIENCE_MILLIS);
                OutputStream out = socket.getOutputStream();
                try {
                    out.write(request);
                    socket.shutdownOutput();
                } catch (IOException closed) {
                    // It has refused before it read all; its answer may be there.
                }
                var answer = new ByteArrayOutputStream();
                try {
                    socket.getInputStream().transferTo(answer);
                } catch (SocketTimeoutException e) {
                    // The stream of events never ends; whatever else keeps a program waiting is a fault.
                    if (!answer.toString(UTF_8).contains("text/event-stream"))
                        throw new AssertionError("no answer in " + PATIENCE_MILLIS + " ms", e);
                } catch (IOException reset) {
                    // As above: its end of the connection is its own affair.
                }
                return answer.toString(UTF_8);
            }
        }
    }
}
