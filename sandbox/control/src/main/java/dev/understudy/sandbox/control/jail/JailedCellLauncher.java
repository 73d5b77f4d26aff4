package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.CellLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts cells into the jail: a Java process that sees its JDK, its jars and the languages' files, all read-only, a home
 * and a temporary folder in memory, and no path of the host that it could write to. Files reach a script through the pipe
 * only, from the host.
 */
public final class JailedCellLauncher implements CellLauncher {
    /** A cell's threads, with room for what a script's own limit allows. */
    private static final int TASKS = 256;

    private static final int OPEN_FILES = 512;

    /** What a Java process needs beside its heap: code, class data, stacks and the collector's own. */
    private static final long BESIDE_HEAP_BYTES = 768L << 20;

    private static final String HEAP = "-Xmx";

    private final JailKit kit;
    private final Tier tier;
    private final Map<Path, List<Path>> byJava = new HashMap<>();

    /** @param jail one that holds */
    public JailedCellLauncher(Jail jail) {
        this.kit = jail.kit();
        this.tier = jail.tier();
    }

    @Override
    public Process start(ProcessStarter starter, List<String> javaCommand, List<Path> readable) throws IOException {
        Path java = Path.of(javaCommand.getFirst()).toRealPath();
        List<Path> seen = new ArrayList<>(readable);
        seen.addAll(ofJava(java));
        List<String> inside = new ArrayList<>(javaCommand);
        inside.set(0, java.toString());
        JailLimits limits = new JailLimits(
                TASKS,
                OptionalLong.empty(),
                OptionalLong.of(heapBytes(javaCommand) + BESIDE_HEAP_BYTES),
                OptionalLong.empty(),
                OptionalLong.of(JailKit.CELL_SCRATCH_BYTES),
                OPEN_FILES);
        return switch (kit.wall()) {
            case NAMESPACES -> starter.start(CellLauncher.withoutEnvironment(kit.lasting(seen, limits, inside)));
            case LANDLOCK -> {
                LandlockLayout layout = kit.lastingLandlocked(seen, limits, inside);
                yield layout.launch().start(new ProcessBuilder(layout.command()));
            }
        };
    }

    @Override
    public Tier tier() {
        return tier;
    }

    @Override
    public void end(ProcessHandle started) {
        switch (kit.wall()) {
            case NAMESPACES -> JailEnd.kill(started);
            case LANDLOCK -> CellLauncher.super.end(started);
        }
    }

    /** The JDK and the system's libraries that its own are linked with; looked up once. */
    private synchronized List<Path> ofJava(Path java) throws IOException {
        List<Path> known = byJava.get(java);
        if (known != null) return known;
        List<Path> seen = new ArrayList<>(List.of(javaHome(java)));
        for (Path library : ElfFile.closure(javaLibraries(java), kit.architecture())) {
            if (!library.startsWith(javaHome(java))) seen.add(library);
        }
        byJava.put(java, List.copyOf(seen));
        return seen;
    }

    private static Path javaHome(Path java) {
        Path bin = java.getParent();
        Path home = bin == null ? null : bin.getParent();
        if (home == null) throw new IllegalArgumentException("no JDK around " + java);
        return home;
    }

    private static List<Path> javaLibraries(Path java) throws IOException {
        List<Path> files = new ArrayList<>(List.of(java));
        try (var libraries = Files.walk(javaHome(java).resolve("lib"))) {
            libraries.filter(file -> file.toString().endsWith(".so")).forEach(files::add);
        }
        return files;
    }

    private static long heapBytes(List<String> javaCommand) {
        for (String argument : javaCommand) {
            if (argument.startsWith(HEAP)) return bytes(argument.substring(HEAP.length()));
        }
        throw new IllegalArgumentException("a cell's command must say " + HEAP);
    }

    private static long bytes(String text) {
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        return switch (text.toLowerCase(Locale.ROOT).charAt(text.length() - 1)) {
            case 'k' -> number << 10;
            case 'm' -> number << 20;
            case 'g' -> number << 30;
            default -> number;
        };
    }
}
