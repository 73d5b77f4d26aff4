package dev.understudy.plugins.workloads;

import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pf4j.Extension;

/**
 * Puts each busy process down to a kind of work, by its name where that tells and else by what it does, and takes the machine
 * for what most of the effort goes into. Where nothing has half of it, the work is general.
 */
@Extension
public final class ProcessDetector implements WorkloadDetector {
    /** In cores; below it a machine counts as doing nothing much. */
    private static final double MIN_EFFORT = 0.15;

    /** In cores; from it on the work is as certain as its share says. */
    private static final double FULL_EFFORT = 0.5;

    /** A computation keeps its core: less is a program that waits. */
    private static final double COMPUTING_CORES = 0.7;

    /** Where more want to compute than there are cores, each gets less. */
    private static final double CROWDED_CORES = 0.1;

    private static final double CROWDED_PERCENT = 90;

    /** Computations seldom call the kernel. */
    private static final double COMPUTING_SYSTEM_SHARE = 0.25;

    private static final double MOVING_BYTES_PER_SECOND = 8e6;

    /** A program that answers over the network spends much of its time in the kernel, and the network shows it. */
    private static final double SERVING_SYSTEM_SHARE = 0.15;

    private static final double SERVING_BYTES_PER_SECOND = 5e5;

    /** Of work by programs that are not seen. */
    private static final double UNKNOWN = 0.2;

    /** What a program does says less than what it is. */
    private static final double GUESSED = 0.8;

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public WorkloadEstimate estimate(SystemSnapshot snapshot) {
        double allBytes = snapshot.processes().stream()
                .mapToDouble(ProcessSample::ioBytesPerSecond)
                .sum();
        var tally = new Tally();
        for (ProcessSample process : snapshot.processes()) {
            if (Programs.isKernel(process.name()) || Programs.isClient(process.name())) continue;
            tally.add(kind(process, snapshot), process, Effort.of(process, snapshot, allBytes));
        }
        double all = tally.total();
        if (all < MIN_EFFORT) {
            double hidden = snapshot.processor().busy() * snapshot.processor().cores()
                    + snapshot.disks().busy();
            return hidden < FULL_EFFORT
                    ? new WorkloadEstimate(Workload.GENERAL, 0.9, List.of("nothing much runs", machine(snapshot)))
                    : new WorkloadEstimate(
                            Workload.GENERAL,
                            UNKNOWN,
                            List.of("the machine works, and none of the programs seen here does", machine(snapshot)));
        }
        Workload most = tally.most();
        double share = tally.of(most).total() / all;
        if (share < 0.5)
            return new WorkloadEstimate(
                    Workload.GENERAL,
                    Math.clamp(1.2 * (1 - share), 0.5, 0.9),
                    List.of("no kind of work has half of it: " + tally.shares(), machine(snapshot)));
        double certainty = Math.min(1, tally.of(most).total() / FULL_EFFORT);
        double confidence = share * certainty * (tally.isNamed(most) ? 1 : GUESSED);
        var evidence = new ArrayList<>(tally.programs(most));
        evidence.add(machine(snapshot));
        if (most.equals(Workload.GENERAL)) return new WorkloadEstimate(most, Math.max(0.5, confidence), evidence);
        return new WorkloadEstimate(most, confidence, evidence, tally.processes(most));
    }

    private static Workload kind(ProcessSample process, SystemSnapshot snapshot) {
        if (Programs.isDatabase(process.name())) return Workload.DATABASE;
        if (Programs.isWebServer(process.name())) return Workload.WEB_SERVER;
        if (process.ioBytesPerSecond() >= MOVING_BYTES_PER_SECOND) return Workload.IO_INTENSIVE;
        if (Programs.isRuntime(process.name())
                && process.systemShare() >= SERVING_SYSTEM_SHARE
                && snapshot.networkBytesPerSecond() + snapshot.network().loopbackBytesPerSecond()
                        >= SERVING_BYTES_PER_SECOND) return Workload.WEB_SERVER;
        double cores = snapshot.cpuPercent() >= CROWDED_PERCENT ? CROWDED_CORES : COMPUTING_CORES;
        boolean computing = process.cpuCores() >= cores && process.systemShare() <= COMPUTING_SYSTEM_SHARE;
        return computing ? Workload.HPC_COMPUTE : Workload.GENERAL;
    }

    private static String machine(SystemSnapshot snapshot) {
        return String.format(
                Locale.ROOT,
                "processors %.0f %% busy and %.0f %% waiting for disks, disks %.1f MB/s and %.0f %% busy, network %.1f MB/s"
                        + " and %.1f MB/s within the machine",
                snapshot.cpuPercent(),
                100 * snapshot.processor().ioWait(),
                snapshot.ioBytesPerSecond() / 1e6,
                100 * snapshot.disks().busy(),
                snapshot.networkBytesPerSecond() / 1e6,
                snapshot.network().loopbackBytesPerSecond() / 1e6);
    }

    /** The effort that goes into each kind of work, and by which programs. */
    private static final class Tally {
        private static final int MAX_PROGRAMS = 3;

        private final Map<Workload, Effort> efforts = new HashMap<>();
        private final Map<Workload, Map<String, Effort>> programs = new HashMap<>();

        private final Map<Workload, Set<Long>> processes = new HashMap<>();

        void add(Workload kind, ProcessSample process, Effort effort) {
            processes.computeIfAbsent(kind, _ -> new HashSet<>()).add(process.pid());
            efforts.merge(kind, effort, Effort::plus);
            programs.computeIfAbsent(kind, _ -> new LinkedHashMap<>()).merge(process.name(), effort, Effort::plus);
        }

        Set<Long> processes(Workload kind) {
            return processes.getOrDefault(kind, Set.of());
        }

        Effort of(Workload kind) {
            return efforts.getOrDefault(kind, Effort.NONE);
        }

        double total() {
            return efforts.values().stream().mapToDouble(Effort::total).sum();
        }

        Workload most() {
            Workload most = Workload.GENERAL;
            for (Workload each : Workload.KNOWN) if (of(each).total() > of(most).total()) most = each;
            return most;
        }

        boolean isNamed(Workload kind) {
            return programs.getOrDefault(kind, Map.of()).keySet().stream()
                    .anyMatch(name -> Programs.isDatabase(name) || Programs.isWebServer(name));
        }

        String shares() {
            double all = total();
            var shares = new ArrayList<String>();
            for (Workload each : Workload.KNOWN)
                if (of(each).total() > 0)
                    shares.add(String.format(Locale.ROOT, "%s %.0f %%", each.id(), 100 * of(each).total() / all));
            return String.join(", ", shares);
        }

        List<String> programs(Workload kind) {
            double all = total();
            return programs.getOrDefault(kind, Map.of()).entrySet().stream()
                    .sorted(Map.Entry.comparingByValue((a, b) -> Double.compare(b.total(), a.total())))
                    .limit(MAX_PROGRAMS)
                    .map(each -> String.format(
                            Locale.ROOT,
                            "%s takes %.2f cores and %.0f %% of the busiest disk: %.0f %% of what runs",
                            each.getKey(),
                            each.getValue().cores(),
                            100 * each.getValue().disks(),
                            100 * each.getValue().total() / all))
                    .toList();
        }
    }
}
