package dev.understudy.core.testing;

import dev.understudy.core.config.LimitsSection;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunReport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The most that runs of a script used of each limit, and limits with a margin. The rule is {@link #RULE}: times differ
 * with the machine and what else it does, so their margin is the widest.
 *
 * @param runs how many were measured, at least 1
 * @param entries one for each limit, in the order of the metadata
 */
public record MeasuredUse(int runs, List<Entry> entries) {
    /** How limits are proposed, for people. */
    public static final String RULE = "three times the longest wall time (at least 1s) and the most CPU time (at least"
            + " 500ms), twice the most memory (at least 32MiB), output (at least 4KiB) and disk (at least 64KiB), one and"
            + " a half times the most processes (at least 1) and open files (at least 16), each rounded up; what cannot"
            + " be told keeps its limit";

    private static final long LONGEST_MILLIS = Duration.ofHours(24).toMillis();

    public MeasuredUse {
        if (runs < 1) throw new IllegalArgumentException("runs must be at least 1, was " + runs);
        entries = List.copyOf(entries);
    }

    /** What is counted. */
    public enum Unit {
        MILLISECONDS,
        BYTES,
        COUNT
    }

    /**
     * One limit.
     *
     * @param name in metadata
     * @param used the most that a run used; 0 if none used any, or it cannot be told
     * @param current what is allowed now
     * @param proposed what would be enough
     */
    public record Entry(String name, Unit unit, long used, long current, long proposed) {
        /** The proposal as metadata has it, quotes included where it is a text. */
        String metadata() {
            return name + " = "
                    + switch (unit) {
                        case MILLISECONDS -> "\"" + time(proposed) + "\"";
                        case BYTES -> "\"" + size(proposed) + "\"";
                        case COUNT -> Long.toString(proposed);
                    };
        }
    }

    /**
     * What runs under these limits used.
     *
     * @param reports of runs that ended by themselves; at least one
     */
    public static MeasuredUse of(Collection<RunReport> reports, Limits current) {
        long wall = most(reports, report -> ceilMillis(report.duration()));
        long cpu = most(reports, report -> ceilMillis(report.usage().cpuTime()));
        long memory = most(reports, report -> report.usage().peakMemoryBytes());
        long processes = most(reports, report -> report.usage().processes());
        long output = most(reports, report -> report.usage().outputBytes());
        long disk = most(reports, report -> report.usage().diskBytes());
        long files = most(reports, report -> report.usage().openFiles());
        long memoryNow = current.memoryBytes();
        return new MeasuredUse(
                reports.size(),
                List.of(
                        time("wall", wall, current.wallTime(), 1000),
                        time("cpu", cpu, current.cpuTime(), 500),
                        size("memory", memory, memoryNow, memory == 0 ? memoryNow : Math.max(2 * memory, 32L << 20)),
                        count("processes", processes, current.processes(), 1, LimitsSection.MAX_PROCESSES),
                        size("output", output, current.outputBytes(), Math.max(2 * output, 4L << 10)),
                        size("disk", disk, current.diskBytes(), Math.max(2 * disk, 64L << 10)),
                        count("files", files, current.openFiles(), 16, LimitsSection.MAX_OPEN_FILES)));
    }

    private static long most(Collection<RunReport> reports, ToLongFunction<RunReport> measure) {
        return reports.stream().mapToLong(measure).max().orElseThrow();
    }

    private static long ceilMillis(Duration duration) {
        return Math.ceilDiv(duration.toNanos(), 1_000_000L);
    }

    private static Entry time(String name, long usedMillis, Duration current, long leastMillis) {
        long enough = Math.max(3 * usedMillis, leastMillis);
        long proposed = enough <= 1000 ? roundUp(enough, 100) : roundUp(enough, 1000);
        return new Entry(name, Unit.MILLISECONDS, usedMillis, current.toMillis(), Math.min(proposed, LONGEST_MILLIS));
    }

    private static Entry size(String name, long used, long current, long enough) {
        return new Entry(name, Unit.BYTES, used, current, roundUp(enough, enough < 1 << 20 ? 1 << 10 : 1 << 20));
    }

    private static Entry count(String name, long used, long current, long least, long most) {
        return new Entry(name, Unit.COUNT, used, current, Math.clamp(Math.ceilDiv(3 * used, 2), least, most));
    }

    private static long roundUp(long value, long step) {
        return Math.ceilDiv(value, step) * step;
    }

    /** The proposal as a line for the metadata, without the comment mark. */
    public String metadataLine() {
        return entries.stream().map(Entry::metadata).collect(Collectors.joining(", ", "limits = { ", " }"));
    }

    private static String time(long millis) {
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String size(long bytes) {
        if (bytes % (1 << 20) == 0) return (bytes >> 20) + "MiB";
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
