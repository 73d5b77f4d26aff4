package dev.understudy.core.sandbox;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.RunFiles;
import dev.understudy.sandbox.control.files.CommitResult;
import dev.understudy.sandbox.control.files.CopyOnWriteView;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Gives each run of a cell a copy-on-write view whose changes can be committed. */
record TransactionalRunFiles(FileTransactions transactions) implements RunFiles {

    @Override
    public Transaction open(String runId, RunRequest request) throws IOException, FileViewException {
        CopyOnWriteView view = transactions.view(
                runId, request.grants(), request.limits(), request.stagedFiles(), request.stagedFolders());
        return new ViewTransaction(runId, transactions, view);
    }

    private record ViewTransaction(String runId, FileTransactions transactions, CopyOnWriteView files)
            implements Transaction {
        @Override
        public List<FileChange> changes() throws IOException {
            return files.changes().describe();
        }

        @Override
        public Optional<String> commit() throws IOException {
            return switch (transactions.commit(runId, files.changes())) {
                case CommitResult.Committed _ -> Optional.empty();
                case CommitResult.Refused(String reason) -> Optional.of(reason);
                case CommitResult.Conflict(var conflicts) ->
                    Optional.of("changed by somebody else while the script ran: " + String.join(", ", conflicts));
            };
        }

        @Override
        public void close() throws IOException {
            files.close();
        }

        @Override
        public FileView view() {
            return files;
        }
    }
}
