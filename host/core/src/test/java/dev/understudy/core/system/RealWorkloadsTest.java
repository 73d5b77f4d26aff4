package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.plugins.workloads.ProcessDetector;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadEstimate;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real programs, started here, seen by the real monitor, told apart by the built-in detector. What else runs on the machine,
 * such as other builds, is left out of what the detector sees, and so is the time that these programs waited for a processor
 * because of it: with four busy neighbours a loop gets a third of a core, and the least that counts as computing is more.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "starts programs of Debian's packages")
class RealWorkloadsTest {
    private static final int SECONDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Process> started = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() throws Exception {
        for (Process each : started) {
            List<ProcessHandle> all = Stream.concat(each.descendants(), Stream.of(each.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            each.waitFor(10, TimeUnit.SECONDS);
        }
        for (AutoCloseable each : opened) each.close();
    }

    private void start(String... command) throws IOException {
        started.add(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output-" + started.size()).toFile())
                .start());
    }

    private static String program(String name) {
        String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
        for (String each : path.split(File.pathSeparator)) {
            Path file = Path.of(each, name);
            if (Files.isExecutable(file)) return file.toString();
        }
        return assumeInstalled(name);
    }

    private static String assumeInstalled(String name) {
        assumeTrue(false, name + " is not installed");
        return name;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asks the same again and again, many at once, until it is closed. */
    private void ask(int port, String request) throws IOException {
        Socket socket = connect(port);
        opened.add(socket);
        byte[] batch = request.repeat(50).getBytes(StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (!socket.isClosed()) socket.getOutputStream().write(batch);
            } catch (IOException _) {
                // Closed.
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            var buffer = new byte[1 << 16];
            try (InputStream answers = socket.getInputStream()) {
                while (answers.read(buffer) >= 0) {}
            } catch (IOException _) {
                // Closed.
            }
        });
    }

    private static Socket connect(int port) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > end) throw e;
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** What the detector says of some seconds in which only the programs of this test ran. */
    private WorkloadEstimate estimate() throws IOException {
        // By name, since on a busy machine others may be busier than all of ours.
        SystemMonitor monitor = SystemMonitor.here(Set.of("redis-server", "nginx", "sh", "dd"));
        Map<Long, Scheduled> before = scheduled();
        SystemSnapshot seen = SecondBySecond.seen(monitor, SECONDS);
        Map<Long, Scheduled> after = scheduled();
        List<ProcessSample> processes = seen.processes().stream()
                .filter(each -> after.containsKey(each.pid()) || each.name().equals("dd"))
                .map(each -> alone(each, before.get(each.pid()), after.get(each.pid())))
                .toList();
        return new ProcessDetector()
                .estimate(new SystemSnapshot(
                        seen.at(),
                        seen.interval(),
                        seen.processor(),
                        seen.memory(),
                        seen.disks(),
                        seen.network(),
                        processes));
    }

    /** How long a process had a processor, and how long it waited for one that others had, since its start. */
    private record Scheduled(long runNanos, long waitNanos) {
        static Optional<Scheduled> of(long pid) {
            try {
                String[] fields = Files.readString(Path.of("/proc", Long.toString(pid), "schedstat"))
                        .split(" ");
                return Optional.of(new Scheduled(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
            } catch (IOException _) {
                // It has ended, or this kernel does not count: then what it got is all that is known.
                return Optional.empty();
            }
        }
    }

    private Map<Long, Scheduled> scheduled() {
        Map<Long, Scheduled> all = new HashMap<>();
        started.stream()
                .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each.toHandle())))
                .forEach(each -> all.put(each.pid(), Scheduled.of(each.pid()).orElse(new Scheduled(0, 0))));
        return all;
    }

    /** What a process would have used of a machine with nothing else to do. */
    private static ProcessSample alone(ProcessSample seen, @Nullable Scheduled before, @Nullable Scheduled after) {
        if (before == null || after == null || after.runNanos() <= before.runNanos()) return seen;
        double run = after.runNanos() - before.runNanos();
        double wanted = run + after.waitNanos() - before.waitNanos();
        return new ProcessSample(
                seen.pid(),
                seen.name(),
                seen.cpuCores() * wanted / run,
                seen.systemShare(),
                seen.memoryBytes(),
                seen.readBytesPerSecond(),
                seen.writtenBytesPerSecond(),
                seen.threads());
    }

    private void assertTakenFor(Workload workload, String... programs) throws IOException {
        WorkloadEstimate estimate = estimate();
        assertThat(estimate.workload()).as(estimate.toString()).isEqualTo(workload);
        assertThat(estimate.evidence().getFirst()).containsAnyOf(programs);
    }

    @Test
    void redisUnderLoadIsADatabase() throws IOException {
        int port = freePort();
        start(program("redis-server"), "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
        ask(port, "SET key value\r\nGET key\r\n");
        assertTakenFor(Workload.DATABASE, "redis-server");
    }

    @Test
    void nginxUnderLoadIsAWebServer() throws IOException {
        int port = freePort();
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                master_process off;
                worker_processes 1;
                pid nginx.pid;
                error_log stderr;
                events { worker_connections 64; }
                http {
                  access_log off;
                  keepalive_requests 1000000000;
                  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
                  server { listen 127.0.0.1:%d; location / { return 200 "hello"; } }
                }
                """.formatted(port));
        start(program("nginx"), "-p", folder.toString(), "-c", configuration.toString());
        ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTakenFor(Workload.WEB_SERVER, "nginx");
    }

    @Test
    void aLoopIsAComputation() throws IOException {
        start("sh", "-c", "while :; do :; done");
        start("sh", "-c", "while :; do :; done");
        assertTakenFor(Workload.HPC_COMPUTE, "sh");
    }

    @Test
    void ddIsIntensiveInputAndOutput() throws IOException {
        // Beside the build, since a temporary folder may lie in memory.
        Path file = Files.createTempFile(Path.of("target"), "dd", ".bin").toAbsolutePath();
        opened.add(() -> Files.delete(file));
        assumeFalse(Files.getFileStore(file).type().equals("tmpfs"), "the build's folder lies on no disk");
        // Over the same bytes again and again, so that it never fills the disk.
        start(
                "sh",
                "-c",
                "while :; do dd if=/dev/zero of=" + file + " bs=1M count=400 conv=notrunc,fsync 2>/dev/null; done");
        // What a dd has done that has ended is the kernel's account of the shell that waited for it.
        assertTakenFor(Workload.IO_INTENSIVE, "dd", "sh");
    }
}
