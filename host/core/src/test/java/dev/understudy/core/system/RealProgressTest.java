package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Work that goes well and the same going badly, made here and seen by the real monitor: the first scores higher. What cannot be
 * made here, swapping, is what {@code WeightsTest} has of it.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/pressure, which Linux alone has")
class RealProgressTest {
    private static final int SECONDS = 4;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong work = new AtomicLong();
    private volatile boolean ended;

    @BeforeEach
    void thePressureIsTold() {
        assumeTrue(Files.isReadable(Path.of("/proc/pressure/cpu")), "this kernel has no /proc/pressure");
    }

    @AfterEach
    void end() throws InterruptedException {
        ended = true;
        for (Thread each : threads) each.join();
        threads.clear();
        ended = false;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void repeat(int count, Step step) {
        for (int i = 0; i < count; i++)
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!ended) step.run();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
    }

    private static SystemSnapshot seen() throws IOException {
        return SecondBySecond.seen(SystemMonitor.here(Set.of()), SECONDS);
    }

    /** What is seen while next to nothing but this process computes, which alone tells a core that waits from one that works. */
    private SystemSnapshot seenAlone() throws IOException {
        var own = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = own.getProcessCpuTime();
        long start = System.nanoTime();
        SystemSnapshot seen = seen();
        double ownCores = (own.getProcessCpuTime() - before) / (double) (System.nanoTime() - start);
        assumeTrue(seen.processor().busy() * CORES - ownCores < 0.3, "other work keeps this machine's processors busy");
        return seen;
    }

    private static double score(Workload workload, SystemSnapshot measured, SystemSnapshot reference) {
        OptimizationProfile profile = OptimizationProfile.DEFAULTS.get(workload);
        if (profile == null) throw new AssertionError();
        return profile.weights().score(workload, measured, reference);
    }

    private static void assertBetter(Workload workload, SystemSnapshot better, SystemSnapshot worse) {
        assertThat(score(workload, better, better))
                .as("%s%n%s", better, worse)
                .isGreaterThan(score(workload, worse, better));
        assertThat(score(workload, better, worse))
                .as("%s%n%s", better, worse)
                .isGreaterThan(score(workload, worse, worse));
    }

    private void compute() {
        double sum = work.get();
        for (int i = 0; i < 200_000; i++) sum += Math.sqrt(sum + i);
        work.addAndGet(sum > 0 ? 1 : 2);
    }

    @Test
    void allCoresComputingIsBetterThanHalfOfThemStalledByALock() throws Exception {
        assumeTrue(CORES > 1, "one core cannot be stalled to half");
        repeat(CORES, this::compute);
        SystemSnapshot computing = seenAlone();
        end();
        Object[] locks = new Object[CORES / 2];
        for (int i = 0; i < locks.length; i++) locks[i] = new Object();
        for (int i = 0; i < CORES; i++) {
            Object lock = locks[i % locks.length];
            repeat(1, () -> {
                synchronized (lock) {
                    compute();
                }
            });
        }
        SystemSnapshot stalled = seenAlone();
        assertBetter(Workload.HPC_COMPUTE, computing, stalled);
        assertBetter(Workload.GENERAL, computing, stalled);
    }

    @Test
    void aDatabaseReadingIsBetterThanTheSameSwapping() throws Exception {
        Path file = Files.createTempFile(Path.of("target"), "table", ".bin").toAbsolutePath();
        try {
            assumeFalse(Files.getFileStore(file).type().equals("tmpfs"), "the build's folder lies on no disk");
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (int i = 0; i < 64; i++) channel.write(ByteBuffer.wrap(new byte[1 << 20]));
                channel.force(true);
            }
            repeat(1, () -> read(file));
            SystemSnapshot reading = seen();
            assumeTrue(
                    reading.disks().readBytesPerSecond() > 1e6,
                    "the disk of the build's folder is none that is counted");
            // Ten times the traffic, nearly all of it swap; processors and programs wait for it.
            double swap = 10 * reading.ioBytesPerSecond();
            var swapping = new SystemSnapshot(
                    reading.at(),
                    reading.interval(),
                    new Processor(CORES, reading.processor().user() / 4, 0.05, 0.6),
                    reading.memory(),
                    new Disks(swap / 2 + reading.disks().readBytesPerSecond() / 10, swap / 2, 1),
                    reading.network(),
                    List.of(),
                    new Pressure(0.05, 0.9, 0.7, 0.95, 0.8),
                    swap,
                    reading.connections());
            assertBetter(Workload.DATABASE, reading, swapping);
        } finally {
            end();
            Files.delete(file);
        }
    }

    /** The table past the cache, and what a database makes of it. */
    private void read(Path file) throws IOException {
        Process reader = new ProcessBuilder("dd", "if=" + file, "bs=64k", "iflag=direct")
                .redirectError(Redirect.DISCARD)
                .start();
        try (InputStream table = reader.getInputStream()) {
            var page = new byte[1 << 16];
            long sum = 0;
            int size;
            while (!ended && (size = table.read(page)) > 0) for (int i = 0; i < size; i++) sum += page[i];
            work.addAndGet(sum);
        } finally {
            reader.destroyForcibly();
        }
    }

    @Test
    void aWebServerServingIsBetterThanTheSameWithHalfItsConnectionsReset() throws Exception {
        SystemSnapshot serving = seenServing(0);
        end();
        SystemSnapshot failing = seenServing(2);
        assertThat(serving.connections().triedPerSecond()).isGreaterThan(10);
        assertThat(failing.connections().failedPerSecond()).isGreaterThan(10);
        assertBetter(Workload.WEB_SERVER, serving, failing);
    }

    /** @param each of so many connections one is reset before its answer; 0 for none */
    private SystemSnapshot seenServing(int each) throws Exception {
        var number = new AtomicInteger();
        var answer = new byte[1 << 14];
        try (var server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(100);
            repeat(2, () -> {
                try (Socket socket = server.accept()) {
                    if (each > 0 && number.getAndIncrement() % each == 0) socket.setSoLinger(true, 0);
                    else socket.getOutputStream().write(answer);
                } catch (IOException _) {
                    // Nobody came, or somebody left.
                }
            });
            // So many a second: who is served sooner does not ask for more.
            repeat(2, () -> {
                LockSupport.parkNanos(5_000_000);
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 1000);
                    InputStream in = socket.getInputStream();
                    while (in.read(new byte[1 << 12]) >= 0) {}
                } catch (IOException _) {
                    // Reset.
                }
            });
            // Who has half of a processor answers half as often, in one of the two as in the other.
            SystemSnapshot seen = seenAlone();
            end();
            return seen;
        }
    }
}
