package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.ChangeSet;
import dev.understudy.sandbox.control.files.CommitResult;
import dev.understudy.sandbox.control.files.CopyOnWriteView;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Copy-on-write views that are committed under a journal. */
public final class TransactionalFiles implements RunFiles {
    private static final String UNCHANGED = "Nothing was changed.";

    private final FileTransactions transactions;

    public TransactionalFiles(FileTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Transaction open(String runId, RunRequest request) throws IOException, FileViewException {
        return new ViewTransaction(
                runId,
                transactions.view(
                        runId, request.grants(), request.limits(), request.stagedFiles(), request.stagedFolders()),
                request.mode());
    }

    private final class ViewTransaction implements Transaction {
        private final String runId;
        private final CopyOnWriteView view;
        private final RunRequest.Mode mode;
        private @Nullable ChangeSet listed;

        ViewTransaction(String runId, CopyOnWriteView view, RunRequest.Mode mode) {
            this.runId = runId;
            this.view = view;
            this.mode = mode;
        }

        @Override
        public FileView view() {
            return view;
        }

        @Override
        public List<FileChange> changes() throws IOException {
            ChangeSet changes = view.changes();
            listed = changes;
            return switch (mode) {
                case REHEARSE -> changes.describeWithContents();
                case COMMIT -> changes.describe();
            };
        }

        @Override
        public ChangedPaths changedPaths() throws IOException {
            ChangeSet changes = view.changes();
            return new ChangedPaths(changes.present(), changes.gone());
        }

        /** Commits what was listed last, so that what a report says is what was done. */
        @Override
        public Optional<RunOutcome.Failed> commit() throws IOException {
            ChangeSet changes = listed == null ? view.changes() : listed;
            return switch (transactions.commit(runId, changes)) {
                case CommitResult.Committed _ -> Optional.empty();
                case CommitResult.Conflict conflict ->
                    Optional.of(new RunOutcome.Failed(
                            String.join("; ", conflict.reasons()), UNCHANGED, RunOutcome.Failed.Cause.CONFLICT));
                case CommitResult.Refused refused -> Optional.of(new RunOutcome.Failed(refused.reason(), UNCHANGED));
            };
        }

        @Override
        public void close() throws IOException {
            view.close();
        }
    }
}
