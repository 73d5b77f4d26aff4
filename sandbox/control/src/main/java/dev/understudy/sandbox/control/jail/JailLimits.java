package dev.understudy.sandbox.control.jail;

import java.util.List;
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

    List<String> arguments() {
        var arguments = new java.util.ArrayList<String>();
        arguments.add("--nproc=" + processes);
        addressSpaceBytes.ifPresent(value -> arguments.add("--as=" + value));
        dataBytes.ifPresent(value -> arguments.add("--data=" + value));
        cpuSeconds.ifPresent(value -> arguments.add("--cpu=" + value));
        fileBytes.ifPresent(value -> arguments.add("--fsize=" + value));
        arguments.add("--nofile=" + openFiles);
        arguments.add("--core=0");
        return arguments;
    }
}
