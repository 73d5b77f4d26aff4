package dev.understudy.core.tuning.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process, told apart from a later one that got its number.
 *
 * @param start when it began: in clock ticks since the machine's start where Linux says so, for the wall clock may be set
 * @param boot the machine's running since its last start; empty where the system gives none
 */
record Owner(long pid, String start, String boot) {

    static Owner thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(self.pid(), startOf(self), bootId());
    }

    private static String startOf(ProcessHandle self) {
        try {
            String stat = firstLine(Path.of("/proc/self/stat"));
            // The name, in brackets, may hold spaces and brackets; the start is the 20th field behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[19];
        } catch (IOException _) {
            return self.info().startInstant().map(Instant::toString).orElse("");
        }
    }

    private static String bootId() {
        try {
            return firstLine(Path.of("/proc/sys/kernel/random/boot_id"));
        } catch (IOException _) {
            return "";
        }
    }

    /** By one read: there are files of the kernel that give nothing to a second. */
    private static String firstLine(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (InputStream in = Files.newInputStream(file)) {
            return new String(page, 0, Math.max(0, in.read(page)), StandardCharsets.UTF_8).strip();
        }
    }

    /** Whether the machine has started anew in between; false where that cannot be told. */
    boolean restartedSince(Owner earlier) {
        return !boot.isEmpty() && !earlier.boot.isEmpty() && !boot.equals(earlier.boot);
    }
}
