package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session in JavaScript or Python, in a cell of its own. */
final class CellSession implements ReplSession {
    private static final long GRACE_MILLIS = 1000;

    /** A person waits for what Tab shows. The first answer of a cell that has just started may take as long. */
    private static final long ANSWER_MILLIS = 500;

    private final SessionFiles files;
    private final CellPool pool;
    private final String domain;
    private final HostServices services;
    private final ScheduledExecutorService timer;
    private final Path home;
    private final SessionFacts facts;
    private final AutoCloseable whatIsItsOwn;
    private RunRequest request;
    private @Nullable Cell cell;
    private volatile @Nullable Evaluation current;

    private record Evaluation(Cell cell, int job, Conversation.Stopper stopper) {}

    /** @param whatIsItsOwn closed with the session */
    CellSession(
            String domain,
            RunRequest request,
            SessionFiles files,
            CellPool pool,
            HostServices services,
            ScheduledExecutorService timer,
            Path home,
            SessionFacts facts,
            AutoCloseable whatIsItsOwn) {
        this.domain = domain;
        this.request = request;
        this.files = files;
        this.pool = pool;
        this.services = services;
        this.timer = timer;
        this.home = home;
        this.facts = facts;
        this.whatIsItsOwn = whatIsItsOwn;
    }

    @Override
    public Reply evaluate(String input, RunListener listener) throws IOException, InterruptedException {
        return ask(ToCell.Purpose.ENTRY, input, listener);
    }

    @Override
    public boolean isUnfinished(String input) throws IOException, InterruptedException {
        return ask(ToCell.Purpose.WHOLENESS, input, RunListener.SILENT) instanceof Reply.Incomplete;
    }

    @Override
    public List<String> members(String path) throws IOException, InterruptedException {
        return answer(ToCell.Purpose.MEMBERS, path).lines().toList();
    }

    @Override
    public Optional<String> explain(String path) throws IOException, InterruptedException {
        String text = answer(ToCell.Purpose.EXPLANATION, path);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** What the cell answers to a question in time; empty if nothing. */
    private String answer(ToCell.Purpose purpose, String input) throws IOException, InterruptedException {
        cell();
        ScheduledFuture<?> late = timer.schedule(this::interrupt, ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return ask(purpose, input, RunListener.SILENT) instanceof Reply.Value(String text) ? text : "";
        } finally {
            late.cancel(false);
        }
    }

    @Override
    public Timed time(String input, RunListener listener) throws IOException, InterruptedException {
        Reply reply = ask(ToCell.Purpose.TIMING, input, listener);
        if (!(reply instanceof Reply.Value(String text))) return new Timed.Not(reply);
        try {
            List<Long> numbers = text.lines().map(Long::valueOf).toList();
            return new Timed.Done(new Timing(
                    numbers.getFirst(),
                    numbers.stream().skip(1).map(Duration::ofNanos).toList()));
        } catch (IllegalArgumentException | java.util.NoSuchElementException _) {
            return new Timed.Not(new Reply.Failed("the cell gave no times", ""));
        }
    }

    private Cell cell() throws IOException, InterruptedException {
        Cell used = cell;
        if (used == null) {
            CellKey key = CellKey.of(request.language(), request.limits().memoryBytes());
            used = pool.acquire(key, domain, "", RunRequest.Reuse.SHARED);
            cell = used;
        }
        return used;
    }

    private Reply ask(ToCell.Purpose purpose, String input, RunListener listener)
            throws IOException, InterruptedException {
        Cell used = cell();
        var stopper = new Conversation.Stopper();
        var conversation = new Conversation(
                request,
                used,
                new OutputCollector(listener, request.limits().outputBytes()),
                listener,
                files.transaction(),
                services,
                timer,
                stopper,
                facts);
        int id = used.nextId();
        current = new Evaluation(used, id, stopper);
        try {
            var job = new ToCell.Evaluate(
                    id,
                    purpose,
                    input,
                    Conversation.terms(request, files.transaction().view(), home));
            return switch (conversation.hold(job)) {
                case Conversation.Ending.Answered(FromCell message) -> reply((FromCell.Evaluated) message);
                case Conversation.Ending.Stopped(RunOutcome outcome) -> {
                    drop();
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

    @Override
    public State use(RunRequest other) {
        boolean sameCell = CellKey.of(request.language(), request.limits().memoryBytes())
                .equals(CellKey.of(request.language(), other.limits().memoryBytes()));
        request = other;
        if (sameCell || cell == null) return State.KEPT;
        drop();
        return State.LOST;
    }

    @Override
    public void interrupt() {
        Evaluation evaluation = current;
        if (evaluation == null) return;
        // By its number: an answer that came just before it would leave it to the next entry.
        evaluation.cell.interrupt(evaluation.job);
        var _ = timer.schedule(
                () -> evaluation.stopper.stop(RunOutcome.Cancelled::new), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void drop() {
        Cell used = cell;
        cell = null;
        if (used == null) return;
        used.killAndWait();
        pool.discard(used);
    }

    @Override
    public void close() throws IOException {
        drop();
        try {
            whatIsItsOwn.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
