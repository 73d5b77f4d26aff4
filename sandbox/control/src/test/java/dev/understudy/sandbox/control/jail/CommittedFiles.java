package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.RunOutcome;
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
import java.util.Set;

/** Real views with real commits. */
record CommittedFiles(FileTransactions transactions) implements RunFiles {
    @Override
    public Transaction open(String runId, RunRequest request) throws IOException, FileViewException {
        CopyOnWriteView view =
                transactions.view(runId, request.grants(), request.limits(), request.stagedFiles(), Set.of());
        return new Transaction() {
            @Override
            public FileView view() {
                return view;
            }

            @Override
            public List<FileChange> changes() throws IOException {
                return view.changes().describe();
            }

            @Override
            public Optional<RunOutcome.Failed> commit() throws IOException {
                return switch (transactions.commit(runId, view.changes())) {
                    case CommitResult.Committed _ -> Optional.empty();
                    case CommitResult.Conflict conflict ->
                        Optional.of(new RunOutcome.Failed(String.join("; ", conflict.reasons()), ""));
                    case CommitResult.Refused refused -> Optional.of(new RunOutcome.Failed(refused.reason(), ""));
                };
            }

            @Override
            public void close() throws IOException {
                view.close();
            }
        };
    }
}
