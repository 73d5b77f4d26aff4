package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The resource limits that {@code prlimit} sets inside the jail, each for a single process but the number of processes.
 * They are the kernel's backstop; sums over a whole run are the watcher's.
 *
 * @param processes and threads of the whole jail, its init included
 * @param addressSpaceBytes absent for runtimes that reserve far more than they use
 * @param dataBytes private writable memory
 * @param cpuSeconds of one process; it is killed then
 * @param fileBytes of one file
 * @param openFiles of one process
 */
record JailLimits(
        int processes,
        OptionalLong addressSpaceBytes,
        OptionalLong dataBytes,
        OptionalLong cpuSeconds,
        OptionalLong fileBytes,
        int openFiles) {

    JailLimits withProcesses(int allowed) {
        return new JailLimits(allowed, addressSpaceBytes, dataBytes, cpuSeconds, fileBytes, openFiles);
    }

    List<String> arguments() {
        return byName().entrySet().stream()
                .map(limit -> "--" + limit.getKey().toLowerCase(Locale.ROOT) + "=" + limit.getValue())
                .toList();
    }

    private static long ownOpenFiles() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (!line.startsWith("Max open files")) continue;
                String hard = line.split("\\s{2,}")[2];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        } catch (IOException _) {
            // Then nothing is known of it.
        }
        return Long.MAX_VALUE;
    }

    /** By the kernel's names, without {@code RLIMIT_}. */
    Map<String, Long> byName() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("NPROC", (long) processes);
        addressSpaceBytes.ifPresent(value -> limits.put("AS", value));
        dataBytes.ifPresent(value -> limits.put("DATA", value));
        cpuSeconds.ifPresent(value -> limits.put("CPU", value));
        fileBytes.ifPresent(value -> limits.put("FSIZE", value));
        // No process may ask for more than it has itself.
        limits.put("NOFILE", Math.min(openFiles, ownOpenFiles()));
        limits.put("CORE", 0L);
        return limits;
    }
}
