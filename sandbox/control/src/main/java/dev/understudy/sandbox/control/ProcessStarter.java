package dev.understudy.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The one place that starts processes. A jail dies with the thread that started it ({@code PR_SET_PDEATHSIG} follows
 * the thread, not the process), so all are started from one platform thread that lasts as long as this object.
 *
 * <p>Where the system has {@code setsid}, each process gets a session of its own: what a person types at the host's
 * terminal, Ctrl-C above all, is for the host, which decides what it ends.
 *
 * <p>Safe for use by several threads. Whoever starts a process owns it.
 */
public final class ProcessStarter implements AutoCloseable {
    private static final long CLOSING_SECONDS = 60;
    private static final Optional<Path> SET_SESSION = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-starter").factory());

    /** Starts the process and returns it; an interrupt is kept for later, so that no process is lost. */
    public Process start(ProcessBuilder builder) throws IOException {
        Future<Process> started;
        try {
            started = thread.submit(() -> startInSession(builder));
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

    /** By {@code setsid}, which becomes the command itself: it forks only where it leads a group, and Java makes no leaders. */
    private static Process startInSession(ProcessBuilder builder) throws IOException {
        List<String> command = builder.command();
        Path program = Path.of(command.getFirst());
        if (program.isAbsolute() && !Files.isExecutable(program))
            throw new IOException(program + " is no program that can be run");
        if (SET_SESSION.isEmpty()) return builder.start();
        builder.command(Stream.concat(Stream.of(SET_SESSION.get().toString()), command.stream())
                .toList());
        try {
            return builder.start();
        } finally {
            builder.command(command);
        }
    }

    /** Ends the thread, and waits until it has ended; the kernel then ends every jail that was started from it. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            // A process that is just being started is one that its caller has not got yet.
            var _ = thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
