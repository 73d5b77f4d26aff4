package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Makes the files of each run. Safe for use by several threads; each transaction belongs to one. */
public interface RunFiles {
    /** @throws FileViewException if what the request names cannot be given; the message is for people */
    Transaction open(String runId, RunRequest request) throws IOException, FileViewException;

    /** The files of one run; closing it throws away what was not committed. */
    interface Transaction extends AutoCloseable {
        FileView view();

        /** What the run has changed so far. */
        List<FileChange> changes() throws IOException;

        /** Makes the changes real. Empty if they are; else why not, and then none is. */
        Optional<String> commit() throws IOException;

        @Override
        void close() throws IOException;
    }
}
