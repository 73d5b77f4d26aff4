package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.Utf8Locale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is put around a cell's process. Safe for use by several threads. */
public interface CellLauncher {
    /** Starts the Java command as it is. */
    CellLauncher PLAIN = new CellLauncher() {
        @Override
        public Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable) throws IOException {
            return starter.start(withoutEnvironment(javaCommand));
        }

        @Override
        public Tier tier() {
            return Tier.PROCESS;
        }
    };

    /**
     * Starts something in place of a Java command, which passes on standard input, output and error, and dies with the
     * process that it starts and the other way round. Its environment is empty but for what the wall itself sets.
     *
     * @param readable files and folders that the cell must be able to read, at these very paths, and nothing else beside
     *     what any Java process needs
     */
    Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable) throws IOException;

    /** A builder for a command that inherits none of the host's environment. */
    static ProcessBuilder withoutEnvironment(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(Utf8Locale.in(System.getenv()).variables());
        return builder;
    }

    /** The wall that it gives. */
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
