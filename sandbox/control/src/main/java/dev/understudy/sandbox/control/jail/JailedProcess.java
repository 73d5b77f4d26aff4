package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command at work in a jail of its own: feeds its input, reads its output by the byte and has it watched. Killing the
 * outermost process kills the pid namespace, so nothing stays.
 */
final class JailedProcess {
    private static final Duration READERS_END = Duration.ofSeconds(20);

    /** A pipe takes at least a page at once; Linux gives 64 KiB, and 4 KiB to a user who has many. */
    private static final int PIPE_BYTES = 4096;

    private final Process process;
    private final Launch launch;
    private final Reading reading;
    private final Map<String, ByteArrayOutputStream> raw =
            Map.of("stdout", new ByteArrayOutputStream(), "stderr", new ByteArrayOutputStream());
    private final RunWatch watch;
    private final List<Thread> pipes = new ArrayList<>();

    /** What becomes of what a command prints. */
    enum Reading {
        /** Lines and records, for the listener and the report. */
        LINES,
        /** Bytes as they come, for {@link #raw}. */
        RAW
    }

    private JailedProcess(
            Process process,
            Launch launch,
            Limits limits,
            RunWatch.Allowance allowance,
            RunListener listener,
            Reading reading) {
        this.process = process;
        this.launch = launch;
        this.reading = reading;
        this.watch = new RunWatch(
                limits,
                allowance,
                listener,
                new ProcessTree(process.pid(), launch.jailGenerations()),
                () -> launch.kill(process));
    }

    static JailedProcess start(
            Launch launch,
            List<String> arguments,
            byte[] input,
            Limits limits,
            RunWatch.Allowance allowance,
            RunListener listener)
            throws IOException {
        return start(launch, arguments, input, limits, allowance, listener, Reading.LINES);
    }

    static JailedProcess start(
            Launch launch,
            List<String> arguments,
            byte[] input,
            Limits limits,
            RunWatch.Allowance allowance,
            RunListener listener,
            Reading reading)
            throws IOException {
        JailedProcess jailed = new JailedProcess(
                launch.start(JailCommand.builder(arguments)), launch, limits, allowance, listener, reading);
        jailed.open(input);
        return jailed;
    }

    private void open(byte[] input) {
        // What fits into the pipe needs no thread of its own.
        if (input.length <= PIPE_BYTES) feed(input);
        else pipes.add(Thread.ofPlatform().daemon().name("jail-stdin").start(() -> feed(input)));
        pipes.add(Thread.ofPlatform()
                .daemon()
                .name("jail-stdout")
                .start(() -> drain("stdout", process.getInputStream())));
        pipes.add(Thread.ofPlatform()
                .daemon()
                .name("jail-stderr")
                .start(() -> drain("stderr", process.getErrorStream())));
    }

    RunWatch watch() {
        return watch;
    }

    /** Watches until the end; called by one thread. */
    RunWatch.Ending await() throws InterruptedException {
        try {
            watch.watch(nanos -> process.waitFor(nanos, TimeUnit.NANOSECONDS));
            launch.awaitEmpty();
        } catch (InterruptedException interrupt) {
            // Nobody would watch it any more.
            launch.kill(process);
            throw interrupt;
        }
        long deadline = System.nanoTime() + READERS_END.toNanos();
        for (Thread pipe : pipes) {
            pipe.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        return watch.ending(process.exitValue());
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
        OutputLines lines = new OutputLines(channel, watch);
        byte[] buffer = new byte[8192];
        try (stream) {
            for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                if (!take(channel, lines, buffer, length)) break;
            }
        } catch (IOException closed) {
            // Nothing more is to be had from it.
            launch.kill(process);
        }
        lines.end();
    }

    /** Whether more may come. */
    private boolean take(String channel, OutputLines lines, byte[] buffer, int length) {
        if (reading == Reading.LINES) return lines.take(buffer, length);
        int kept = watch.admit(length);
        rawOf(channel).write(buffer, 0, kept);
        return kept == length;
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
}
