package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.ProcessStarter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts cells, and makes what makes their start fast: the languages' resources, unpacked once, and an AOT cache for each
 * language. Both live in a folder named for the JDK and the jars, so that a change of either makes new ones.
 */
final class CellFactory implements AutoCloseable {
    private static final String MAIN = "dev.understudy.sandbox.cell.CellMain";
    private static final long PREPARATION_SECONDS = 300;
    private static final int LOG_TAIL_CHARS = 2000;

    private final CellInstallation installation;
    private final CellLauncher launcher;
    private final ProcessStarter starter;
    private final Consumer<String> notices;
    private final Path folder;
    private final ConcurrentHashMap<String, Thread> training = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Process> preparing = new ConcurrentHashMap<>();
    private final Object unpacking = new Object();
    private volatile boolean closed;

    CellFactory(CellInstallation installation, CellLauncher launcher, ProcessStarter starter, Consumer<String> notices)
            throws IOException {
        this.installation = installation;
        this.launcher = launcher;
        this.starter = starter;
        this.notices = notices;
        folder = installation.cacheDirectory().resolve(fingerprint(installation));
    }

    /** Starts a cell and waits until it can take a run. */
    Cell start(CellKey key) throws IOException, InterruptedException {
        Path resources = resources();
        Path cache = cacheFile(key.languageId());
        boolean cached = Files.exists(cache);
        var command = new ArrayList<String>();
        command.add(installation.javaExecutable().toString());
        command.addAll(flags(key.heapMebibytes()));
        command.add("-Xms" + key.initialHeapMebibytes() + "m");
        if (cached) command.add("-XX:AOTCache=" + cache);
        command.addAll(program(resources));
        command.add("serve");
        command.add(key.languageId());
        var readable = new ArrayList<Path>(installation.classPath());
        readable.add(resources);
        if (cached) readable.add(cache);
        var cell = new Cell(key, launcher, launcher.start(starter, command, readable));
        try {
            cell.awaitReady();
        } catch (IOException e) {
            cell.killAndWait();
            throw new IOException(
                    "the cell for " + key.languageId() + " did not start: " + e.getMessage() + "\n" + cell.errorTail(),
                    e);
        }
        if (!cached) trainInBackground(key.languageId());
        return cell;
    }

    private List<String> flags(int heapMebibytes) {
        return List.of(
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                // An idle cell collects once, and that one collection is to give all back that is not used.
                "-XX:-ShrinkHeapInSteps",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                // Else its last words go to standard output, which is the protocol.
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Djava.awt.headless=true",
                "-Dpolyglotimpl.AttachLibraryFailureAction=ignore",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    private List<String> program(Path resources) {
        return List.of(
                "-Dpolyglot.engine.resourcePath=" + resources,
                "-cp",
                installation.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                MAIN);
    }

    private Path cacheFile(String language) {
        return folder.resolve(language + ".aot");
    }

    /** The unpacked resources; unpacks them if nobody has. */
    private Path resources() throws IOException, InterruptedException {
        Path resources = folder.resolve("resources");
        synchronized (unpacking) {
            if (Files.isDirectory(resources)) return resources.toRealPath();
            Files.createDirectories(folder);
            notices.accept("Unpacking the languages' libraries, once");
            Path temporary = Files.createTempDirectory(folder, "unpack-");
            Path unpacked = temporary.resolve("resources");
            var command = new ArrayList<String>();
            command.add(installation.javaExecutable().toString());
            command.addAll(flags(256));
            command.addAll(List.of(
                    "-cp",
                    installation.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                    MAIN,
                    "unpack",
                    unpacked.toString()));
            try {
                // The host's own jars do this, no script has a part in it: so it needs no wall, and it must write here.
                runToEnd(command, temporary.resolve("log"));
                publish(unpacked, resources);
            } catch (IOException e) {
                throw new IOException("unpacking the languages' libraries failed: " + e.getMessage(), e);
            } finally {
                removeTree(temporary);
            }
            return resources.toRealPath();
        }
    }

    private void trainInBackground(String language) {
        if (closed) return;
        training.computeIfAbsent(
                language,
                _ -> Thread.ofPlatform().daemon().name("aot-" + language).start(() -> train(language)));
    }

    private void train(String language) {
        Path cache = cacheFile(language);
        notices.accept("Preparing a faster start for " + language + ", once, in the background");
        try {
            Path temporary = Files.createTempDirectory(folder, "aot-");
            Path output = temporary.resolve(cache.getFileName().toString());
            var command = new ArrayList<String>();
            command.add(installation.javaExecutable().toString());
            command.addAll(flags(512));
            command.add("-XX:AOTCacheOutput=" + output);
            command.addAll(program(folder.resolve("resources").toRealPath()));
            command.add("train");
            command.add(language);
            try {
                runToEnd(command, temporary.resolve("log"));
                publish(output, cache);
            } finally {
                removeTree(temporary);
            }
        } catch (IOException e) {
            if (!closed) notices.accept("No faster start for " + language + ": " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the caches that are being made are made. */
    void awaitTraining() throws InterruptedException {
        for (Thread thread : training.values()) thread.join();
    }

    /** Runs a preparation; what it says is of interest only if it fails. */
    private void runToEnd(List<String> command, Path log) throws IOException, InterruptedException {
        Process process = starter.start(CellLauncher.withoutEnvironment(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
        preparing.put(process.pid(), process);
        try {
            if (closed) throw new IOException("the host is closing");
            if (!process.waitFor(PREPARATION_SECONDS, TimeUnit.SECONDS))
                throw new IOException("it took more than " + PREPARATION_SECONDS + " s");
            if (process.exitValue() != 0)
                throw new IOException("exit status " + process.exitValue() + ", after:\n" + end(Files.readString(log)));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            preparing.remove(process.pid());
            Files.deleteIfExists(log);
        }
    }

    private static String end(String text) {
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

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) return;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
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

    @Override
    public void close() {
        closed = true;
        for (Process process : preparing.values()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        training.values().forEach(Thread::interrupt);
    }
}
