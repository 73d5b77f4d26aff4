package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.Mode;
import dev.understudy.sandbox.control.files.FileTransactions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Real runs in the real jail. Without one on this machine the tests are skipped, with the jail's own reason. */
abstract class JailedTest {
    private static ProcessStarter starter;
    private static Path home;
    static final Path HOME = Path.of("/home/somebody");
    static Jail jail;
    private static JailRunner alone;
    private static JailRunner forking;

    /** A folder of this test's own, which every uid can pass through to, as a user's granted folder may be. */
    Path folder;

    @BeforeAll
    static void openJail() throws Exception {
        starter = new ProcessStarter();
        home = Files.createTempDirectory(Path.of("/var/tmp"), "understudy-jail-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        jail = Jail.open(home.resolve("jail"), starter);
        assumeTrue(jail.refusal().isEmpty(), () -> "no jail here: " + jail.refusal());
        Path hidden = Files.createDirectory(home.resolve("hidden"));
        alone = runner(hidden, Integer.MAX_VALUE);
        forking = runner(hidden, 0);
    }

    static JailRunner runner(Path hidden, int runsBeforeServer) {
        return new JailRunner(
                jail,
                new CommittedFiles(
                        new FileTransactions(home.resolve("data"), List.of(hidden), 64L << 20, InstantSource.system())),
                List.of(hidden),
                HOME,
                InstantSource.system(),
                new SplittableRandom(7),
                runsBeforeServer);
    }

    /** Gives each run a jail of its own. */
    JailRunner runner() {
        return alone;
    }

    /** Has each run forked by a server. */
    static JailRunner forking() {
        return forking;
    }

    @AfterAll
    static void closeJail() throws IOException {
        if (alone != null) alone.close();
        if (forking != null) forking.close();
        starter.close();
        RunFolder.remove(home);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(home, "test-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(RunFolders.of(jail)).isEmpty();
        Path views = home.resolve("data/runs");
        if (!Files.exists(views)) return;
        try (var left = Files.list(views)) {
            assertThat(left).isEmpty();
        }
    }

    static ProcessStarter starter() {
        return starter;
    }

    static Path hidden() {
        return home.resolve("hidden");
    }

    RunReport run(RunRequest request) throws InterruptedException {
        return runner().start(request, RunListener.SILENT).await();
    }

    RunReport bash(String source) throws InterruptedException {
        return run(request(Language.BASH, source));
    }

    RunReport bash(String source, Limits limits) throws InterruptedException {
        return run(with(request(Language.BASH, source), limits));
    }

    RunReport bash(String source, Grants grants) throws InterruptedException {
        return run(with(request(Language.BASH, source), grants));
    }

    /** At partial isolation with these programs. */
    RunReport bashWith(List<String> programs, String source) throws InterruptedException {
        return run(partial(request(Language.BASH, source), programs));
    }

    static RunRequest request(Language language, String source) {
        return new RunRequest(
                "test",
                "test",
                language,
                source,
                "{}",
                RunRequest.ScriptRuntime.NATIVE,
                IsolationLevel.FULL,
                Limits.DEFAULT.withWallTime(Duration.ofSeconds(20)),
                Grants.NONE,
                Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null);
    }

    static RunRequest with(RunRequest request, Limits limits) {
        return copy(request, request.parametersJson(), request.isolation(), limits, request.grants());
    }

    static RunRequest with(RunRequest request, Grants grants) {
        return copy(request, request.parametersJson(), request.isolation(), request.limits(), grants);
    }

    static RunRequest withParameters(RunRequest request, String parametersJson) {
        return copy(request, parametersJson, request.isolation(), request.limits(), request.grants());
    }

    static RunRequest partial(RunRequest request, List<String> programs) {
        Grants grants = request.grants();
        return copy(
                request,
                request.parametersJson(),
                IsolationLevel.PARTIAL,
                request.limits(),
                new Grants(grants.reads(), grants.writes(), grants.hosts(), programs));
    }

    static RunRequest committing(RunRequest request) {
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
                Mode.COMMIT,
                request.reuse(),
                request.stagedFiles(),
                request.workingDirectory());
    }

    private static RunRequest copy(
            RunRequest request, String parametersJson, IsolationLevel isolation, Limits limits, Grants grants) {
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

    Grants writes(Path... paths) {
        return new Grants(List.of(), List.of(paths), List.of(), List.of());
    }

    Grants reads(Path... paths) {
        return new Grants(List.of(paths), List.of(), List.of(), List.of());
    }
}
