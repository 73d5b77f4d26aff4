package dev.understudy.app.web;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * How busy the machine and this process are.
 *
 * @param cpuPercent of all processors, from 0 to 100; NaN if it cannot be told
 * @param memoryPercent of the machine's memory that is in use
 * @param hostCpuPercent of all processors that this process has
 * @param heapBytes that this process uses
 */
record HostLoad(double cpuPercent, double memoryPercent, double hostCpuPercent, long heapBytes) {

    /** Asks the JDK. Used by one thread: what it says of processors is since its last answer. */
    static final class Source {
        private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

        HostLoad read() {
            long total = system.getTotalMemorySize();
            long free = system.getFreeMemorySize();
            return new HostLoad(
                    percent(system.getCpuLoad()),
                    total <= 0 ? Double.NaN : 100.0 * (total - free) / total,
                    percent(system.getProcessCpuLoad()),
                    memory.getHeapMemoryUsage().getUsed());
        }

        private static double percent(double share) {
            return share < 0 ? Double.NaN : 100 * share;
        }
    }
}
