package dev.understudy.core.engine;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.Drafter.Creation.Change;
import dev.understudy.core.automation.OwnScripts;
import dev.understudy.core.automation.OwnScripts.Adopted;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adopts scripts from folders that a person keeps, in git perhaps, as drafts: those that lie there at the first look and
 * have never been a version, and each that appears or changes from then on. Folders below are looked at, too; hidden ones
 * are not. A file is read once two looks in a row found it the same, so that none is taken half-written.
 *
 * <p>It looks every second instead of waiting for the system's events, which many folders of many trees would use up.
 * {@link #look} belongs to one thread.
 */
final class AdoptedFolders {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final List<Path> folders;
    private final OwnScripts scripts;
    private final Consumer<Adopted> listener;
    private final Consumer<String> problems;
    private final Thread thread;
    private Map<Path, String> before = Map.of();
    private final Map<Path, String> read = new HashMap<>();
    private final Set<Path> missing = new HashSet<>();

    /**
     * @param folders absolute, or below {@code ~}
     * @param listener hears of each new automation and version
     * @param problems hears why a file was not adopted, once for each state of it
     */
    AdoptedFolders(
            List<String> folders,
            Path userHome,
            OwnScripts scripts,
            Consumer<Adopted> listener,
            Consumer<String> problems) {
        this.folders = folders.stream()
                .map(folder ->
                        folder.startsWith("~") ? userHome.resolve(folder.replaceFirst("^~/?", "")) : Path.of(folder))
                .toList();
        this.scripts = scripts;
        this.listener = listener;
        this.problems = problems;
        thread = Thread.ofPlatform().daemon().name("adopted folders").unstarted(this::run);
    }

    /** Begins, where there is anything to look at; to be called once. */
    void start() {
        if (!folders.isEmpty()) thread.start();
    }

    void close() throws InterruptedException {
        thread.interrupt();
        if (thread.isAlive()) thread.join();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            // Closed: the watch ends.
        }
    }

    /** Looks once, and adopts what has stayed the same since the look before. */
    void look() throws InterruptedException {
        Map<Path, String> now = listing();
        read.keySet().retainAll(now.keySet());
        for (Map.Entry<Path, String> each : now.entrySet()) {
            Path file = each.getKey();
            boolean settled = each.getValue().equals(before.get(file));
            if (settled && !each.getValue().equals(read.put(file, each.getValue()))) adopt(file);
            else if (!settled) read.remove(file);
        }
        before = now;
    }

    private void adopt(Path file) throws InterruptedException {
        try {
            scripts.adoptIfNew(file)
                    .filter(adopted -> adopted.change() != Change.NONE)
                    .ifPresent(listener);
        } catch (UserException e) {
            problems.accept(file + " was not adopted: " + e.getMessage());
        } catch (RuntimeException e) {
            // The other files go on being watched.
            problems.accept(file + " was not adopted: " + e);
        }
    }

    /** What is said of an adoption. */
    static String text(Adopted adopted) {
        Automation automation = adopted.automation();
        return "adopted as a draft, version " + automation.version() + ": 'rehearse "
                + automation.id() + "' shows what it does"
                + (automation.state().runs()
                        ? "; version " + automation.deployedVersion().orElse(0) + " goes on running"
                        : "");
    }

    /** The scripts in all folders, by path, each with its size and time. */
    private Map<Path, String> listing() {
        var found = new TreeMap<Path, String>();
        for (Path folder : folders) {
            try {
                Files.walkFileTree(folder, new Scripts(folder, found));
                missing.remove(folder);
            } catch (IOException | UncheckedIOException e) {
                if (missing.add(folder))
                    problems.accept("automations.watch names " + folder + ", which cannot be read: "
                            + e.getClass().getSimpleName() + ". It is looked at again every second");
            }
        }
        return found;
    }

    private static final class Scripts extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Map<Path, String> found;

        Scripts(Path root, Map<Path, String> found) {
            this.root = root;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean hidden =
                    !folder.equals(root) && String.valueOf(folder.getFileName()).startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && OwnScripts.isScript(file))
                found.put(file, attributes.size() + "@" + attributes.lastModifiedTime());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            // Gone or closed since the folder was read: only the folder that was named must be there.
            if (file.equals(root)) throw failure;
            return FileVisitResult.CONTINUE;
        }
    }
}
