package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.protocol.Frames;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ProtocolException;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One worker process and the pipes to it. Used by one run at a time; {@link #kill} may come from any thread. */
final class Cell {
    /** The exit status that {@code -XX:+ExitOnOutOfMemoryError} gives. */
    static final int EXIT_OUT_OF_MEMORY = 3;

    private static final int TAIL_CHARS = 4096;
    private static final int KILL_AGAIN_MILLIS = 50;
    private static final int KILL_SECONDS = 30;

    private final Process process;
    private final Frames frames;
    private final CellKey key;
    private final CellLauncher launcher;
    private final StringBuilder errors = new StringBuilder();
    private @Nullable String trustDomain;
    private @Nullable String lastSource;
    private long idleSinceNanos = System.nanoTime();
    private int nextId;

    Cell(CellKey key, CellLauncher launcher, Process process) {
        this.key = key;
        this.launcher = launcher;
        this.process = process;
        frames = new Frames(process.getInputStream(), process.getOutputStream());
        // Never a virtual thread: a read from a process holds its carrier, and what the scheduler adds in its place is
        // gone
        // after 30 idle seconds (JDK 25). As many cells as processors, and no virtual thread of the host ran again.
        Thread.ofPlatform().daemon().name("cell-errors ", process.pid()).start(this::drainErrors);
    }

    /** Waits for the cell's first word. */
    void awaitReady() throws IOException {
        FromCell first = frames.readFromCell(Frames.USUAL_BOUND);
        if (!(first instanceof FromCell.Ready ready) || ready.version() != Frames.VERSION)
            throw new ProtocolException(
                    "the cell began with " + first.getClass().getSimpleName());
    }

    private void drainErrors() {
        try (InputStream in = process.getErrorStream()) {
            byte[] chunk = new byte[1024];
            while (true) {
                int count = in.read(chunk);
                if (count < 0) return;
                synchronized (errors) {
                    errors.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
                    if (errors.length() > TAIL_CHARS) errors.delete(0, errors.length() - TAIL_CHARS);
                }
            }
        } catch (IOException _) {
            // The process is gone, and so is what it had to say.
        }
    }

    /** The end of what the process wrote to standard error. */
    String errorTail() {
        synchronized (errors) {
            return errors.toString().strip();
        }
    }

    Frames frames() {
        return frames;
    }

    CellKey key() {
        return key;
    }

    int nextId() {
        return ++nextId;
    }

    /** Whether it lives and has said nothing unasked. */
    boolean usable() {
        try {
            return process.isAlive() && !frames.pending();
        } catch (IOException _) {
            return false;
        }
    }

    boolean serves(String domain) {
        return trustDomain == null || trustDomain.equals(domain);
    }

    boolean ranLast(String source) {
        return source.equals(lastSource);
    }

    void assign(String domain, String source) {
        trustDomain = domain;
        lastSource = source;
    }

    void idleNow() {
        idleSinceNanos = System.nanoTime();
    }

    boolean idleFor(Duration time) {
        return System.nanoTime() - idleSinceNanos > time.toNanos();
    }

    /** Asks it to end a job, by its number; what it does meanwhile in its place goes on. Returns at once: a cell that does not read would hold whoever writes. */
    void interrupt(int job) {
        Thread.ofPlatform().daemon().name("cell-interrupt ", process.pid()).start(() -> {
            try {
                frames.write(new ToCell.Interrupt(job));
            } catch (IOException _) {
                // It is gone, which is more than was asked.
            }
        });
    }

    /** Ends it at once, and what it may have started. */
    void kill() {
        if (process.isAlive()) launcher.end(process.toHandle());
    }

    /** Kills it and waits until nothing of it is left. */
    void killAndWait() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            kill();
            try {
                process.waitFor(KILL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Whether the process ended by itself for lack of memory. */
    boolean endedOutOfMemory() throws InterruptedException {
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == EXIT_OUT_OF_MEMORY;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }
}
