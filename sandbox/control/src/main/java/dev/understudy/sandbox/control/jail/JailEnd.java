package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.List;

/** Ends a jail with all that runs in it. */
final class JailEnd {
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;

    private JailEnd() {}

    /**
     * Kills the init of the jail's pid namespace, by which the kernel kills all of it; the outermost process ends then by
     * itself, and only after the last of them, so whoever waits for it waits for all. Called again while it still lives,
     * which a process at work may do when that took too long, it does the same again.
     *
     * @param outermost the process that the host started
     */
    static void kill(ProcessHandle outermost) {
        if (!outermost.isAlive()) return;
        if (killChildren(outermost.pid())) return;
        // It has not made its namespace yet. Stopped, it cannot make one between this look and its end.
        signal(outermost.pid(), SIGSTOP);
        killChildren(outermost.pid());
        outermost.destroyForcibly();
    }

    private static boolean killChildren(long pid) {
        List<Long> children = ProcessTree.children(pid);
        children.forEach(child -> signal(child, SIGKILL));
        return !children.isEmpty();
    }

    private static void signal(long pid, int number) {
        Function kill = NativeLibrary.getProcess().getFunction("kill");
        kill.invokeInt(new Object[] {Math.toIntExact(pid), number});
    }
}
