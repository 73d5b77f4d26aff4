package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.OutputLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A command at work in the jail: feeds its input, reads its output by the byte, watches what the whole tree uses and ends
 * it when a limit is hit or somebody cancels. Killing the outermost process kills the pid namespace, so nothing stays.
 */
final class JailedProcess {
    private static final long FIRST_LOOK_NANOS = 4_000_000;
    private static final long LOOK_NANOS = 10_000_000;
    private static final long CALM_LOOK_NANOS = 25_000_000;
    private static final long CALM_AFTER_NANOS = 1_000_000_000;
    private static final Duration READERS_END = Duration.ofSeconds(2);

    private final Process process;
    private final Launch launch;
    private final long startNanos;
    private final Limits limits;
    private final Allowance allowance;
    private final RunListener listener;
    private final Reading reading;
    private final Map<String, ByteArrayOutputStream> raw =
            Map.of("stdout", new ByteArrayOutputStream(), "stderr", new ByteArrayOutputStream());
    private final ProcessTree tree;
    private final AtomicReference<@Nullable RunOutcome> stopped = new AtomicReference<>();
    private final AtomicLong outputBytes = new AtomicLong();
    private final List<OutputLine> output = new ArrayList<>();
    private final List<Thread> pipes = new ArrayList<>();
    private Duration cpuTime = Duration.ZERO;
    private long peakMemoryBytes;
    private int peakTasks;
    private int peakOpenFiles;
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

    /** What becomes of what a command prints. */
    enum Reading {
        /** Lines and records, for the listener and the report. */
        LINES,
        /** Bytes as they come, for {@link #raw}. */
        RAW
    }

    private JailedProcess(
            Process process, Launch launch, Limits limits, Allowance allowance, RunListener listener, Reading reading) {
        this.process = process;
        this.launch = launch;
        this.startNanos = System.nanoTime();
        this.limits = limits;
        this.allowance = allowance;
        this.listener = listener;
        this.reading = reading;
        this.tree = new ProcessTree(process.pid(), launch.jailGenerations());
    }

    static JailedProcess start(
            Launch launch,
            List<String> arguments,
            byte[] input,
            Limits limits,
            Allowance allowance,
            RunListener listener)
            throws IOException {
        return start(launch, arguments, input, limits, allowance, listener, Reading.LINES);
    }

    static JailedProcess start(
            Launch launch,
            List<String> arguments,
            byte[] input,
            Limits limits,
            Allowance allowance,
            RunListener listener,
            Reading reading)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(arguments).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        JailedProcess jailed = new JailedProcess(launch.start(builder), launch, limits, allowance, listener, reading);
        jailed.open(input);
        return jailed;
    }

    private void open(byte[] input) {
        pipes.add(Thread.ofPlatform().daemon().name("jail-stdin").start(() -> feed(input)));
        pipes.add(Thread.ofPlatform()
                .daemon()
                .name("jail-stdout")
                .start(() -> drain("stdout", process.getInputStream())));
        pipes.add(Thread.ofPlatform()
                .daemon()
                .name("jail-stderr")
                .start(() -> drain("stderr", process.getErrorStream())));
    }

    /** Ends it for the reason given, unless it has ended or is ending for another. */
    void stop(RunOutcome reason) {
        stopped.compareAndSet(null, reason);
        kill();
    }

    /** Watches until the end; called by one thread. */
    Ending await() throws InterruptedException {
        try {
            watch();
            process.waitFor();
            launch.awaitEmpty();
        } catch (InterruptedException interrupt) {
            // Nobody would watch it any more.
            kill();
            throw interrupt;
        }
        // Between the last look and the end a run may have written more.
        lookAtDisk();
        long deadline = System.nanoTime() + READERS_END.toNanos();
        for (Thread pipe : pipes) {
            pipe.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        synchronized (output) {
            return new Ending(
                    Optional.ofNullable(stopped.get()),
                    process.exitValue(),
                    output,
                    new RunReport.Usage(
                            cpuTime, peakMemoryBytes, outputBytes.get(), diskBytes, peakTasks, peakOpenFiles));
        }
    }

    private void watch() throws InterruptedException {
        long wait = FIRST_LOOK_NANOS;
        while (true) {
            long left = limits.wallTime().toNanos() - elapsedNanos();
            if (process.waitFor(Math.max(0, Math.min(wait, left)), TimeUnit.NANOSECONDS)) return;
            if (elapsedNanos() >= limits.wallTime().toNanos()) {
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
    }

    private void look() {
        ProcessTree.Sample sample = tree.look();
        cpuTime = sample.cpuTime();
        peakTasks = Math.max(peakTasks, sample.tasks() - allowance.runtimeTasks());
        peakOpenFiles = Math.max(peakOpenFiles, sample.openFiles());
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

    /** Not by {@code Process.destroyForcibly}, which would also close the pipes, and what is in them lost. */
    private void kill() {
        Killing.kill(process);
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

    private long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    private void feed(byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException closed) {
            // A script need not read its input.
            return;
        }
    }

    private void drain(String channel, InputStream stream) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try (stream) {
            for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                long before = outputBytes.getAndAdd(length);
                int kept = Math.clamp(limits.outputBytes() - before, 0, length);
                if (reading == Reading.RAW) rawOf(channel).write(buffer, 0, kept);
                else split(channel, buffer, kept, line);
                if (kept < length) {
                    stop(new LimitExceeded.Output(limits.outputBytes(), before + length));
                    break;
                }
            }
        } catch (IOException closed) {
            // Nothing more is to be had from it.
            kill();
        }
        if (line.size() > 0) emit(channel, line);
    }

    /** What was printed to a channel, within the limit; complete once {@link #await} has returned. */
    byte[] raw(String channel) {
        return rawOf(channel).toByteArray();
    }

    private ByteArrayOutputStream rawOf(String channel) {
        ByteArrayOutputStream bytes = raw.get(channel);
        if (bytes == null) throw new IllegalArgumentException("no channel " + channel);
        return bytes;
    }

    private void split(String channel, byte[] buffer, int length, ByteArrayOutputStream line) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') emit(channel, line);
            else line.write(buffer[i]);
        }
    }

    private void emit(String channel, ByteArrayOutputStream bytes) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
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
}
