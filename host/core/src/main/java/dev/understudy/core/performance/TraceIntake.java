package dev.understudy.core.performance;

import dev.understudy.spi.performance.WorkflowExecution;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Takes spans in, from the request to the store, without losing one that was acknowledged: a request is on the disk, in the
 * spool, before it is; one thread writes what has come meanwhile all at once, another makes executions of the traces and
 * records them. What is more than there is room for is refused. Safe for use by several threads.
 */
final class TraceIntake implements AutoCloseable {
    /** A span that waits for the rest of its trace takes about so much, and a quarter of the memory may be taken by them. */
    private static final int BYTES_A_SPAN = 1200;

    private static final int MIN_ROOM = 20_000;
    private static final int MAX_ROOM = 1_000_000;

    /** What the spool may grow to before the oldest traces are finished early, whether they are complete or not. */
    private static final long MAX_SPOOL_BYTES = 512L << 20;

    private static final int MAX_REQUESTS_AT_ONCE = 256;
    private static final Duration TURN = Duration.ofMillis(500);
    private static final int MAX_PROBLEMS_A_TURN = 20;

    private final PerformanceHistory history;
    private final TraceSpool spool;
    private final Consumer<String> problems;
    private final BlockingQueue<Waiting> toWrite = new LinkedBlockingQueue<>();
    private final BlockingQueue<Written> toAssemble = new LinkedBlockingQueue<>();
    private final TraceAssembler traces;
    private final int room;

    /** Spans that were let in and are not recorded yet. */
    private final AtomicInteger inside = new AtomicInteger();

    private final AtomicInteger problemsThisTurn = new AtomicInteger();
    private final Thread writing;
    private final Thread assembling;
    private volatile boolean closing;

    /** Of the assembling thread alone. */
    private final List<WorkflowExecution> unstored = new ArrayList<>();

    private long lastSegment;

    private record Waiting(OtlpRequest request, List<Span> spans, CompletableFuture<Boolean> onDisk) {}

    private record Written(List<Span> spans, long segment) {}

    private TraceIntake(PerformanceHistory history, TraceSpool spool, Consumer<String> problems, int room) {
        this.history = history;
        this.spool = spool;
        this.problems = problems;
        this.room = room;
        traces = new TraceAssembler(room / 2);
        writing = Thread.ofPlatform().name("otlp-spool").daemon().unstarted(this::write);
        assembling = Thread.ofPlatform().name("otlp-store").daemon().unstarted(this::assemble);
    }

    /**
     * Starts with what an earlier process acknowledged and did not come to store.
     *
     * @param problems hears what could not be taken, one line each; called by several threads
     */
    static TraceIntake start(PerformanceHistory history, TraceSpool spool, Consumer<String> problems)
            throws IOException {
        int room = Math.clamp(Runtime.getRuntime().maxMemory() / 4 / BYTES_A_SPAN, MIN_ROOM, MAX_ROOM);
        return start(history, spool, problems, room);
    }

    /** As {@link #start(PerformanceHistory, TraceSpool, Consumer)}, with room for so many spans. */
    static TraceIntake start(PerformanceHistory history, TraceSpool spool, Consumer<String> problems, int room)
            throws IOException {
        var intake = new TraceIntake(history, spool, problems, room);
        try {
            spool.replay(intake::takeAgain);
        } catch (IOException e) {
            spool.close();
            throw e;
        }
        intake.writing.start();
        intake.assembling.start();
        return intake;
    }

    private void takeAgain(OtlpRequest request, long segment) {
        try {
            List<Span> spans = request.spans().spans();
            inside.addAndGet(spans.size());
            toAssemble.add(new Written(spans, segment));
        } catch (OtlpRequest.Malformed | OtlpRequest.TooLarge e) {
            problem("a request in the spool cannot be read: " + e.getMessage());
        }
    }

    /**
     * Takes the spans of a request.
     *
     * @return whether they are on the disk; if not, there is no room now, and they may be sent again
     */
    boolean take(OtlpRequest request, List<Span> spans) throws InterruptedException {
        if (spans.isEmpty()) return true;
        if (inside.addAndGet(spans.size()) > room || closing) {
            inside.addAndGet(-spans.size());
            return false;
        }
        var waiting = new Waiting(request, spans, new CompletableFuture<>());
        toWrite.add(waiting);
        // The writing thread ends once it finds nothing to write while we close.
        if (closing && toWrite.remove(waiting)) {
            inside.addAndGet(-spans.size());
            return false;
        }
        try {
            return waiting.onDisk().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("writing traces ended by a bug", e.getCause());
        }
    }

    /** Says what is wrong, but not a thousand times a second. */
    void problem(String line) {
        int number = problemsThisTurn.incrementAndGet();
        if (number <= MAX_PROBLEMS_A_TURN) problems.accept(line);
    }

    private void write() {
        var requests = new ArrayList<Waiting>();
        while (true) {
            try {
                Waiting next = toWrite.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    requests.add(next);
                    toWrite.drainTo(requests, MAX_REQUESTS_AT_ONCE);
                    write(requests);
                    requests.clear();
                } else if (closing) return;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void write(List<Waiting> requests) {
        boolean onDisk = true;
        try {
            long segment = spool.append(requests.stream().map(Waiting::request).toList());
            for (Waiting each : requests) toAssemble.add(new Written(each.spans(), segment));
        } catch (IOException e) {
            onDisk = false;
            for (Waiting each : requests) inside.addAndGet(-each.spans().size());
            problem("traces could not be written: " + e.getMessage());
        }
        for (Waiting each : requests) each.onDisk().complete(onDisk);
    }

    private void assemble() {
        long nextTurn = 0;
        while (true) {
            try {
                Written next = toAssemble.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
                long now = System.nanoTime() / 1_000_000;
                if (next != null) {
                    traces.add(next.spans(), next.segment(), now);
                    lastSegment = next.segment();
                } else if (closing && !writing.isAlive() && toAssemble.isEmpty()) break;
                if (now < nextTurn) continue;
                nextTurn = now + TURN.toMillis();
                turn(now);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                problem("traces could not be stored: " + e.getMessage());
            }
        }
        finish();
    }

    private void turn(long now) {
        record(spool.bytes() > MAX_SPOOL_BYTES ? traces.finishOldest() : traces.finish(now));
        spool.release(traces.oldestSegment(lastSegment));
        int unsaid = problemsThisTurn.getAndSet(0) - MAX_PROBLEMS_A_TURN;
        if (unsaid > 0) problems.accept(unsaid + " more spans or traces could not be taken");
    }

    /** What the store does not take now, for want of space for example, is offered to it again the next time. */
    private void record(List<WorkflowExecution> executions) {
        unstored.addAll(executions);
        if (!unstored.isEmpty()) {
            history.recordExecutions(List.copyOf(unstored));
            unstored.clear();
        }
        traces.takeProblems().forEach(this::problem);
        inside.addAndGet(-traces.takeFinished());
    }

    private void finish() {
        try {
            record(traces.finishRooted());
            // What waits for its root stays in the spool: the root may come when the next process takes traces.
            if (traces.waiting() == 0) spool.clear();
            else spool.release(traces.oldestSegment(lastSegment));
        } catch (RuntimeException | IOException e) {
            // They stay in the spool, and the next process stores them.
            problem("traces could not be stored: " + e.getMessage());
        }
    }

    /** Stores the traces whose root has come; the others stay on the disk, for the next process. */
    @Override
    public void close() {
        closing = true;
        try {
            writing.join();
            assembling.join();
            spool.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            problem("the traces' files could not be closed: " + e.getMessage());
        }
    }
}
