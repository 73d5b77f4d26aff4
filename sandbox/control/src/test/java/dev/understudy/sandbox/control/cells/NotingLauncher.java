package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Another launcher, which notes the processes of the cells that it starts, and those that it ends with all that they
 * started.
 */
record NotingLauncher(CellLauncher launcher, Queue<ProcessHandle> started, Queue<ProcessHandle> ended)
        implements CellLauncher {
    NotingLauncher(CellLauncher launcher) {
        this(launcher, new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
    }

    @Override
    public Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable) throws IOException {
        Process process = launcher.start(starter, javaCommand, readable);
        started.add(process.toHandle());
        return process;
    }

    @Override
    public Tier tier() {
        return launcher.tier();
    }

    @Override
    public void end(ProcessHandle cell) {
        Stream.concat(Stream.of(cell), cell.descendants()).forEach(ended::add);
        launcher.end(cell);
    }
}
