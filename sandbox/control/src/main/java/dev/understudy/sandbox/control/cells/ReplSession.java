package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An interactive session in a cell of its own: state lasts from one input to the next, limits hold for each input. Used by
 * one thread; {@link #interrupt} may come from another.
 */
public final class ReplSession implements AutoCloseable {
    private static final long GRACE_MILLIS = 1000;

    private final RunRequest request;
    private final RunFiles.Transaction files;
    private final CellPool pool;
    private final CellKey key;
    private final String domain;
    private final HostServices services;
    private final ScheduledExecutorService timer;
    private final Path home;
    private @Nullable Cell cell;
    private volatile @Nullable Evaluation current;

    private record Evaluation(Cell cell, Conversation.Stopper stopper) {}

    /** What came of an input. */
    public sealed interface Reply {
        /** It was evaluated; the text is what to show of its value, and empty if there is nothing to show. */
        record Value(String text) implements Reply {}

        /** It is the beginning of something longer; ask for more and evaluate all of it. */
        record Incomplete() implements Reply {}

        /** It failed, or was interrupted in time; the session's state is kept. */
        record Failed(String error, String detail) implements Reply {}

        /** A limit or an interrupt ended the cell; the next input starts anew, without the session's state. */
        record Lost(RunOutcome outcome) implements Reply {}
    }

    ReplSession(
            String runId,
            RunRequest request,
            RunFiles.Transaction files,
            CellPool pool,
            HostServices services,
            ScheduledExecutorService timer,
            Path home) {
        this.request = request;
        this.files = files;
        this.pool = pool;
        this.services = services;
        this.timer = timer;
        this.home = home;
        key = CellKey.of(request.language(), request.limits().memoryBytes());
        domain = "session " + runId;
    }

    /**
     * Evaluates one input and waits for what comes of it.
     *
     * @throws IOException if no cell can be started
     */
    public Reply evaluate(String input, RunListener listener) throws IOException, InterruptedException {
        Cell used = cell;
        if (used == null) {
            used = pool.acquire(key, domain, "", RunRequest.Reuse.SHARED);
            cell = used;
        }
        var stopper = new Conversation.Stopper();
        var conversation = new Conversation(
                request,
                used,
                new OutputCollector(listener, request.limits().outputBytes()),
                listener,
                files,
                services,
                timer,
                stopper);
        current = new Evaluation(used, stopper);
        try {
            var job = new ToCell.Evaluate(used.nextId(), input, Conversation.terms(request, files.view(), home));
            return switch (conversation.hold(job)) {
                case Conversation.Ending.Answered(FromCell message) -> reply((FromCell.Evaluated) message);
                case Conversation.Ending.Stopped(RunOutcome outcome) -> {
                    pool.discard(used);
                    cell = null;
                    yield new Reply.Lost(outcome);
                }
            };
        } finally {
            current = null;
        }
    }

    private static Reply reply(FromCell.Evaluated evaluated) {
        return switch (evaluated.evaluation()) {
            case VALUE -> new Reply.Value(evaluated.text());
            case INCOMPLETE -> new Reply.Incomplete();
            case FAILED -> new Reply.Failed(evaluated.text(), evaluated.detail());
        };
    }

    /** Ends the evaluation under way: gently, and after a second with its cell. No effect if there is none. */
    public void interrupt() {
        Evaluation evaluation = current;
        if (evaluation == null) return;
        try {
            evaluation.cell.frames().write(new ToCell.Interrupt());
        } catch (IOException _) {
            evaluation.stopper.stop(RunOutcome.Cancelled::new);
        }
        var _ = timer.schedule(
                () -> evaluation.stopper.stop(RunOutcome.Cancelled::new), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What the session has changed in its view of the files. */
    public List<FileChange> changes() throws IOException {
        return files.changes();
    }

    /** Makes the session's changes real; empty if they are, else why not. */
    public Optional<String> commit() throws IOException {
        return files.commit().map(RunOutcome.Failed::error);
    }

    /** Ends the cell and throws away what was not committed. */
    @Override
    public void close() throws IOException {
        Cell used = cell;
        if (used != null) {
            used.killAndWait();
            pool.discard(used);
        }
        files.close();
    }
}
