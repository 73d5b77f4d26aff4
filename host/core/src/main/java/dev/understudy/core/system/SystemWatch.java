package dev.understudy.core.system;

import dev.understudy.core.engine.HostTime;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.system.WorkloadEstimate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches this machine: samples it every second, looks every five seconds what kind of work it does, and records the named
 * processes once a minute. Safe for use by several threads.
 *
 * <p>{@link #step} is the whole of its clockwork; {@link #start} calls it every second, a test calls it when its clock has
 * moved.
 */
public final class SystemWatch implements AutoCloseable {
    /** How long what it is doing may take to end; a plugin that it waits for may take longer. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration RECORD_EVERY = Duration.ofMinutes(1);

    /** Over how long the workload is judged. */
    public static final Duration WINDOW = Duration.ofSeconds(30);

    private final SystemMonitor monitor;
    private final WorkloadWatch workload;
    private final Parts parts;
    private final HostTime time;
    private final List<WorkloadListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final CountDownLatch first = new CountDownLatch(1);
    private long nextLookNanos;
    private long nextRecordNanos;
    private boolean failing;
    private volatile boolean stopping;

    /**
     * What the watch works with.
     *
     * @param processes names of processes to record
     * @param detectors asked at each look anew
     * @param recorder takes the metrics of the named processes
     * @param problems hears what does not work, once
     */
    public record Parts(
            List<String> processes,
            Supplier<List<Provided<WorkloadDetector>>> detectors,
            Consumer<List<PerformanceMetric>> recorder,
            Consumer<String> problems) {}

    SystemWatch(Parts parts, SystemMonitor monitor, HostTime time) {
        this.parts = parts;
        this.monitor = monitor;
        this.time = time;
        workload = new WorkloadWatch(parts.detectors(), parts.problems(), time.instant());
        nextLookNanos = time.nanos() + LOOK_EVERY.toNanos();
        nextRecordNanos = time.nanos() + RECORD_EVERY.toNanos();
        thread = Thread.ofPlatform().daemon().name("system watch").unstarted(this::run);
    }

    /** Watches this machine until it is closed; nothing happens before {@link #start}. */
    public static SystemWatch of(Parts parts) {
        return new SystemWatch(parts, SystemMonitor.here(Set.copyOf(parts.processes())), HostTime.system());
    }

    /** Begins; to be called once. */
    public void start() {
        thread.start();
    }

    /** Tells this listener, too, of another workload. */
    public void listen(WorkloadListener listener) {
        listeners.add(listener);
    }

    /** Waits until there is something to say of the machine; false if there is nothing in that time, as where it cannot be sampled. */
    public boolean awaitFirst(Duration patience) throws InterruptedException {
        return first.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the machine did in the last second; empty in the first. */
    public Optional<SystemSnapshot> latest() {
        return monitor.latest();
    }

    /** What the machine did on average over at most the last ten minutes; empty in the first second. */
    public Optional<SystemSnapshot> average(Duration window) {
        return monitor.average(window);
    }

    /** The snapshots of at most the last ten minutes, a second apart, the oldest first. */
    public List<SystemSnapshot> history(Duration window) {
        return monitor.history(window);
    }

    /** What kind of work the machine does. */
    public DetectedWorkload workload() {
        return workload.current();
    }

    /** What the detectors say of the last while, at once; empty in the first second, or without a detector. */
    public Optional<WorkloadEstimate> estimate() {
        return monitor.average(WINDOW).flatMap(workload::estimate);
    }

    private void run() {
        try {
            while (!stopping) {
                step();
                Thread.sleep(STEP);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** Does what is due now. */
    void step() {
        try {
            monitor.sample();
            failing = false;
            if (monitor.latest().isPresent()) first.countDown();
        } catch (IOException e) {
            if (!failing) parts.problems().accept("the machine cannot be sampled: " + e.getMessage());
            failing = true;
            return;
        }
        long now = time.nanos();
        if (now - nextLookNanos >= 0) {
            nextLookNanos = now + LOOK_EVERY.toNanos();
            monitor.average(WINDOW).ifPresent(this::look);
        }
        if (now - nextRecordNanos >= 0) {
            nextRecordNanos = now + RECORD_EVERY.toNanos();
            monitor.average(RECORD_EVERY).ifPresent(this::record);
        }
    }

    private void look(SystemSnapshot average) {
        workload.look(average).ifPresent(before -> {
            for (WorkloadListener each : listeners) each.changed(before, workload.current(), average);
        });
    }

    private void record(SystemSnapshot average) {
        List<PerformanceMetric> metrics = ProcessMetrics.of(parts.processes(), average);
        if (metrics.isEmpty()) return;
        try {
            parts.recorder().accept(metrics);
        } catch (UserException e) {
            parts.problems().accept("the named processes were not recorded: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            if (thread.isAlive()) thread.join(ENDING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
