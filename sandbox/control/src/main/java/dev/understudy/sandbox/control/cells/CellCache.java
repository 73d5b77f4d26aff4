package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.cells.CellOptions.Preparation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes the start of cells fast: the languages' resources, unpacked once, and an AOT cache for each language. Both
 * live in a folder named for the JDK and the jars, so that a change of either makes new ones. Opening it removes what
 * killed processes left half made, and the folders of other JDKs and jars that no process uses. Safe for several threads.
 */
@SuppressWarnings("try") // Who closes it waits for what it is making, and may be interrupted.
final class CellCache implements AutoCloseable {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");
    private static final String GONE = "gone-";
    private static final Path SHELL = Path.of("/bin/sh");
    private static final int LOG_TAIL_CHARS = 2000;

    /** For a machine that is busy with other things; a quiet one takes a minute. */
    private static final long PREPARATION_SECONDS = 900;

    /**
     * Puts what was made in its place by itself, since the host may have ended long before. Asked to end, it ends what it has
     * started first: only the shell itself knows for certain whether it has started it yet.
     */
    private static final String TRAIN_AND_PUBLISH = """
            trap 'kill -9 $! 2>/dev/null; exit 143' TERM
            workshop=$0 made=$1 place=$2
            shift 2
            "$@" >"$workshop/log" 2>&1 </dev/null &
            wait $! && mv -f "$made" "$place" && rm -rf "$workshop"
            """;

    private final CellInstallation installation;
    private final ProcessStarter starter;
    private final Consumer<String> notices;
    private final Preparation preparation;
    private final Path folder;
    private final @Nullable Path mark;
    private final Map<String, Thread> training = new HashMap<>();
    private final Object unpacking = new Object();
    private volatile @Nullable Process unpacker;
    private volatile boolean closed;

    CellCache(CellInstallation installation, ProcessStarter starter, CellOptions options) throws IOException {
        this.installation = installation;
        this.starter = starter;
        this.notices = options.notices();
        this.preparation = options.preparation();
        folder = installation.cacheDirectory().resolve(fingerprint(installation));
        mark = markUse();
        collect();
    }

    private @Nullable Path markUse() throws IOException {
        try {
            return Workshop.markUse(Files.createDirectories(folder));
        } catch (IOException e) {
            // One that cannot be written, and so cannot be collected either, is used as it is.
            if (Files.isDirectory(folder.resolve("resources"))) return null;
            throw e;
        }
    }

    /** Removes what nobody uses; what cannot be removed stays for another time. */
    private void collect() {
        try {
            Workshop.sweep(folder);
            for (Path other : Workshop.entries(installation.cacheDirectory())) collect(other);
        } catch (IOException _) {
            // The next host finds it.
        }
    }

