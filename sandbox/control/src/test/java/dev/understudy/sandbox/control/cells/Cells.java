package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.files.FileTransactions;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Real cells for tests: one runner for the whole suite, since a Python cell takes a second to start. */
public final class Cells {
    static final ProcessStarter STARTER = new ProcessStarter();
    static final Path HOME = Path.of("/home/somebody");

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path CACHE = TARGET.resolve("test-cells");
    private static final CellRunner SHARED = open(HostServices.NONE, 3, Duration.ofMinutes(5));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SHARED::close));
    }

    private Cells() {}

    static CellRunner shared() {
        return SHARED;
    }

    static RunFiles files() {
        return new TransactionalFiles(new FileTransactions(
                TARGET.resolve("test-home-" + ProcessHandle.current().pid()),
                List.of(),
                64 << 20,
                InstantSource.system()));
    }

    static CellRunner open(HostServices services, int maxConcurrentRuns, Duration idleTime) {
        return open(CellLauncher.PLAIN, services, maxConcurrentRuns, idleTime);
    }

    public static CellRunner open(
            CellLauncher launcher, HostServices services, int maxConcurrentRuns, Duration idleTime) {
        try {
            return open(installation(), launcher, services, maxConcurrentRuns, idleTime);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static CellRunner open(
            CellInstallation installation,
            CellLauncher launcher,
            HostServices services,
            int maxConcurrentRuns,
            Duration idleTime) {
        // What all share is made once; of any other nothing may be left.
        var preparation = installation.cacheDirectory().equals(CACHE)
                ? CellOptions.Preparation.OUTLIVES_HOST
                : CellOptions.Preparation.ENDS_WITH_HOST;
        try {
            return new CellRunner(
                    installation,
                    launcher,
                    STARTER,
                    files(),
                    services,
                    new CellOptions(maxConcurrentRuns, idleTime, HOME, preparation, _ -> {}),
                    InstantSource.system(),
                    new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cell's jars among those of this test, its AOT caches kept from one build to the next. */
    public static CellInstallation installation() throws IOException {
        return new CellInstallation(java(), classPath(), CACHE);
    }

    /** The same in a folder of the caller's: where the build lies, only root may get to. */
    public static CellInstallation installationIn(Path folder) throws IOException {
        var copies = new ArrayList<Path>();
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (Path jar : classPath()) copies.add(Files.copy(jar, lib.resolve(jar.getFileName())));
        return new CellInstallation(java(), copies, Files.createDirectories(folder.resolve("cells")));
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static List<Path> classPath() throws IOException {
        var classPath = new ArrayList<Path>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            // In a module's folder where the whole house is built, in the local repository where this module alone is.
            boolean ours = path.toString().matches(".*(sandbox[/\\\\]|understudy-sandbox-)(cell|protocol).*");
            // By their real names: a jail shows files where they lie, and not the links that lead there.
            if (Files.isDirectory(path) && ours) classPath.add(packed(path).toRealPath());
            else if (ours || path.toString().contains("graalvm")) classPath.add(path.toRealPath());
        }
        // In one order in every module, so that they share what is made once.
        classPath.sort(null);
        return classPath;
    }

    /** A build that stops at its tests has folders of classes, and an AOT cache needs jars. */
    private static Path packed(Path classes) throws IOException {
        String name = classes.toString().contains("protocol") ? "protocol.jar" : "cell.jar";
        Path jar = Files.createDirectories(TARGET.resolve("test-cells/lib")).resolve(name);
        Path temporary = Files.createTempFile(jar.getParent(), "pack", ".jar");
        try (OutputStream file = Files.newOutputStream(temporary);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                var entry = new JarEntry(classes.relativize(path).toString());
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                out.putNextEntry(entry);
                Files.copy(path, out);
            }
        }
        if (Files.exists(jar) && Files.mismatch(jar, temporary) < 0) {
            Files.delete(temporary);
            return jar;
        }
        return Files.move(temporary, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs a script in its own domain and a fresh context, as a rehearsal. */
    static RunReport run(RunRequest request) throws InterruptedException {
        return shared().start(request, RunListener.SILENT).await();
    }

    static RunRequest javaScript(String source) {
        return request(Language.JAVASCRIPT, source);
    }

    static RunRequest python(String source) {
        return request(Language.PYTHON, source);
    }

    /** The domain is the language's, so that the tests of one language can use the same cells. */
    public static RunRequest request(Language language, String source) {
        return new RunRequest(
                "test",
                "tests of " + language,
                language,
                source,
                "{}",
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null);
    }

    static RunRequest with(RunRequest request, Limits limits) {
        return copy(request, limits, request.parametersJson(), request.grants(), request.isolation());
    }

    static RunRequest with(RunRequest request, String parametersJson) {
        return copy(request, request.limits(), parametersJson, request.grants(), request.isolation());
    }

    public static RunRequest with(RunRequest request, Grants grants) {
        return copy(request, request.limits(), request.parametersJson(), grants, request.isolation());
    }

    static RunRequest with(RunRequest request, IsolationLevel isolation) {
        return copy(request, request.limits(), request.parametersJson(), request.grants(), isolation);
    }

    private static RunRequest copy(
            RunRequest request, Limits limits, String parametersJson, Grants grants, IsolationLevel isolation) {
        return new RunRequest(
                request.name(),
                request.trustDomain(),
                request.language(),
                request.source(),
                parametersJson,
                request.runtime(),
                isolation,
                limits,
                grants,
                request.mode(),
                request.reuse(),
                request.stagedFiles(),
                request.workingDirectory());
    }

    static RunRequest in(Path workingDirectory, RunRequest request) {
        return new RunRequest(
                request.name(),
                request.trustDomain(),
                request.language(),
                request.source(),
                request.parametersJson(),
                request.runtime(),
                request.isolation(),
                request.limits(),
                request.grants(),
                request.mode(),
                request.reuse(),
                request.stagedFiles(),
                workingDirectory);
    }

    static RunRequest with(RunRequest request, RunRequest.Mode mode, RunRequest.Reuse reuse) {
        return new RunRequest(
                request.name(),
                request.trustDomain(),
                request.language(),
                request.source(),
                request.parametersJson(),
                request.runtime(),
                request.isolation(),
                request.limits(),
                request.grants(),
                mode,
                reuse,
                request.stagedFiles(),
                request.workingDirectory());
    }
}
