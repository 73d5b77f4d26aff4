package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes the files of each run. Safe for use by several threads; each transaction belongs to one. */
public interface RunFiles {
    /** @throws FileViewException if what the request names cannot be given; the message is for people */
    Transaction open(String runId, RunRequest request) throws IOException, FileViewException;

    /**
     * Paths at which a run's view differs from the host.
     *
     * @param present created or changed, sorted
     * @param gone deleted, sorted
     */
    record ChangedPaths(List<Path> present, List<Path> gone) {
        public static final ChangedPaths NONE = new ChangedPaths(List.of(), List.of());

        public ChangedPaths {
            present = List.copyOf(present);
            gone = List.copyOf(gone);
        }
    }

    /** The files of one run; closing it throws away what was not committed. */
    interface Transaction extends AutoCloseable {
        FileView view();

        /** What the run has changed so far. */
        List<FileChange> changes() throws IOException;

        /** Which paths the run has changed so far; cheaper than {@link #changes} where that can be told apart. */
        default ChangedPaths changedPaths() throws IOException {
            List<FileChange> changes = changes();
            return new ChangedPaths(
                    changes.stream()
                            .filter(change -> change.kind() != FileChange.Kind.DELETED)
                            .map(FileChange::path)
                            .toList(),
                    changes.stream()
                            .filter(change -> change.kind() == FileChange.Kind.DELETED)
                            .map(FileChange::path)
                            .toList());
        }

        /** Makes the changes real. Empty if they are; else why not, and then none is. */
        Optional<RunOutcome.Failed> commit() throws IOException;

        @Override
        void close() throws IOException;
    }
}
