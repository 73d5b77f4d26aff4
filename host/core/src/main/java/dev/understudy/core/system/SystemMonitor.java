package dev.understudy.core.system;

import dev.understudy.core.engine.HostTime;
import dev.understudy.core.system.Machine.Devices;
import dev.understudy.core.system.Machine.ProcessCounters;
import dev.understudy.core.system.Machine.Totals;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Samples this machine, once for each call of {@link #sample}, and keeps the last ten minutes of samples a second apart.
 *
 * <p>What all processors, the memory and (on Linux) the devices did is read each time. The processes, and elsewhere the
 * devices, are read as often as {@value #DEAR_SHARE} of a core allows, at least once a minute; in between, their last
 * figures stand. {@link #sample} is called by one thread, the rest by any.
 */
public final class SystemMonitor {
    static final int MAX_SAMPLES = 600;
    static final int MAX_PROCESSES = 64;

    /** Of each of the two readings that may be dear. */
    static final double DEAR_SHARE = 0.0015;

    private static final double NANOS = 1e9;
    private static final int LINUX_NAME_LENGTH = 15;

    private final Supplier<Machine> opener;
    private final HostTime time;
    private final Set<String> names;
    private final Pace devicePace = new Pace(DEAR_SHARE);
    private final Pace processPace = new Pace(DEAR_SHARE);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Average average = new Average(MAX_SAMPLES);

    private @Nullable Machine machine;
    private @Nullable Reading<Totals> totals;
    private @Nullable Reading<Devices> devices;
    private @Nullable Reading<Map<Long, ProcessCounters>> processes;
    private Disks disks = new Disks(0, 0, 0);
    private Network network = new Network(0, 0, 0);
    private double swapBytesPerSecond;
    private Connections connections = Connections.NONE;
    private final StallShares stallShares = new StallShares();
    private @Nullable Pressure pressure;
    private Scan scan = new Scan(List.of(), 0);

    /** Counters and when they were read. */
    private record Reading<T>(T counters, long nanos) {}

    /** What the processes did over some seconds. */
    record Scan(List<ProcessSample> processes, double seconds) {}

    /** @param opener called by the first sample, since opening takes a tenth of a second */
    SystemMonitor(Supplier<Machine> opener, Set<String> names, HostTime time) {
        this.opener = opener;
        this.time = time;
        this.names = new HashSet<>(names);
        for (String name : names)
            if (name.length() > LINUX_NAME_LENGTH) this.names.add(name.substring(0, LINUX_NAME_LENGTH));
    }

    /**
     * Of this machine.
     *
     * @param names of processes that every snapshot holds, however little they do
     */
    public static SystemMonitor here(Set<String> names) {
        return new SystemMonitor(Machine::here, names, HostTime.system());
    }

    /**
     * Reads the counters; from the second time on there is a snapshot.
     *
     * @throws IOException if the system does not tell
     */
    public void sample() throws IOException {
        long now = time.nanos();
        Machine machine = opened();
        readDevices(machine);
        readProcesses(machine);
        Reading<Totals> before = totals;
        Totals read = machine.totals();
        if (before != null && now - before.nanos() <= 0) return;
        totals = new Reading<>(read, now);
        if (before == null) return;
        var snapshot = new SystemSnapshot(
                time.instant(),
                Duration.ofNanos(now - before.nanos()),
                Rates.processor(before.counters(), read),
                read.memory(),
                disks,
                network,
                scan.processes(),
                pressure,
                swapBytesPerSecond,
                connections);
        average.add(snapshot, scan);
    }

    private Machine opened() {
        Machine opened = machine;
        if (opened == null) {
            opened = opener.get();
            machine = opened;
        }
        return opened;
    }

    private void readDevices(Machine machine) throws IOException {
        long now = time.nanos();
        if (!devicePace.isDue(now)) return;
        long cpu = threads.getCurrentThreadCpuTime();
        Devices read = machine.devices();
        devicePace.measured(now, threads.getCurrentThreadCpuTime() - cpu);
        Reading<Devices> before = devices;
        devices = new Reading<>(read, now);
        if (before == null || now <= before.nanos()) return;
        double seconds = (now - before.nanos()) / NANOS;
        pressure = stallShares.since(before.counters().stalls(), read.stalls(), seconds);
        swapBytesPerSecond = Rates.swapBytesPerSecond(before.counters(), read, seconds);
        connections = Rates.connections(before.counters(), read, seconds);
        disks = Rates.disks(before.counters(), read, seconds);
        network = Rates.network(before.counters(), read, seconds);
    }

    private void readProcesses(Machine machine) throws IOException {
        long now = time.nanos();
        if (!processPace.isDue(now)) return;
        long cpu = threads.getCurrentThreadCpuTime();
        Map<Long, ProcessCounters> read = new HashMap<>();
        for (ProcessCounters each : machine.processes()) read.put(each.pid(), each);
        Reading<Map<Long, ProcessCounters>> before = processes;
        processes = new Reading<>(read, now);
        if (before != null && now > before.nanos()) {
            double seconds = (now - before.nanos()) / NANOS;
            scan = new Scan(busiest(before.counters(), read.values(), seconds), seconds);
        }
        processPace.measured(now, threads.getCurrentThreadCpuTime() - cpu);
    }

    private List<ProcessSample> busiest(
            Map<Long, ProcessCounters> before, Iterable<ProcessCounters> now, double seconds) {
        var active = new ArrayList<ProcessSample>();
        var named = new ArrayList<ProcessSample>();
        for (ProcessCounters each : now) {
            ProcessCounters earlier = before.get(each.pid());
            if (earlier != null && earlier.started() != each.started()) earlier = null;
            boolean byName = names.contains(each.name());
            if (each.equals(earlier) && !byName) continue;
            ProcessSample sample = Rates.process(earlier, each, seconds);
            if (byName) named.add(sample);
            else if (sample.cpuCores() > 0 || sample.ioBytesPerSecond() > 0) active.add(sample);
        }
        active.sort(Average.BUSIEST_FIRST);
        named.sort(Average.BUSIEST_FIRST);
        var samples = new ArrayList<>(active.subList(0, Math.min(MAX_PROCESSES, active.size())));
        // A name that a hundred processes share must not fill the memory.
        samples.addAll(named.subList(0, Math.min(MAX_PROCESSES, named.size())));
        samples.sort(Average.BUSIEST_FIRST);
        return samples;
    }

    /** What the machine did in the last second; empty before the second sample. */
    public Optional<SystemSnapshot> latest() {
        return average.latest();
    }

    /**
     * What the machine did on average.
     *
     * @param window up to now, at most ten minutes; the samples are a second apart
     * @return over as much of the window as there are samples of; empty before the second sample
     */
    public Optional<SystemSnapshot> average(Duration window) {
        return average.over(window);
    }

    /** The snapshots of the last while, the oldest first: at most ten minutes of them. */
    public List<SystemSnapshot> history(Duration window) {
        return average.history(window);
    }
}
