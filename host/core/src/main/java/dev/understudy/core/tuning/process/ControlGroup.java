package dev.understudy.core.tuning.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The control group by which a process gets its share of the processor.
 *
 * @param weight the file that holds the share
 * @param version 1 or 2
 */
record ControlGroup(Path weight, int version) {

    /** Finds it; empty if the process is in no group that has a share of its own. */
    static Optional<ControlGroup> of(Path root, long pid) {
        try {
            for (String line : Files.readAllLines(root.resolve("proc/" + pid + "/cgroup"))) {
                String[] fields = line.split(":", 3);
                if (fields.length < 3 || fields[2].equals("/") || fields[2].contains("..")) continue;
                String group = fields[2].substring(1);
                if (fields[0].equals("0")) {
                    Path weight = root.resolve("sys/fs/cgroup").resolve(group).resolve("cpu.weight");
                    if (Files.exists(weight)) return Optional.of(new ControlGroup(weight, 2));
                } else if (List.of(fields[1].split(",")).contains("cpu")) {
                    Path weight =
                            root.resolve("sys/fs/cgroup/cpu").resolve(group).resolve("cpu.shares");
                    if (Files.exists(weight)) return Optional.of(new ControlGroup(weight, 1));
                }
            }
        } catch (IOException _) {
            // The process has ended, or this system has no groups.
        }
        return Optional.empty();
    }
}
