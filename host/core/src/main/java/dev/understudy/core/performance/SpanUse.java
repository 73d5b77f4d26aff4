package dev.understudy.core.performance;

import dev.understudy.spi.performance.ResourceUse;
import java.util.List;
import java.util.Map;

/**
 * What a span says of its process or container, by the names of OpenTelemetry's semantic conventions (1.37, "Process metrics",
 * "Container metrics", "K8s metrics") and of its collector's receivers: shares as they are, and amounts against the limit that
 * the span or its resource names. What is no share of anything known stays unknown.
 */
final class SpanUse {
    private static final List<String> CPU_SHARES = List.of(
            "process.cpu.utilization",
            "container.cpu.utilization",
            "k8s.container.cpu_limit_utilization",
            "k8s.pod.cpu_limit_utilization");
    private static final List<String> CPU_CORES = List.of("container.cpu.usage", "k8s.pod.cpu.usage");
    private static final List<String> CPU_LIMITS =
            List.of("container.cpu.limit", "k8s.container.cpu.limit", "process.cpu.limit");
    private static final List<String> MEMORY_SHARES = List.of(
            "process.memory.utilization",
            "container.memory.utilization",
            "k8s.container.memory_limit_utilization",
            "k8s.pod.memory_limit_utilization");
    private static final List<String> MEMORY_BYTES = List.of(
            "process.memory.usage",
            "container.memory.usage",
            "container.memory.working_set",
            "k8s.pod.memory.usage",
            "container.memory.usage.total");
    private static final List<String> MEMORY_LIMITS = List.of(
            "container.memory.limit",
            "container.memory.usage.limit",
            "k8s.container.memory.limit",
            "process.memory.limit",
            "system.memory.limit");

    private static final List<String> DISK_BYTES = List.of("process.disk.io", "container.disk.io");
    private static final List<String> DISK_READ = List.of("process.disk.io.read", "container.disk.io.read");
    private static final List<String> DISK_WRITTEN = List.of("process.disk.io.write", "container.disk.io.write");

    private SpanUse() {}

    /**
     * Reads it.
     *
     * @param span its attributes
     * @param resource attributes of what made it, which hold for all its spans
     * @param seconds how long the span took
     */
    static ResourceUse of(Map<String, String> span, Map<String, String> resource, double seconds) {
        return new ResourceUse(cpuPercent(span, resource, seconds), memoryPercent(span, resource), ioBytes(span));
    }

    /** What the span itself says: of a process or container it would be a sum since its start. */
    private static double ioBytes(Map<String, String> span) {
        double all = first(DISK_BYTES, span, Map.of());
        if (!Double.isNaN(all)) return all;
        double read = first(DISK_READ, span, Map.of());
        double written = first(DISK_WRITTEN, span, Map.of());
        if (Double.isNaN(read)) return written;
        return Double.isNaN(written) ? read : read + written;
    }

    private static double cpuPercent(Map<String, String> span, Map<String, String> resource, double seconds) {
        double share = share(first(CPU_SHARES, span, resource));
        if (!Double.isNaN(share)) return 100 * share;
        double limit = first(CPU_LIMITS, span, resource);
        double cores = limit > 0 ? limit : 1;
        double used = first(CPU_CORES, span, resource);
        if (!Double.isNaN(used)) return 100 * used / cores;
        // Of a process it is a sum since its start, which no span can have used up within its time.
        double time = first(List.of("process.cpu.time"), span, Map.of());
        return time <= seconds * cores ? 100 * time / seconds / cores : Double.NaN;
    }

    private static double memoryPercent(Map<String, String> span, Map<String, String> resource) {
        double share = share(first(MEMORY_SHARES, span, resource));
        if (!Double.isNaN(share)) return 100 * share;
        double percent = first(List.of("container.memory.percent"), span, resource);
        if (percent <= 100) return percent;
        double limit = first(MEMORY_LIMITS, span, resource);
        return limit > 0 ? 100 * first(MEMORY_BYTES, span, resource) / limit : Double.NaN;
    }

    /** Some write percentages where shares belong: above one, nobody can tell. */
    private static double share(double value) {
        return value <= 1 ? value : Double.NaN;
    }

    private static double first(List<String> names, Map<String, String> span, Map<String, String> resource) {
        for (String name : names) {
            String text = span.getOrDefault(name, resource.get(name));
            if (text == null) continue;
            try {
                double value = Double.parseDouble(text);
                if (value >= 0 && value < Double.POSITIVE_INFINITY) return value;
            } catch (NumberFormatException _) {
                // Whatever it is, it is no amount.
            }
        }
        return Double.NaN;
    }
}
