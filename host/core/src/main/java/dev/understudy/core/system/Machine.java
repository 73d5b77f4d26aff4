package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot.Memory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a machine counts. Used by one thread. */
interface Machine {
    /** Cheap everywhere. */
    Totals totals() throws IOException;

    /** Dear on some systems. */
    Devices devices() throws IOException;

    /** Dear where there are many. */
    List<ProcessCounters> processes() throws IOException;

    /** This machine. */
    static Machine here() {
        return System.getProperty("os.name").equals("Linux") ? new LinuxMachine() : new OshiMachine();
    }

    /**
     * Time that all cores together have spent since the start, in any one unit.
     *
     * @param ioWait part of the time that was neither user nor system nor idle
     * @param interrupts part of {@code system}
     * @param guest part of {@code user}
     */
    record Totals(
            int cores,
            double user,
            double system,
            double ioWait,
            double idle,
            double interrupts,
            double guest,
            Memory memory) {

        /** Of a system that counts neither interrupts nor guests. */
        Totals(int cores, double user, double system, double ioWait, double idle, Memory memory) {
            this(cores, user, system, ioWait, idle, 0, 0, memory);
        }
    }

    /**
     * What devices have done since the start.
     *
     * @param busyMillis of each disk, how long it had something to do
     * @param swappedBytes from and to swap
     * @param triedConnections begun from here or from elsewhere, dropped ones among them
     * @param stalls null where the system does not count them
     */
    record Devices(
            long readBytes,
            long writtenBytes,
            Map<String, Long> busyMillis,
            long receivedBytes,
            long sentBytes,
            long loopbackBytes,
            long receivedPackets,
            long sentPackets,
            long swappedBytes,
            long triedConnections,
            long failedConnections,
            @Nullable Stalls stalls) {

        /** Of a system that counts neither packets nor losses. */
        Devices(
                long readBytes,
                long writtenBytes,
                Map<String, Long> busyMillis,
                long receivedBytes,
                long sentBytes,
                long loopbackBytes) {
            this(readBytes, writtenBytes, busyMillis, receivedBytes, sentBytes, loopbackBytes, 0, 0, 0, 0, 0, null);
        }
    }

    /** For how long work has waited since the start, in microseconds; see {@code SystemSnapshot.Pressure}. */
    record Stalls(long cpuSome, long memorySome, long memoryFull, long ioSome, long ioFull) {}

    /**
     * What a process has done since it started.
     *
     * @param started tells it from an earlier one with the same number
     */
    record ProcessCounters(
            long pid,
            long started,
            String name,
            double userSeconds,
            double systemSeconds,
            long memoryBytes,
            long readBytes,
            long writtenBytes,
            int threads) {}
}
