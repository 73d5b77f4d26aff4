package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs as transactions on files: makes the view of each run. One object serves the whole host; safe for use by several
 * threads, while each view belongs to one.
 */
public final class FileTransactions {
    private final HostFiles host = HostFiles.ofThisSystem();
    private final Path runs;
    private final List<Path> hostOwn;
    private final NewModes newModes = NewModes.ofThisProcess();
    private final InstantSource clock;

    /**
     * @param runs absolute folder for the data of runs under way; made if absent
     * @param hostOwn folders of the host itself (its data home), which no grant gives even if it contains them
     */
    public FileTransactions(Path runs, List<Path> hostOwn, InstantSource clock) {
        this.runs = runs;
        this.hostOwn = List.copyOf(hostOwn);
        this.clock = clock;
    }

    /**
     * Makes the view of a run. Nothing is written to disk before the run's first write.
     *
     * @param runId names the run's folder; letters, digits and {@code -_.} only
     * @param stagedFiles files that the run sees as though they existed, by absolute path
     * @param stagedFolders folders likewise
     * @throws FileViewException if something is staged where nothing is granted
     */
    public CopyOnWriteView view(
            String runId, Grants grants, Limits limits, Map<Path, byte[]> stagedFiles, Set<Path> stagedFolders)
            throws IOException, FileViewException {
        CopyOnWriteView view = new CopyOnWriteView(host, grants, limits, runs.resolve(runId), hostOwn, newModes, clock);
        for (Path folder : stagedFolders) view.stageDirectory(folder);
        for (Map.Entry<Path, byte[]> file : stagedFiles.entrySet()) view.stageFile(file.getKey(), file.getValue());
        return view;
    }
}
