package dev.understudy.sandbox.control.jail;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Ends a jail from outside, at whatever moment of its life. */
final class Killing {
    private static final int STOP = 19;
    private static final int MAX_LOOKS = 50;
    private static final long LOOK_NANOS = 100_000;

    private Killing() {}

    /**
     * Kills the outermost process and all below it.
     *
     * <p>bubblewrap's child dies with bubblewrap only once it has asked the kernel for that, which is after it has made
     * all mounts: killed before, it would go on and start the command. So the outermost process is stopped first, then
     * it can start no more, and what is below it is known when both are killed.
     */
    static void kill(Process outermost) {
        ProcessHandle handle = outermost.toHandle();
        List<Long> below = List.of();
        if (handle.isAlive() && signal(handle.pid(), STOP)) {
            for (int look = 0; look < MAX_LOOKS && !isStopped(handle.pid()); look++) LockSupport.parkNanos(LOOK_NANOS);
            below = new ProcessTree(handle.pid(), 0).descendants();
        }
        handle.destroyForcibly();
        for (long pid : below) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean signal(long pid, int signal) {
        Function kill = NativeLibrary.getProcess().getFunction("kill");
        return kill.invokeInt(new Object[] {(int) pid, signal}) == 0;
    }

    private static boolean isStopped(long pid) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            char state = text.charAt(text.lastIndexOf(')') + 2);
            return state == 'T' || state == 'Z' || state == 'X';
        } catch (IOException gone) {
            return true;
        }
    }
}
