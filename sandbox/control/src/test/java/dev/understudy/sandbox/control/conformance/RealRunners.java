package dev.understudy.sandbox.control.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.cells.CellOptions;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.Cells;
import dev.understudy.sandbox.control.cells.HostServices;
import dev.understudy.sandbox.control.cells.TransactionalFiles;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.jail.Jail;
import dev.understudy.sandbox.control.jail.JailProcesses;
import dev.understudy.sandbox.control.jail.JailRunner;
import dev.understudy.sandbox.control.jail.JailedCellLauncher;
import dev.understudy.sandbox.control.jail.RunFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Cells in the jail and the jail alone, put together as the host does; one for the whole matrix. */
final class RealRunners implements AutoCloseable {
    /** As small in memory as all attacks need, so that one cell of a language after the other serves them all. */
    static final Limits USUAL = Limits.DEFAULT.withMemoryBytes(64L << 20);

    private static final Path USER_HOME = Path.of("/home/somebody");
    /** What an attack leaves in what it takes for the temporary folder, before it does anything else. */
    private static final String MARK = "understudy-conformance-" + UUID.randomUUID();

    private final ProcessStarter starter = new ProcessStarter();
    private final Path home;
    private final Jail jail;
    private final CellRunner cells;
    private final JailRunner jails;

    private RealRunners(Path home) throws IOException, InterruptedException {
        this.home = home;
        jail = Jail.open(home.resolve("jail"), starter);
        assumeTrue(jail.refusal().isEmpty(), () -> "no jail here: " + jail.refusal());
        var files = new TransactionalFiles(
                new FileTransactions(home.resolve("data"), List.of(), 64L << 20, InstantSource.system()));
        cells = new CellRunner(
                Cells.installation(),
                new JailedCellLauncher(jail),
                starter,
                files,
                HostServices.NONE,
                new CellOptions(1, Duration.ofMinutes(5), USER_HOME, CellOptions.Preparation.OUTLIVES_HOST, _ -> {}),
                InstantSource.system(),
                new SecureRandom());
        jails = new JailRunner(jail, files, List.of(), USER_HOME, InstantSource.system(), new SecureRandom());
    }

    static RealRunners open() throws IOException, InterruptedException {
        // Not below a folder that only this user may pass: a jail has a user of its own.
        Path home = Files.createTempDirectory(Path.of("/var/tmp"), "understudy-conformance-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new RealRunners(home);
    }

    RunReport run(GuestRuntime runtime, String body, IsolationLevel level, Limits limits) throws InterruptedException {
        return start(runtime, runtime.script(marking(runtime) + body), level, limits);
    }

    /** A script with no mark, written as a whole. */
    RunReport runWhole(GuestRuntime runtime, String script, IsolationLevel level, Limits limits)
            throws InterruptedException {
        return start(runtime, script, level, limits);
    }

    /** What a harmless script of the same language ends with. */
    RunOutcome harmless(GuestRuntime runtime, IsolationLevel level) throws InterruptedException {
        return start(runtime, runtime.harmless(), level, USUAL).outcome();
    }

    private RunReport start(GuestRuntime runtime, String source, IsolationLevel level, Limits limits)
            throws InterruptedException {
        ScriptRunner runner = runtime.isCell() ? cells : jails;
        var request = new RunRequest(
                runtime.title,
                "conformance " + runtime,
                runtime.language,
                source,
                "{}",
                runtime.runtime,
                level,
                limits,
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                RunRequest.Reuse.FRESH,
                Map.of(),
                null);
        return runner.start(request, RunListener.SILENT).await();
    }

    private static String marking(GuestRuntime runtime) {
        return switch (runtime) {
            // A cell has no file of its own but through the host; what it writes is in the view.
            case JAVASCRIPT_CELL, PYTHON_CELL -> "";
            case BASH -> ": >/tmp/" + MARK + "\n";
            case PYTHON_NATIVE -> "open('/tmp/" + MARK + "', 'w').close()\n";
            case JAVASCRIPT_NATIVE -> "require('fs').writeFileSync('/tmp/" + MARK + "', '');\n";
        };
    }

    void assumeInstalled(GuestRuntime runtime, RunReport report) {
        assumeFalse(
                report.outcome() instanceof RunOutcome.Refused refused
                        && refused.reason().contains("not installed"),
                () -> runtime.title + " is not installed here");
    }

    /** No process but a cell or a fork server that waits for its next run, no file of the run, nothing in the temporary folder. */
    void assertNothingIsLeft(GuestRuntime runtime) throws IOException {
        assertThat(JailProcesses.running(RealRunners::isOfCell))
                .as("processes after a run of %s", runtime.title)
                .isEmpty();
        assertThat(Path.of("/tmp", MARK)).doesNotExist();
        assertThat(RunFolders.of(jail)).isEmpty();
        Path views = home.resolve("data/runs");
        if (!Files.exists(views)) return;
        try (Stream<Path> left = Files.list(views)) {
            assertThat(left).isEmpty();
        }
    }

    private static boolean isOfCell(ProcessHandle process) {
        return isJava(process) || process.descendants().anyMatch(RealRunners::isJava);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/java"))
                .isPresent();
    }

    @Override
    public void close() throws IOException {
        cells.close();
        jails.close();
        starter.close();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }
}
