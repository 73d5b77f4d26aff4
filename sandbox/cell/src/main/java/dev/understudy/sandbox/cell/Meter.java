package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches what the run under way uses and tells the host when it is too much. It cannot stop the guest; the host does, by
 * ending the cell. Sleeps while nothing has run for a second, and gives memory back once nothing has for a few more.
 */
final class Meter {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long DROWSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Bursts of runs find the heap as they left it; a cell that waits for longer gives back what it does not use. */
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(4);
    /** A full collection takes a tenth of a second; a script that makes much garbage must not cause one each period. */
    private static final long COLLECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final HostLink host;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Thread thread = new Thread(this::watch, "meter");

    private volatile @Nullable Watched watched;
    private volatile boolean asleep;
    /** Whether a run has begun since memory was last given back. */
    private volatile boolean used;

    /** One run: whose it is and what it had used before it began. */
    private static final class Watched {
        final Thread guest;
        final long cpuBefore;
        final long heapBefore;
        final ToCell.Terms terms;
        final LongSupplier programCpu;
        long peak;
        long lastCollection;
        boolean told;

        Watched(Thread guest, long cpuBefore, long heapBefore, ToCell.Terms terms, LongSupplier programCpu) {
            this.guest = guest;
            this.cpuBefore = cpuBefore;
            this.heapBefore = heapBefore;
            this.terms = terms;
            this.programCpu = programCpu;
            lastCollection = System.nanoTime() - COLLECTION_NANOS;
        }
    }

    /** What a run used. */
    record Used(long cpuNanos, long peakMemoryBytes) {}

    Meter(HostLink host) {
        this.host = host;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Called by the guest's thread at the start of a run.
     *
     * @param programCpu nanoseconds that programs of the run have used so far
     */
    void begin(ToCell.Terms terms, LongSupplier programCpu) {
        used = true;
        watched = new Watched(Thread.currentThread(), threads.getCurrentThreadCpuTime(), heapUsed(), terms, programCpu);
        if (asleep) LockSupport.unpark(thread);
    }

    /** Called by the guest's thread at the end of the run. */
    Used end() {
        Watched run = watched;
        watched = null;
        if (run == null) return new Used(0, 0);
        long peak = Math.max(run.peak, heapUsed() - run.heapBefore);
        long own = Math.max(0, threads.getCurrentThreadCpuTime() - run.cpuBefore);
        return new Used(own + run.programCpu.getAsLong(), Math.max(0, peak));
    }

    private void watch() {
        long lastSeen = System.nanoTime();
        while (true) {
            Watched run = watched;
            long now = System.nanoTime();
            if (run != null) {
                lastSeen = now;
                if (!run.told) check(run, now);
                LockSupport.parkNanos(this, PERIOD_NANOS);
            } else if (now - lastSeen < DROWSY_NANOS) {
                LockSupport.parkNanos(this, PERIOD_NANOS);
            } else {
                asleep = true;
                sleep();
                asleep = false;
                lastSeen = System.nanoTime();
            }
        }
    }

    /** Waits for a run to begin; may return without one. */
    private void sleep() {
        long end = System.nanoTime() + SHRINK_NANOS;
        while (watched == null && System.nanoTime() < end) LockSupport.parkNanos(this, end - System.nanoTime());
        if (used && watched == null) {
            used = false;
            // The collector returns memory to the system only when it collects everything. A cell in which nothing has
            // run holds nothing to return, and collecting would touch pages that it still shares.
            System.gc();
        }
        if (watched == null) LockSupport.park(this);
    }

    private void check(Watched run, long now) {
        long cpu = threads.getThreadCpuTime(run.guest.threadId()) - run.cpuBefore + run.programCpu.getAsLong();
        if (cpu > run.terms.cpuNanos()) {
            tell(run, FromCell.Resource.CPU_NANOS, cpu);
            return;
        }
        long live = heapUsed() - run.heapBefore;
        if (live > run.terms.memoryBytes() && now - run.lastCollection >= COLLECTION_NANOS) {
            System.gc();
            run.lastCollection = System.nanoTime();
            live = heapUsed() - run.heapBefore;
            if (live > run.terms.memoryBytes()) tell(run, FromCell.Resource.MEMORY_BYTES, live);
        }
        run.peak = Math.max(run.peak, live);
    }

    private void tell(Watched run, FromCell.Resource resource, long used) {
        run.told = true;
        if (watched == run) host.send(new FromCell.Exceeded(resource, used));
    }

    private static long heapUsed() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
