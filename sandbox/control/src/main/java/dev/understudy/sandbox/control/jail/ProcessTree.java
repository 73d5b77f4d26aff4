package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the processes below one process use, read from {@code /proc} by the host. Used by one thread.
 *
 * <p>In a pid namespace nothing can leave the tree: an orphan becomes a child of the namespace's init. A process that
 * ends between two looks has given its CPU time to its parent by then, or (if the parent ignores its children's end) had
 * it counted at the last look; so the sum never falls.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, which the kernel's interface fixes at 100 on the architectures that the filter knows. */
    private static final long TICK_NANOS = 10_000_000;

    private final long root;
    private final int uncounted;
    private final Map<Long, Long> ownTicks = new HashMap<>();
    private long mostTicks;

    /**
     * @param root whose descendants are meant
     * @param uncounted how many generations below the root belong to the jail itself; the last is the init of the run's
     *     pid namespace
     */
    ProcessTree(long root, int uncounted) {
        this.root = root;
        this.uncounted = uncounted;
    }

    /**
     * @param tasks processes and their threads
     * @param openFiles of the process that has the most
     * @param ioBytes read and written, pipes included; empty where the kernel tells of no process
     */
    record Sample(Duration cpuTime, long memoryBytes, int tasks, int openFiles, OptionalLong ioBytes) {}

    /** A process that has ended and that nobody has waited for yet counts as one, as it does for the kernel's limit. */
    private record Stat(long ownTicks, long withChildrenTicks, int threads) {}

    Sample look() {
        long liveTicks = 0;
        long memory = 0;
        int tasks = 0;
        int openFiles = 0;
        long io = 0;
        boolean tellsIo = false;
        List<Long> generation = List.of(root);
        for (int depth = 0; !generation.isEmpty(); depth++) {
            List<Long> next = new ArrayList<>();
            for (long pid : generation) {
                next.addAll(children(pid));
                if (depth < uncounted) continue;
                Stat stat = stat(pid);
                if (stat == null) continue;
                // The namespace's init counts, because what it has waited for does.
                ownTicks.merge(pid, stat.ownTicks(), Math::max);
                liveTicks += stat.withChildrenTicks();
                OptionalLong moved = ioBytes(pid);
                io += moved.orElse(0);
                tellsIo |= moved.isPresent();
                if (depth == uncounted) continue;
                tasks += stat.threads();
                memory += residentBytes(pid);
                openFiles = Math.max(openFiles, openFiles(pid));
            }
            generation = next;
        }
        long seenTicks = ownTicks.values().stream().mapToLong(Long::longValue).sum();
        mostTicks = Math.max(mostTicks, Math.max(liveTicks, seenTicks));
        return new Sample(
                Duration.ofNanos(mostTicks * TICK_NANOS),
                memory,
                tasks,
                openFiles,
                tellsIo ? OptionalLong.of(io) : OptionalLong.empty());
    }

    /**
     * Memory again, but exactly: pages that processes share after a fork count once. Zero where the kernel does not tell.
     */
    long exactMemoryBytes() {
        long bytes = 0;
        List<Long> generation = List.of(root);
        for (int depth = 0; !generation.isEmpty(); depth++) {
            if (depth > uncounted)
                bytes += generation.stream()
                        .mapToLong(ProcessTree::proportionalBytes)
                        .sum();
            generation =
                    generation.stream().flatMap(pid -> children(pid).stream()).toList();
        }
        return bytes;
    }

    private static @Nullable Stat stat(long pid) {
        try {
            String text =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name may hold blanks and brackets, so count from its last bracket.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            long children = Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
            return new Stat(own, own + children, Integer.parseInt(fields[17]));
        } catch (IOException gone) {
            return null;
        }
    }

    static List<Long> children(long pid) {
        List<Long> children = new ArrayList<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(PROC.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads) {
                for (String child : Files.readString(thread.resolve("children")).split(" ")) {
                    if (!child.isBlank()) children.add(Long.parseLong(child.strip()));
                }
            }
        } catch (IOException | java.io.UncheckedIOException | DirectoryIteratorException gone) {
            return children;
        }
        return children;
    }

    /** Private and shared anonymous memory; what is mapped from files is the system's, not the script's. */
    private static long residentBytes(long pid) {
        return sumKilobytes(pid, "status", Set.of("RssAnon:", "RssShmem:"));
    }

    /** The same with each shared page divided by its users; costs a walk over the page tables. */
    private static long proportionalBytes(long pid) {
        return sumKilobytes(pid, "smaps_rollup", Set.of("Pss_Anon:", "Pss_Shmem:"));
    }

    private static long sumKilobytes(long pid, String file, Set<String> names) {
        try {
            return Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve(file)).stream()
                    .map(line -> line.split("\\s+"))
                    .filter(fields -> fields.length > 1 && names.contains(fields[0]))
                    .mapToLong(fields -> Long.parseLong(fields[1]) << 10)
                    .sum();
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    /** Of the process and those that it has waited for; empty where nobody else may see it. */
    private static OptionalLong ioBytes(long pid) {
        try {
            return OptionalLong.of(
                    Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("io")).stream()
                            .filter(line -> line.startsWith("rchar:") || line.startsWith("wchar:"))
                            .mapToLong(line -> Long.parseLong(line.substring(6).strip()))
                            .sum());
        } catch (IOException | UncheckedIOException hidden) {
            return OptionalLong.empty();
        }
    }

    private static int openFiles(long pid) {
        int count = 0;
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(PROC.resolve(Long.toString(pid)).resolve("fd"))) {
            for (Path descriptor : descriptors) if (descriptor.getNameCount() > 0) count++;
        } catch (IOException | DirectoryIteratorException gone) {
            return count;
        }
        return count;
    }
}
