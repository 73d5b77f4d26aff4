package dev.understudy.bench;

import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the cells of this process hold and use while they wait: resident memory as Linux counts it, shared pages
 * included, and processor time as a share of one core.
 */
final class IdleCells {
    /** After this long without a run a cell has given back what it can. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long WATCHED_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String MAIN = "dev.understudy.sandbox.cell.CellMain serve ";

    private final Tier tier;

    IdleCells(Tier tier) {
        this.tier = tier;
    }

    /** Rows for each language that has a cell; none where the system does not tell. Takes half a minute. */
    List<Row> measure() throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self"))) return List.of();
        stayIdle(SETTLE_NANOS);
        var rows = new ArrayList<Row>();
        List<ProcessHandle> javaScript = cells("js");
        List<ProcessHandle> python = cells("python");
        long start = System.nanoTime();
        Duration javaScriptBefore = cpuTime(javaScript);
        Duration pythonBefore = cpuTime(python);
        stayIdle(WATCHED_NANOS);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!javaScript.isEmpty()) {
            rows.add(memory("JavaScript", javaScript, "150"));
            rows.add(cpu("JavaScript", javaScript, javaScriptBefore, seconds));
        }
        if (!python.isEmpty()) {
            rows.add(memory("Python", python, ""));
            rows.add(cpu("Python", python, pythonBefore, seconds));
        }
        return rows;
    }

    private static void stayIdle(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) LockSupport.parkNanos(end - System.nanoTime());
    }

    /** The Java processes themselves, not the jail's around them. */
    private static List<ProcessHandle> cells(String language) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("/java"))
                        .isPresent())
                .filter(process -> commandLine(process).contains(MAIN + language))
                .toList();
    }

    /** All of it: Java's own view ends after a page, and a class path is long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException _) {
            // It has ended meanwhile.
            return "";
        }
    }

    private Row memory(String language, List<ProcessHandle> cells, String goal) throws IOException {
        var megabytes = new ArrayList<Double>();
        for (ProcessHandle cell : cells) megabytes.add(residentBytes(cell) / 1e6);
        megabytes.sort(null);
        return new Row(
                language + ", idle cell, resident memory",
                "MB",
                megabytes.get((megabytes.size() - 1) / 2),
                megabytes.getLast(),
                megabytes.size(),
                extra(goal));
    }

    private Row cpu(String language, List<ProcessHandle> cells, Duration before, double seconds) {
        double used = cpuTime(cells).minus(before).toNanos() / 1e9;
        double percent = 100 * used / seconds / cells.size();
        return new Row(
                language + ", idle cell, processor", "% of a core", percent, percent, cells.size(), extra("0.1"));
    }

    private Map<String, Object> extra(String goal) {
        return Map.of("goal", goal, "tier", tier.id());
    }

    private static long residentBytes(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    private static Duration cpuTime(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}
