package dev.understudy.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.core.system.Machine.Devices;
import dev.understudy.core.system.Machine.ProcessCounters;
import dev.understudy.core.system.Machine.Stalls;
import dev.understudy.core.system.Machine.Totals;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc, which Linux alone has")
class LinuxMachineTest {
    private final Machine machine = Machine.here();

    private static ProcessCounters self(List<ProcessCounters> processes) {
        long pid = ProcessHandle.current().pid();
        return processes.stream().filter(each -> each.pid() == pid).findFirst().orElseThrow();
    }

    @Test
    void countsWhatThisProcessUses() throws IOException {
        ProcessCounters before = self(machine.processes());
        assertThat(before.name()).isEqualTo("java");
        assertThat(before.threads()).isGreaterThan(5);
        // What the kernel says in kB, in a file for people.
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
        assertThat(before.memoryBytes()).isBetween(resident / 2, resident * 2);
        var threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + 300_000_000L;
        double sum = 0;
        while (threads.getCurrentThreadCpuTime() < end) sum += Math.sqrt(sum + 1);
        assertThat(sum).isPositive();
        ProcessCounters after = self(machine.processes());
        assertThat(after.started()).isEqualTo(before.started());
        assertThat(after.userSeconds() + after.systemSeconds() - before.userSeconds() - before.systemSeconds())
                .isGreaterThanOrEqualTo(0.28);
    }

    @Test
    void agreesWithOshiOnTheWholeMachine() throws IOException {
        var oshi = new OshiMachine();
        Totals totals = machine.totals();
        assertThat(totals.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(totals.memory().totalBytes())
                .isEqualTo(oshi.totals().memory().totalBytes());
        Devices before = oshi.devices();
        Devices read = machine.devices();
        Devices after = oshi.devices();
        assertThat(read.receivedBytes()).isBetween(before.receivedBytes(), after.receivedBytes());
        assertThat(read.sentBytes()).isBetween(before.sentBytes(), after.sentBytes());
        assertThat(read.loopbackBytes()).isBetween(before.loopbackBytes(), after.loopbackBytes());
    }

    private static long total(String file, String kind) throws IOException {
        return Files.readAllLines(Path.of("/proc/pressure", file)).stream()
                .filter(line -> line.startsWith(kind))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*total=", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsThePressureThatTheKernelTells() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/pressure/io")), "this kernel has no /proc/pressure");
        long[] before = {
            total("cpu", "some"),
            total("memory", "some"),
            total("memory", "full"),
            total("io", "some"),
            total("io", "full")
        };
        Stalls stalls = machine.devices().stalls();
        assertThat(stalls).isNotNull();
        if (stalls == null) return;
        assertThat(stalls.cpuSome()).isBetween(before[0], total("cpu", "some"));
        assertThat(stalls.memorySome()).isBetween(before[1], total("memory", "some"));
        assertThat(stalls.memoryFull()).isBetween(before[2], total("memory", "full"));
        assertThat(stalls.ioSome()).isBetween(before[3], total("io", "some"));
        assertThat(stalls.ioFull()).isBetween(before[4], total("io", "full"));
    }

    @Test
    void countsConnectionsAndThoseThatAreRefused() throws IOException {
        Devices before = machine.devices();
        int free;
        try (var server = new ServerSocket(0, 20, InetAddress.getLoopbackAddress())) {
            free = server.getLocalPort();
            for (int i = 0; i < 10; i++) new Socket(server.getInetAddress(), free).close();
        }
        for (int i = 0; i < 10; i++) {
            try (var refused = new Socket(InetAddress.getLoopbackAddress(), free)) {
                assertThat(refused.isConnected()).isFalse();
            } catch (IOException _) {
                // As it should be.
            }
        }
        Devices after = machine.devices();
        assertThat(after.triedConnections() - before.triedConnections()).isGreaterThanOrEqualTo(10);
        assertThat(after.failedConnections() - before.failedConnections()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void countsWhatReachesTheDisk() throws IOException {
        // Beside the build, since a temporary folder may lie in memory.
        Path file = Files.createTempFile(Path.of("target"), "written", ".bin");
        assumeFalse(Files.getFileStore(file).type().equals("tmpfs"), "the build's folder lies on no disk");
        self(machine.processes());
        long before = self(machine.processes()).writtenBytes();
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 40; i++) channel.write(ByteBuffer.wrap(new byte[1 << 18]));
            channel.force(true);
        }
        Files.delete(file);
        var threads = ManagementFactory.getThreadMXBean();
        // A tick of the clock that processes are charged by must pass, or the second file is not looked at.
        long end = threads.getCurrentThreadCpuTime() + 50_000_000L;
        double sum = 0;
        while (threads.getCurrentThreadCpuTime() < end) sum += Math.sqrt(sum + 1);
        assertThat(sum).isPositive();
        assertThat(self(machine.processes()).writtenBytes() - before).isGreaterThanOrEqualTo(40L << 18);
    }
}
