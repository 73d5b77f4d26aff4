package dev.understudy.app.web;

import com.sun.management.OperatingSystemMXBean;
import dev.understudy.core.Understudy;
import dev.understudy.core.system.SystemWatch;
import dev.understudy.spi.system.SystemSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Optional;

/**
 * How busy the machine and this process are.
 *
 * @param machine what it did in the last second; empty in the first
 * @param workload what kind of work it does, by name; empty while nobody knows
 * @param hostCpuPercent of all processors that this process has; NaN if it cannot be told
 * @param heapBytes that this process uses
 */
record HostLoad(Optional<SystemSnapshot> machine, String workload, double hostCpuPercent, long heapBytes) {
    static final HostLoad UNKNOWN = new HostLoad(Optional.empty(), "", Double.NaN, 0);

    /** Of all processors; NaN if it is not known. */
    double cpuPercent() {
        return machine.map(SystemSnapshot::cpuPercent).orElse(Double.NaN);
    }

    /** Of the machine's memory; NaN if it is not known. */
    double memoryPercent() {
        return machine.map(SystemSnapshot::memoryPercent).orElse(Double.NaN);
    }

    double ioBytesPerSecond() {
        return machine.map(SystemSnapshot::ioBytesPerSecond).orElse(Double.NaN);
    }

    double networkBytesPerSecond() {
        return machine.map(SystemSnapshot::networkBytesPerSecond).orElse(Double.NaN);
    }

    /** Asks the engine's watch, and the JDK about this process. Used by one thread: shares are since the last answer. */
    static final class Source {
        private final Understudy understudy;
        private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

        Source(Understudy understudy) {
            this.understudy = understudy;
        }

        HostLoad read() {
            Optional<SystemWatch> watch = understudy.systemWatch();
            double own = system.getProcessCpuLoad();
            return new HostLoad(
                    watch.flatMap(SystemWatch::latest),
                    watch.map(each -> each.workload().workload().id()).orElse(""),
                    own < 0 ? Double.NaN : 100 * own,
                    memory.getHeapMemoryUsage().getUsed());
        }
    }
}
