package dev.understudy.sandbox.control;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * The one place that starts processes. A jail dies with the thread that started it ({@code PR_SET_PDEATHSIG} follows
 * the thread, not the process), so all are started from one platform thread that lasts as long as this object.
 *
 * <p>Safe for use by several threads. Whoever starts a process owns it.
 */
public final class ProcessStarter implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-starter").factory());

    /** Starts the process and returns it; an interrupt is kept for later, so that no process is lost. */
    public Process start(ProcessBuilder builder) throws IOException {
        Future<Process> started;
        try {
            started = thread.submit(builder::start);
        } catch (RejectedExecutionException closed) {
            throw new IOException("the host is closing", closed);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException cause) throw cause;
            throw new IllegalStateException("starting " + builder.command().getFirst(), failure.getCause());
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread; the kernel then ends every jail that was started from it. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
