package dev.understudy.sandbox.control.jail;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What still runs of this host's jails. */
public final class JailProcesses {
    /** bubblewrap and its init, the server, and the init that waits for the next run. */
    private static final int IDLE_SERVER_PROCESSES = 4;

    private JailProcesses() {}

    /**
     * Descendants of this process that are no zombies, after the moment that the kernel takes to end a namespace. A fork
     * server that has nothing to do is left out, and so is what makes the tests' cells start faster.
     */
    static List<String> running() {
        return running(_ -> false);
    }

    /** As {@link #running()}, without the jails that {@code leftOut} names by their outermost process. */
    public static List<String> running(Predicate<ProcessHandle> leftOut) {
        long deadline = System.nanoTime() + 2_000_000_000L;
        while (true) {
            List<String> running = now(leftOut);
            if (running.isEmpty() || System.nanoTime() > deadline) return running;
            Thread.onSpinWait();
        }
    }

    private static List<String> now(Predicate<ProcessHandle> leftOut) {
        return ProcessHandle.current()
                .children()
                .filter(leftOut.negate())
                .map(JailProcesses::commands)
                .filter(commands -> !isIdleServer(commands) && !isTraining(commands))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> commands(ProcessHandle outermost) {
        return Stream.concat(Stream.of(outermost), outermost.descendants())
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> !command.isEmpty())
                .toList();
    }

    private static boolean isTraining(List<String> commands) {
        return commands.stream().anyMatch(command -> command.contains("CellMain train "));
    }

    private static boolean isIdleServer(List<String> commands) {
        return commands.size() <= IDLE_SERVER_PROCESSES
                && commands.stream().anyMatch(command -> command.contains("forkserver.py"));
    }
}
