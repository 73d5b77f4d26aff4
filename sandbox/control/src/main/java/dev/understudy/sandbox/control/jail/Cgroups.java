package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether this host can make control groups of its own. The watcher does without them; where they work, doctor says so.
 */
final class Cgroups {
    private static final List<String> WANTED = List.of("memory", "pids", "cpu");

    private Cgroups() {}

    record Finding(boolean works, String detail) {}

    /** Makes a group and removes it again. */
    static Finding tryOut() {
        try {
            Optional<Path> unified = mountOf("cgroup2");
            if (unified.isEmpty()) return new Finding(false, "no cgroup v2 hierarchy is mounted");
            String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> line.substring(3))
                    .findFirst()
                    .orElse("/");
            Path group = unified.get().resolve(own.substring(1));
            Path trial = group.resolve("understudy-" + ProcessHandle.current().pid());
            Files.createDirectory(trial);
            try {
                List<String> controllers = List.of(Files.readString(trial.resolve("cgroup.controllers"))
                        .strip()
                        .split(" "));
                List<String> lacking = WANTED.stream()
                        .filter(wanted -> !controllers.contains(wanted))
                        .toList();
                boolean kill = Files.exists(trial.resolve("cgroup.kill"));
                String detail = "v2 group made; kill " + (kill ? "works" : "is missing")
                        + (lacking.isEmpty()
                                ? "; memory, pids and cpu delegated"
                                : "; not delegated: " + String.join(", ", lacking));
                return new Finding(lacking.isEmpty(), detail);
            } finally {
                Files.delete(trial);
            }
        } catch (IOException refused) {
            return new Finding(false, "v2 is mounted, but no group can be made: " + refused);
        }
    }

    private static Optional<Path> mountOf(String type) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 2 && fields[2].equals(type))
                .map(fields -> Path.of(fields[1]))
                .findFirst();
    }
}
