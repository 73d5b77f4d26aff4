package dev.understudy.core.system;

import dev.understudy.core.system.SystemMonitor.Scan;
import dev.understudy.spi.system.ProcessSample;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.SystemSnapshot.Connections;
import dev.understudy.spi.system.SystemSnapshot.Disks;
import dev.understudy.spi.system.SystemSnapshot.Memory;
import dev.understudy.spi.system.SystemSnapshot.Network;
import dev.understudy.spi.system.SystemSnapshot.Pressure;
import dev.understudy.spi.system.SystemSnapshot.Processor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The latest snapshots and means over them. Safe for use by several threads. */
final class Average {
    static final Comparator<ProcessSample> BUSIEST_FIRST = Comparator.comparingDouble(ProcessSample::cpuCores)
            .thenComparingDouble(ProcessSample::ioBytesPerSecond)
            .reversed()
            .thenComparingLong(ProcessSample::pid);

    private static final double NANOS = 1e9;

    private final int capacity;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    private record Entry(SystemSnapshot snapshot, Scan scan) {
        double seconds() {
            return snapshot.interval().toNanos() / NANOS;
        }
    }

    Average(int capacity) {
        this.capacity = capacity;
    }

    /** @param scan where the snapshot's processes are from; several snapshots in a row may have one scan */
    synchronized void add(SystemSnapshot snapshot, Scan scan) {
        entries.addLast(new Entry(snapshot, scan));
        if (entries.size() > capacity) entries.removeFirst();
    }

    synchronized Optional<SystemSnapshot> latest() {
        return Optional.ofNullable(entries.peekLast()).map(Entry::snapshot);
    }

    List<SystemSnapshot> history(Duration window) {
        return within(window).stream().map(Entry::snapshot).toList();
    }

    /** The entries of the window, the oldest first. */
    private synchronized List<Entry> within(Duration window) {
        var found = new ArrayList<Entry>();
        Duration covered = Duration.ZERO;
        for (Iterator<Entry> latestFirst = entries.descendingIterator(); latestFirst.hasNext(); ) {
            Entry entry = latestFirst.next();
            if (!found.isEmpty() && covered.compareTo(window) >= 0) break;
            found.add(entry);
            covered = covered.plus(entry.snapshot().interval());
        }
        Collections.reverse(found);
        return found;
    }

    Optional<SystemSnapshot> over(Duration window) {
        List<Entry> found = within(window);
        if (found.isEmpty()) return Optional.empty();
        SystemSnapshot last = found.getLast().snapshot();
        Duration interval =
                found.stream().map(each -> each.snapshot().interval()).reduce(Duration.ZERO, Duration::plus);
        return Optional.of(new SystemSnapshot(
                last.at(),
                interval,
                new Processor(
                        last.processor().cores(),
                        share(found, each -> each.processor().user()),
                        share(found, each -> each.processor().system()),
                        share(found, each -> each.processor().ioWait()),
                        share(found, each -> each.processor().interrupts()),
                        share(found, each -> each.processor().guest())),
                new Memory(
                        last.memory().totalBytes(),
                        (long) mean(found, each -> each.memory().availableBytes()),
                        (long) mean(found, each -> each.memory().swapUsedBytes())),
                new Disks(
                        mean(found, each -> each.disks().readBytesPerSecond()),
                        mean(found, each -> each.disks().writtenBytesPerSecond()),
                        share(found, each -> each.disks().busy())),
                new Network(
                        mean(found, each -> each.network().receivedBytesPerSecond()),
                        mean(found, each -> each.network().sentBytesPerSecond()),
                        mean(found, each -> each.network().loopbackBytesPerSecond()),
                        mean(found, each -> each.network().receivedPacketsPerSecond()),
                        mean(found, each -> each.network().sentPacketsPerSecond())),
                processes(found),
                pressure(found),
                mean(found, SystemSnapshot::swapBytesPerSecond),
                new Connections(
                        mean(found, each -> each.connections().triedPerSecond()),
                        mean(found, each -> each.connections().failedPerSecond()))));
    }

    /** Over those that tell it; null where none does. */
    private static @Nullable Pressure pressure(List<Entry> entries) {
        double cpuSome = 0;
        double memorySome = 0;
        double memoryFull = 0;
        double ioSome = 0;
        double ioFull = 0;
        double seconds = 0;
        for (Entry each : entries) {
            Pressure told = each.snapshot().pressure();
            if (told == null) continue;
            cpuSome += told.cpuSome() * each.seconds();
            memorySome += told.memorySome() * each.seconds();
            memoryFull += told.memoryFull() * each.seconds();
            ioSome += told.ioSome() * each.seconds();
            ioFull += told.ioFull() * each.seconds();
            seconds += each.seconds();
        }
        if (seconds == 0) return null;
        return new Pressure(
                Math.min(1, cpuSome / seconds),
                Math.min(1, memorySome / seconds),
                Math.min(1, memoryFull / seconds),
                Math.min(1, ioSome / seconds),
                Math.min(1, ioFull / seconds));
    }

    private static double mean(List<Entry> entries, ToDoubleFunction<SystemSnapshot> figure) {
        double sum = 0;
        double seconds = 0;
        for (Entry each : entries) {
            sum += figure.applyAsDouble(each.snapshot()) * each.seconds();
            seconds += each.seconds();
        }
        return sum / seconds;
    }

    /** Sums of rounded products may come out a little above one. */
    private static double share(List<Entry> entries, ToDoubleFunction<SystemSnapshot> figure) {
        return Math.min(1, mean(entries, figure));
    }

    private record Key(long pid, String name) {}

    private static final class Sum {
        double cpuSeconds;
        double systemSeconds;
        double readBytes;
        double writtenBytes;
        long memoryBytes;
        int threads;
    }

    // Snapshots share a scan as the same object until the next one; a scan counts once.
    @SuppressWarnings("ReferenceEquality")
    private static List<ProcessSample> processes(List<Entry> entries) {
        Map<Key, Sum> sums = new HashMap<>();
        double seconds = 0;
        Scan last = null;
        for (Entry entry : entries) {
            Scan scan = entry.scan();
            if (scan == last) continue;
            last = scan;
            seconds += scan.seconds();
            for (ProcessSample each : scan.processes()) {
                Sum sum = sums.computeIfAbsent(new Key(each.pid(), each.name()), _ -> new Sum());
                double cpu = each.cpuCores() * scan.seconds();
                sum.cpuSeconds += cpu;
                sum.systemSeconds += cpu * each.systemShare();
                sum.readBytes += each.readBytesPerSecond() * scan.seconds();
                sum.writtenBytes += each.writtenBytesPerSecond() * scan.seconds();
                sum.memoryBytes = each.memoryBytes();
                sum.threads = each.threads();
            }
        }
        var samples = new ArrayList<ProcessSample>();
        for (Map.Entry<Key, Sum> each : sums.entrySet()) {
            Sum sum = each.getValue();
            samples.add(new ProcessSample(
                    each.getKey().pid(),
                    each.getKey().name(),
                    sum.cpuSeconds / seconds,
                    sum.cpuSeconds == 0 ? 0 : Math.min(1, sum.systemSeconds / sum.cpuSeconds),
                    sum.memoryBytes,
                    sum.readBytes / seconds,
                    sum.writtenBytes / seconds,
                    sum.threads));
        }
        samples.sort(BUSIEST_FIRST);
        return samples;
    }
}
