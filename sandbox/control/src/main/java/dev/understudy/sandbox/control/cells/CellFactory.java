package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessStarter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;

/** Starts cells, with what {@link CellCache} holds to make that fast. Safe for use by several threads. */
@SuppressWarnings("try") // Who closes it waits for what it is making, and may be interrupted.
final class CellFactory implements AutoCloseable {
    private final CellInstallation installation;
    private final CellLauncher launcher;
    private final ProcessStarter starter;
    private final CellCache cache;
    private final CellOptions.Keeping keeping;
    private final Set<Cell> starting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    CellFactory(CellInstallation installation, CellLauncher launcher, ProcessStarter starter, CellOptions options)
            throws IOException {
        this.installation = installation;
        this.launcher = launcher;
        this.starter = starter;
        keeping = options.keeping();
        cache = new CellCache(installation, starter, options);
    }

    /** Starts a cell and waits until it can take a run. */
    Cell start(CellKey key) throws IOException, InterruptedException {
        Path resources = cache.resources();
        Optional<Path> aotCache = cache.aotCache(key.languageId());
        var command = new ArrayList<String>();
        command.add(installation.javaExecutable().toString());
        command.addAll(installation.flags(key.heapMebibytes()));
        command.add("-Xms" + key.initialHeapMebibytes() + "m");
        // Java would look for it by the name of /etc/localtime, which the jail shows as a plain file.
        command.add("-Duser.timezone=" + TimeZone.getDefault().getID());
        aotCache.ifPresent(file -> command.add("-XX:AOTCache=" + file));
        command.add(CellCache.resourceFlag(resources));
        command.addAll(installation.program());
        command.add("serve");
        command.add(key.languageId());
        command.add(Integer.toString(CellOptions.contextsReady(key.language())));
        command.add(Integer.toString(keeping.sharedContexts()));
        command.add(Long.toString(keeping.timeToLive().toMillis()));
        var readable = new ArrayList<Path>(installation.classPath());
        readable.add(resources);
        aotCache.ifPresent(readable::add);
        if (closed) throw new IOException("the host is closing");
        var cell = new Cell(key, launcher, launcher.start(starter, command, readable));
        starting.add(cell);
        try {
            // Who closes sees the cell among those that start, or this sees that it was closed.
            if (closed) throw new IOException("the host is closing");
            cell.awaitReady();
        } catch (IOException e) {
            cell.killAndWait();
            String lastWords =
                    cell.errorTail().lines().reduce((_, last) -> last).orElse("");
            throw new IOException(
                    "the cell for " + key.languageId() + " did not start: "
                            + (lastWords.isEmpty() ? e.getMessage() : lastWords),
                    e);
        } finally {
            starting.remove(cell);
        }
        if (aotCache.isEmpty()) cache.train(key.languageId());
        return cell;
    }

    /** Waits until the caches that are being made are made. */
    void awaitTraining() throws InterruptedException {
        cache.awaitTraining();
    }

    /** Ends the cells that are being started and the preparations that end with the host. */
    @Override
    public void close() {
        closed = true;
        starting.forEach(Cell::killAndWait);
        cache.close();
    }
}
