package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The files of a person's sessions: one view that the sessions of all languages share, whose changes are made real when the
 * person says so. Used by one session at a time.
 */
public final class SessionFiles implements AutoCloseable {
    private final RunFiles files;
    private final Supplier<String> runIds;
    private RunRequest request;
    private String runId;
    private RunFiles.Transaction transaction;

    SessionFiles(RunFiles files, Supplier<String> runIds, RunRequest request) throws IOException, FileViewException {
        this.files = files;
        this.runIds = runIds;
        this.request = request;
        runId = runIds.get();
        transaction = files.open(runId, request);
    }

    RunFiles.Transaction transaction() {
        return transaction;
    }

    /** Makes a run of another kind work on these files: what it would commit stays in the view. */
    public RunFiles shared() {
        return (_, _) -> new Shared(transaction);
    }

    /** What was changed in the view. */
    public List<FileChange> changes() throws IOException {
        return transaction.changes();
    }

    /** What became of a commit. */
    public sealed interface Committed {
        /** All is real; the run can be taken back by this name. */
        record Done(String runId) implements Committed {}

        /** Nothing is. */
        record Refused(String reason) implements Committed {}
    }

    /** Makes the changes real, and begins anew on what there is then. */
    public Committed commit() throws IOException, FileViewException {
        Optional<RunOutcome.Failed> obstacle = transaction.commit();
        if (obstacle.isPresent()) return new Committed.Refused(obstacle.get().error());
        String committed = runId;
        reopen(request);
        return new Committed.Done(committed);
    }

    /**
     * Gives other paths, or other limits, from now on. What was changed and not committed is gone then: see {@link #changes}.
     *
     * @throws FileViewException if what the request names cannot be given; all is as before then
     */
    public void reopen(RunRequest other) throws IOException, FileViewException {
        String id = runIds.get();
        RunFiles.Transaction opened = files.open(id, other);
        transaction.close();
        transaction = opened;
        runId = id;
        request = other;
    }

    /** Throws away what was not committed. */
    @Override
    public void close() throws IOException {
        transaction.close();
    }

    /** Neither ends nor commits what belongs to the sessions. */
    private record Shared(RunFiles.Transaction transaction) implements RunFiles.Transaction {
        @Override
        public FileView view() {
            return transaction.view();
        }

        @Override
        public List<FileChange> changes() throws IOException {
            return transaction.changes();
        }

        @Override
        public RunFiles.ChangedPaths changedPaths() throws IOException {
            return transaction.changedPaths();
        }

        @Override
        public Optional<RunOutcome.Failed> commit() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
