package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Watches what one jailed run uses and says, and has it ended when a limit is hit or somebody cancels. One thread waits in
 * {@link #watch}; output may come from others, and {@link #stop} from any.
 */
final class RunWatch {
    private static final long FIRST_LOOK_NANOS = 4_000_000;
    private static final long LOOK_NANOS = 10_000_000;
    private static final long CALM_LOOK_NANOS = 25_000_000;
    private static final long CALM_AFTER_NANOS = 1_000_000_000;

    private final long startNanos = System.nanoTime();
    private final Limits limits;
    private final Allowance allowance;
    private final RunListener listener;
    private final ProcessTree tree;
    private final Runnable kill;
    private final AtomicReference<@Nullable RunOutcome> stopped = new AtomicReference<>();
    private final AtomicLong outputBytes = new AtomicLong();
    private final List<OutputLine> output = new ArrayList<>();
    private Duration cpuTime = Duration.ZERO;
    private long peakMemoryBytes;
    private int peakTasks;
    private int peakOpenFiles;
    private long seenIoBytes;
    private boolean seesIo;
    private volatile OptionalLong exactIoBytes = OptionalLong.empty();
    private long diskBytes;

    /**
     * What the limits are measured against beside the script itself.
     *
     * @param runtimeTasks threads that the language's own runtime needs
     * @param runtimeMemoryBytes that it needs before the script has done anything
     * @param diskFolders that the run can write to
     * @param diskBytes that are in them before it starts
     */
    record Allowance(int runtimeTasks, long runtimeMemoryBytes, List<Path> diskFolders, long diskBytes) {
        Allowance {
            diskFolders = List.copyOf(diskFolders);
        }
    }

    /**
     * How it ended.
     *
     * @param stopped why the host ended it; empty if it ended by itself
     * @param exitCode its own; 128 + signal if a signal ended it
     */
    record Ending(Optional<RunOutcome> stopped, int exitCode, List<OutputLine> output, RunReport.Usage usage) {
        Ending {
            output = List.copyOf(output);
        }
    }

    /** Waits for the run's end; whether it came in time. */
    interface End {
        boolean await(long nanos) throws InterruptedException;
    }

    /**
     * @param tree the run's processes
     * @param kill ends all of them at once; may be called more than once, and from any thread
     */
    RunWatch(Limits limits, Allowance allowance, RunListener listener, ProcessTree tree, Runnable kill) {
        this.limits = limits;
        this.allowance = allowance;
        this.listener = listener;
        this.tree = tree;
        this.kill = kill;
    }

    /** Ends it for the reason given, unless it has ended or is ending for another. */
    void stop(RunOutcome reason) {
        stopped.compareAndSet(null, reason);
        kill.run();
    }

    /** Returns when the run has ended, by itself or because a limit was hit. */
    void watch(End end) throws InterruptedException {
        long wait = FIRST_LOOK_NANOS;
        while (true) {
            long left = limits.wallTime().toNanos() - elapsedNanos();
            if (end.await(stopped.get() == null ? Math.clamp(left, 0, wait) : LOOK_NANOS)) break;
            if (stopped.get() != null) {
                kill.run();
            } else if (elapsedNanos() >= limits.wallTime().toNanos()) {
                stop(new LimitExceeded.WallTime(limits.wallTime(), Duration.ofNanos(elapsedNanos())));
            } else {
                long before = System.nanoTime();
                look();
                // Looking must never cost more than a fifth of the time, however large the tree has grown.
                wait = Math.max(
                        elapsedNanos() > CALM_AFTER_NANOS ? CALM_LOOK_NANOS : LOOK_NANOS,
                        4 * (System.nanoTime() - before));
            }
        }
        // Between the last look and the end a run may have written more.
        lookAtDisk();
    }

    private void look() {
        ProcessTree.Sample sample = tree.look();
        count(sample.cpuTime());
        peakTasks = Math.max(peakTasks, sample.tasks() - allowance.runtimeTasks());
        peakOpenFiles = Math.max(peakOpenFiles, sample.openFiles());
        if (sample.ioBytes().isPresent()) {
            seesIo = true;
            seenIoBytes = Math.max(seenIoBytes, sample.ioBytes().getAsLong());
        }
        long memory = sample.memoryBytes() - allowance.runtimeMemoryBytes();
        if (memory > limits.memoryBytes()) {
            long exact = tree.exactMemoryBytes() - allowance.runtimeMemoryBytes();
            if (exact > 0) memory = exact;
        }
        peakMemoryBytes = Math.max(peakMemoryBytes, memory);
        if (cpuTime.compareTo(limits.cpuTime()) > 0) {
            stop(new LimitExceeded.CpuTime(limits.cpuTime(), cpuTime));
        } else if (memory > limits.memoryBytes()) {
            stop(new LimitExceeded.Memory(limits.memoryBytes(), memory));
        } else if (peakTasks > limits.processes()) {
            stop(new LimitExceeded.Processes(limits.processes(), peakTasks));
        } else if (peakOpenFiles > limits.openFiles()) {
            stop(new LimitExceeded.OpenFiles(limits.openFiles(), peakOpenFiles));
        } else {
            lookAtDisk();
        }
    }

    private void lookAtDisk() {
        try {
            long now = DiskUse.bytes(allowance.diskFolders(), limits.diskBytes() + allowance.diskBytes());
            diskBytes = Math.max(diskBytes, now - allowance.diskBytes());
            if (diskBytes > limits.diskBytes()) stop(new LimitExceeded.Disk(limits.diskBytes(), diskBytes));
        } catch (IOException unreadable) {
            stop(new RunOutcome.Failed("what the run writes could not be watched: " + unreadable.getMessage(), ""));
        }
    }

    /** Takes a figure for the CPU time of the whole run; the largest counts. */
    void count(Duration used) {
        if (used.compareTo(cpuTime) > 0) cpuTime = used;
    }

    /** Takes what the whole run has read and written, from whoever knows it exactly; may come from any thread. */
    void settleIo(long bytes) {
        exactIoBytes = OptionalLong.of(bytes);
    }

    private long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /** How much of so many bytes of output is within the limit; ends the run if that is not all. */
    int admit(int length) {
        long before = outputBytes.getAndAdd(length);
        int kept = Math.clamp(limits.outputBytes() - before, 0, length);
        if (kept < length) stop(new LimitExceeded.Output(limits.outputBytes(), before + length));
        return kept;
    }

    void emit(String channel, String text) {
        ScriptRecord told = channel.equals("stderr") ? ScriptRecord.parse(text) : new ScriptRecord.Line(text);
        switch (told) {
            case ScriptRecord.Progress(double share, String what) -> listener.progress(share, what);
            case ScriptRecord.Logged(String level, String what) -> emit(new OutputLine(level, what));
            case ScriptRecord.Line(String what) -> emit(new OutputLine(channel, what));
        }
    }

    private void emit(OutputLine line) {
        synchronized (output) {
            output.add(line);
        }
        listener.output(line);
    }

    private OptionalLong ioBytes() {
        if (exactIoBytes.isPresent()) return exactIoBytes;
        return seesIo ? OptionalLong.of(seenIoBytes) : OptionalLong.empty();
    }

    /** All that is known, once it has ended; called by the thread that watched. */
    Ending ending(int exitCode) {
        synchronized (output) {
            return new Ending(
                    Optional.ofNullable(stopped.get()),
                    exitCode,
                    output,
                    new RunReport.Usage(
                            cpuTime,
                            peakMemoryBytes,
                            outputBytes.get(),
                            diskBytes,
                            peakTasks,
                            peakOpenFiles,
                            ioBytes()));
        }
    }
}
