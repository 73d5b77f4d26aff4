package dev.understudy.fleet;

import dev.understudy.core.config.FleetSection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real nats-server as a process of its own, on the loopback interface. */
final class NatsServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final String more;
    private Process process;

    private NatsServer(Path folder, int port, String more) {
        this.folder = folder;
        this.port = port;
        this.more = more;
        process = start();
    }

    /** Skips the test where there is no nats-server. */
    static NatsServer start(Path folder) {
        return start(folder, "");
    }

    /** As above, with more lines in its configuration. */
    static NatsServer start(Path folder, String more) {
        Assumptions.assumeTrue(
                Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "nats-server"))),
                "nats-server is not installed (Debian: nats-server)");
        return new NatsServer(folder, freePort(), more);
    }

    private static int freePort() {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start() {
        try {
            Path configuration = Files.writeString(
                    folder.resolve("nats.conf"), """
                    host: 127.0.0.1
                    port: %d
                    jetstream { store_dir: "%s" }
                    %s
                    """.formatted(port, folder.resolve("jetstream"), more));
            Process started = new ProcessBuilder("nats-server", "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("nats.log").toFile()))
                    .start();
            while (!answers()) {
                if (!started.isAlive()) throw new AssertionError(Files.readString(folder.resolve("nats.log")));
                LockSupport.parkNanos(5_000_000);
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Kills it at once (SIGKILL), as a crash would, and starts it again on the same files. */
    void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    /** Kills it at once and leaves it so. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void revive() {
        process = start();
    }

    int port() {
        return port;
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    FleetSection section() {
        return new FleetSection(Optional.of(url()), Optional.empty(), Optional.empty(), List.of(), List.of(), 0);
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
