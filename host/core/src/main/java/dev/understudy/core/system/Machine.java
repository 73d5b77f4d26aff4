package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot.Memory;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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
     */
    record Totals(int cores, double user, double system, double ioWait, double idle, Memory memory) {}

    /**
     * What devices have done since the start.
     *
     * @param busyMillis of each disk, how long it had something to do
     */
    record Devices(
            long readBytes,
            long writtenBytes,
            Map<String, Long> busyMillis,
            long receivedBytes,
            long sentBytes,
            long loopbackBytes) {}

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
