package dev.understudy.core.system;

import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes metrics of the processes that are sampled by name. */
final class ProcessMetrics {
    private static final int LINUX_NAME_LENGTH = 15;

    private ProcessMetrics() {}

    /**
     * One metric for each name that has a process, over all its processes together. A sample is of a moment, so its duration
     * is zero: only its use of processor and memory can be too high. I/O is that of the time that the sample is an average of.
     */
    static List<PerformanceMetric> of(List<String> names, SystemSnapshot average) {
        var metrics = new ArrayList<PerformanceMetric>();
        for (String name : names) {
            double cores = 0;
            long memory = 0;
            double ioBytesPerSecond = 0;
            boolean found = false;
            for (ProcessSample process : average.processes()) {
                if (!isNamed(process, name)) continue;
                found = true;
                cores += process.cpuCores();
                memory += process.memoryBytes();
                ioBytesPerSecond += process.ioBytesPerSecond();
            }
            if (!found) continue;
            metrics.add(new PerformanceMetric(
                    "sample:" + name + ":" + average.at(),
                    name,
                    average.at(),
                    Duration.ZERO,
                    100 * cores,
                    // Shared pages count once for each process, so the sum may come out above the whole.
                    Math.min(100, 100.0 * memory / average.memory().totalBytes()),
                    true,
                    ioBytesPerSecond * average.interval().toMillis() / 1e3));
        }
        return metrics;
    }

    private static boolean isNamed(ProcessSample process, String name) {
        if (process.name().equals(name)) return true;
        return name.length() > LINUX_NAME_LENGTH && process.name().equals(name.substring(0, LINUX_NAME_LENGTH));
    }
}