    private void collect(Path other) throws IOException {
        String name = other.getFileName().toString();
        if (other.equals(folder) || !Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)) return;
        if (name.startsWith(GONE)) {
            Workshop.remove(other);
        } else if (FINGERPRINT.matcher(name).matches() && !Workshop.sweep(other)) {
            // At once, so that a host that comes back to it does not find half of it.
            Path gone = other.resolveSibling(
                    GONE + name + "-" + ProcessHandle.current().pid());
            Files.move(other, gone, StandardCopyOption.ATOMIC_MOVE);
            Workshop.remove(gone);
        }
    }

    /** The AOT cache of a language; empty as long as there is none. */
    Optional<Path> aotCache(String language) {
        return Optional.of(cacheFile(language)).filter(Files::exists);
    }

    private Path cacheFile(String language) {
        return folder.resolve(language + ".aot");
    }

    /** The unpacked resources; unpacks them if nobody has. */
    Path resources() throws IOException, InterruptedException {
        Path resources = folder.resolve("resources");
        synchronized (unpacking) {
            if (Files.isDirectory(resources)) return resources.toRealPath();
            Files.createDirectories(folder);
            notices.accept("Unpacking the languages' libraries, once");
            try (Workshop workshop = Workshop.open(folder)) {
                Path unpacked = workshop.path().resolve("resources");
                var command = new ArrayList<String>();
                command.add(installation.javaExecutable().toString());
                command.addAll(installation.flags(256));
                command.addAll(installation.program());
                command.addAll(List.of("unpack", unpacked.toString()));
                // The host's own jars do this, no script has a part in it: so it needs no wall, and it must write here.
                Path log = workshop.path().resolve("log");
                Process process = starter.start(CellLauncher.withoutEnvironment(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile()));
                unpacker = process;
                try {
                    if (closed) throw new IOException("the host is closing");
                    awaitSuccess(process, log);
                } finally {
                    end(process);
                }
                publish(unpacked, resources);
            } catch (IOException e) {
                throw new IOException("unpacking the languages' libraries failed: " + e.getMessage(), e);
            }
            return resources.toRealPath();
        }
    }

    /** Begins to make a language's AOT cache, unless it is being made already, by this process or another. */
    void train(String language) {
        synchronized (training) {
            if (closed || training.containsKey(language)) return;
            try {
                Workshop workshop = Workshop.claim(folder, language).orElse(null);
                if (workshop == null) return;
                Process process = startTraining(workshop, language);
                workshop.giveTo(process.toHandle());
                training.put(
                        language,
                        Thread.ofPlatform()
                                .daemon()
                                .name("aot-" + language)
                                .start(() -> watch(workshop, process, language)));
            } catch (IOException e) {
                sayFailure(language, e);
            }
        }
    }

    /** Until the training has ended, or the host closes and leaves it to itself. */
    private void watch(Workshop workshop, Process process, String language) {
        try {
            try {
                awaitSuccess(process, workshop.path().resolve("log"));
            } catch (InterruptedException _) {
                if (preparation == Preparation.OUTLIVES_HOST) return;
            } catch (IOException e) {
                sayFailure(language, e);
            }
            endTraining(process);
            workshop.close();
        } catch (IOException e) {
            sayFailure(language, e);
        }
    }

    private void sayFailure(String language, IOException failure) {
        notices.accept("No faster start for " + language + ": " + failure.getMessage());
    }

    private Process startTraining(Workshop workshop, String language) throws IOException {
        Path cache = cacheFile(language);
        Path made = workshop.path().resolve(cache.getFileName());
        var command = new ArrayList<>(List.of(
                SHELL.toString(),
                "-c",
                TRAIN_AND_PUBLISH,
                workshop.path().toString(),
                made.toString(),
                cache.toString()));
        command.add(installation.javaExecutable().toString());
        command.addAll(installation.flags(512));
        command.add("-XX:AOTCacheOutput=" + made);
        command.add(resourceFlag(folder.resolve("resources").toRealPath()));
        command.addAll(installation.program());
        command.addAll(List.of("train", language));
        ProcessBuilder builder = CellLauncher.withoutEnvironment(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PATH", "/usr/bin:/bin");
        return starter.start(builder);
    }

    static String resourceFlag(Path resources) {
        return "-Dpolyglot.engine.resourcePath=" + resources;
    }

    /** Waits until the caches that this process is making are made. */
    void awaitTraining() throws InterruptedException {
        for (Thread thread : trainers()) thread.join();
    }

    private List<Thread> trainers() {
        synchronized (training) {
            return List.copyOf(training.values());
        }
    }

    /** What a preparation says is of interest only if it fails. */
    private static void awaitSuccess(Process process, Path log) throws IOException, InterruptedException {
        if (!process.waitFor(PREPARATION_SECONDS, TimeUnit.SECONDS))
            throw new IOException("it took more than " + PREPARATION_SECONDS + " s");
        if (process.exitValue() != 0)
            throw new IOException("exit status " + process.exitValue() + ", after:\n" + tail(Files.readString(log)));
    }

    /** With all that it started, and waits until that is gone: it might still write where something is to be removed. */
    private static void end(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        for (ProcessHandle each : descendants) each.onExit().join();
    }

    /** As {@link #end}, of the shell that may be about to start what it waits for. */
    private static void endTraining(Process shell) {
        List<ProcessHandle> descendants = shell.descendants().toList();
        shell.destroy();
        descendants.forEach(ProcessHandle::destroyForcibly);
        shell.onExit().join();
        for (ProcessHandle each : descendants) each.onExit().join();
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS));
    }

    /** Puts something complete in its place at once; if another host was faster, its work stands. */
    private static void publish(Path made, Path place) throws IOException {
        try {
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(place)) throw e;
        }
    }

    /** Changes when the JDK or a jar does. */
    private static String fingerprint(CellInstallation installation) throws IOException {
        var text = new StringBuilder();
        Path release = installation
                .javaExecutable()
                .toRealPath()
                .resolve("../../release")
                .normalize();
        text.append(installation.javaExecutable().toRealPath()).append('\n');
        if (Files.exists(release)) text.append(Files.readString(release));
        for (Path jar : installation.classPath()) {
            text.append(jar)
                    .append(' ')
                    .append(Files.size(jar))
                    .append(' ')
                    .append(Files.getLastModifiedTime(jar))
                    .append('\n');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Ends what this process is making, but for AOT caches that outlive it; returns when it writes no more. */
    @Override
    public void close() {
        synchronized (training) {
            closed = true;
        }
        Process process = unpacker;
        if (process != null) end(process);
        List<Thread> trainers = trainers();
        trainers.forEach(Thread::interrupt);
        try {
            for (Thread thread : trainers) thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        unmarkUse();
    }

    private void unmarkUse() {
        // Whoever is unpacking sees that it is over, and cleans up first.
        synchronized (unpacking) {
            try {
                if (mark != null) Files.deleteIfExists(mark);
            } catch (IOException _) {
                // The next host finds that this process is gone.
            }
        }
    }
}
