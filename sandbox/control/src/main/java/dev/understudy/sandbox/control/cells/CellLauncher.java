package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.Tier;
import java.nio.file.Path;
import java.util.List;

/** What is put around a cell's process. Safe for use by several threads. */
public interface CellLauncher {
    /** Starts the Java command as it is. */
    CellLauncher PLAIN = new CellLauncher() {
        @Override
        public List<String> command(List<String> javaCommand, List<Path> readable) {
            return javaCommand;
        }

        @Override
        public Tier tier() {
            return Tier.PROCESS;
        }
    };

    /**
     * The command to start in place of a Java command. It must pass on standard input, output and error, and die with the
     * process that it starts and the other way round.
     *
     * @param readable files and folders that the cell must be able to read, at these very paths, and nothing else beside
     *     what any Java process needs
     */
    List<String> command(List<String> javaCommand, List<Path> readable);

    /** The wall that the command gives. */
    Tier tier();

    /**
     * Ends what the command started, with all its descendants, at once; may be called again where that takes long.
     *
     * @param started the process that the command was started as
     */
    default void end(ProcessHandle started) {
        // A child that holds the pipe would keep its reader waiting.
        List<ProcessHandle> descendants = started.descendants().toList();
        started.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
