package dev.understudy.sandbox.control.files;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A committed run that can be undone.
 *
 * @param runId as it was committed
 * @param committed when its changes were made
 * @param bytes of its before-images, as long as they are
 * @param paths what it changed, sorted
 */
public record UndoEntry(String runId, Instant committed, long bytes, List<Path> paths) {
    public UndoEntry {
        paths = List.copyOf(paths);
    }
}
