package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.WorkloadEstimate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Shows what a machine does. */
final class WorkloadView {
    private static final int MAX_PROCESSES = 8;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private WorkloadView() {}

    /** {@code {workload, confidence, evidence, seconds, cpu_percent, …, pressure, processes}}; pressure where the system tells it. */
    static ObjectNode json(WorkloadEstimate estimate, SystemSnapshot average) {
        return json(estimate.workload().id(), estimate.confidence(), estimate.evidence(), average);
    }

    /** As the other, and {@code since}. */
    static ObjectNode json(DetectedWorkload workload, SystemSnapshot average) {
        return json(workload.workload().id(), workload.confidence(), workload.evidence(), average)
                .put("since", workload.since().toString());
    }

    private static ObjectNode json(String workload, double confidence, List<String> evidence, SystemSnapshot average) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("at", average.at().toString())
                .put("workload", workload)
                .put("confidence", confidence);
        var lines = object.putArray("evidence");
        evidence.forEach(lines::add);
        object.put("seconds", average.interval().toMillis() / 1e3)
                .put("cpu_percent", average.cpuPercent())
                .put("memory_percent", average.memoryPercent())
                .put("io_bytes_per_second", average.ioBytesPerSecond())
                .put("network_bytes_per_second", average.networkBytesPerSecond())
                .put("loopback_bytes_per_second", average.network().loopbackBytesPerSecond())
                .put("swap_bytes_per_second", average.swapBytesPerSecond())
                .put("connections_tried_per_second", average.connections().triedPerSecond())
                .put("connections_failed_per_second", average.connections().failedPerSecond());
        Pressure pressure = average.pressure();
        if (pressure != null)
            object.putObject("pressure")
                    .put("cpu_some", pressure.cpuSome())
                    .put("memory_some", pressure.memorySome())
                    .put("memory_full", pressure.memoryFull())
                    .put("io_some", pressure.ioSome())
                    .put("io_full", pressure.ioFull());
        var processes = object.putArray("processes");
        for (ProcessSample each : average.processes())
            processes
                    .addObject()
                    .put("pid", each.pid())
                    .put("name", each.name())
                    .put("cpu_cores", each.cpuCores())
                    .put("memory_bytes", each.memoryBytes())
                    .put("read_bytes_per_second", each.readBytesPerSecond())
                    .put("written_bytes_per_second", each.writtenBytesPerSecond());
        return object;
    }

    static void print(Console console, WorkloadEstimate estimate, SystemSnapshot average) {
        console.out()
                .println(Style.BOLD.of(console, estimate.workload().id()) + "  "
                        + Style.DIM.of(console, confidence(estimate.confidence())));
        for (String line : estimate.evidence()) console.out().println("  " + Console.printable(line));
        console.out().println("  " + Style.DIM.of(console, pressure(average)));
        if (average.processes().isEmpty()) return;
        console.out().println();
        var table = new Table(
                Table.Column.left("process"),
                Table.Column.right("pid"),
                Table.Column.right("cores"),
                Table.Column.right("memory"),
                Table.Column.right("read/s"),
                Table.Column.right("written/s"));
        for (ProcessSample each :
                average.processes().stream().limit(MAX_PROCESSES).toList())
            table.row(
                    each.name(),
                    each.pid(),
                    String.format(Locale.ROOT, "%.2f", each.cpuCores()),
                    Quantities.bytes(each.memoryBytes()),
                    Quantities.bytes(Math.round(each.readBytesPerSecond())),
                    Quantities.bytes(Math.round(each.writtenBytesPerSecond())));
        table.print(console, "");
    }

    private static String pressure(SystemSnapshot average) {
        Pressure pressure = average.pressure();
        if (pressure == null)
            return "this system tells no pressure (/proc/pressure): without an objective in a profile, settings are only advised";
        return String.format(
                Locale.ROOT,
                "something waited for a processor %.0f %%, for memory %.0f %%, for a disk %.0f %% of the time",
                100 * pressure.cpuSome(),
                100 * pressure.memorySome(),
                100 * pressure.ioSome());
    }

    static String line(Console console, DetectedWorkload workload, SystemSnapshot average) {
        return Style.DIM.of(console, TIME.format(average.at())) + "  "
                + Style.BOLD.of(
                        console,
                        String.format(Locale.ROOT, "%-12s", workload.workload().id()))
                + String.format(
                        Locale.ROOT,
                        "  cpu %3.0f %%  memory %3.0f %%  disks %s/s  network %s/s",
                        average.cpuPercent(),
                        average.memoryPercent(),
                        Quantities.bytes(Math.round(average.ioBytesPerSecond())),
                        Quantities.bytes(Math.round(average.networkBytesPerSecond())));
    }

    private static String confidence(double confidence) {
        return String.format(Locale.ROOT, "confidence %.2f", confidence);
    }
}
