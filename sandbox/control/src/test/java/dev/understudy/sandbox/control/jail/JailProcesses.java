package dev.understudy.sandbox.control.jail;

import java.util.List;

/** What still runs of this host's jails. */
final class JailProcesses {
    private JailProcesses() {}

    /** Descendants of this process that are no zombies, after the moment that the kernel takes to end a namespace. */
    static List<String> running() {
        long deadline = System.nanoTime() + 2_000_000_000L;
        while (true) {
            List<String> running = now();
            if (running.isEmpty() || System.nanoTime() > deadline) return running;
            Thread.onSpinWait();
        }
    }

    private static List<String> now() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> !command.isEmpty())
                .toList();
    }
}
