package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command at work in a jail of its own: feeds its input, reads its output by the byte and has it watched. Killing the
 * outermost process kills the pid namespace, so nothing stays.
 */
final class JailedProcess {
    private static final Duration READERS_END = Duration.ofSeconds(2);

    /** A pipe takes at least a page at once; Linux gives 64 KiB, and 4 KiB to a user who has many. */
    private static final int PIPE_BYTES = 4096;

    /** bubblewrap's own init, below the process that Java started. */
    private static final int JAIL_GENERATIONS = 1;

    private final Process process;
    private final RunWatch watch;
    private final List<Thread> pipes = new ArrayList<>();

    private JailedProcess(Process process, Limits limits, RunWatch.Allowance allowance, RunListener listener) {
        this.process = process;
        this.watch = new RunWatch(
                limits,
                allowance,
                listener,
                new ProcessTree(process.pid(), JAIL_GENERATIONS),
                () -> JailEnd.kill(process.toHandle()));
    }

    static JailedProcess start(
            ProcessStarter starter,
            List<String> arguments,
            byte[] input,
            Limits limits,
            RunWatch.Allowance allowance,
            RunListener listener)
            throws IOException {
        JailedProcess jailed =
                new JailedProcess(starter.start(JailCommand.builder(arguments)), limits, allowance, listener);
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
        } catch (InterruptedException interrupt) {
            // Nobody would watch it any more.
            JailEnd.kill(process.toHandle());
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
                if (!lines.take(buffer, length)) break;
            }
        } catch (IOException closed) {
            // Nothing more is to be had from it.
            JailEnd.kill(process.toHandle());
        }
        lines.end();
    }
}
