package dev.understudy.core.sandbox;

import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.CellInstallation;
import dev.understudy.sandbox.control.cells.CellLauncher;
import dev.understudy.sandbox.control.cells.CellOptions;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.HostServices;
import dev.understudy.sandbox.control.cells.ReplSession;
import dev.understudy.sandbox.control.cells.SessionFacts;
import dev.understudy.sandbox.control.cells.SessionFiles;
import dev.understudy.sandbox.control.cells.TransactionalFiles;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.FileViewException;
import dev.understudy.sandbox.control.files.Recovery;
import dev.understudy.sandbox.control.http.CellHttp;
import dev.understudy.sandbox.control.http.HttpSettings;
import dev.understudy.sandbox.control.jail.AppleScriptRunner;
import dev.understudy.sandbox.control.jail.BashSession;
import dev.understudy.sandbox.control.jail.Jail;
import dev.understudy.sandbox.control.jail.JailPrograms;
import dev.understudy.sandbox.control.jail.JailRunner;
import dev.understudy.sandbox.control.jail.JailedCellLauncher;
import dev.understudy.sandbox.control.jail.Mechanisms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cells, jail and file transactions, put together as the configuration says. Nothing is started before the first run
 * needs it: what only lists or looks must not wait for a jail to be tried. Safe for use by several threads.
 *
 * <p>Fails closed: where the jail does not hold, every run is refused with the reason, unless the operator has allowed a
 * weaker wall ({@code sandbox.allow_reduced}): then every outcome says {@code tier: reduced} on Linux, where Landlock and
 * seccomp are that wall or the run is refused, and {@code tier: process} elsewhere, where scripts run in cells alone.
 */
public final class Sandbox implements AutoCloseable {
    private static final Duration CELL_IDLE_TIME = Duration.ofMinutes(10);
    private static final Duration LATELY = Duration.ofDays(3);

    private final Installation installation;
    private final DataHome home;
    private final Config config;
    private final Path userHome;
    private final Notices notices;
    private final InstantSource clock = InstantSource.system();
    private final ProcessStarter starter = new ProcessStarter();
    private final FileTransactions transactions;
    private final LatestUse use;
    private final LazyRunner cells = new LazyRunner(this::openCells, this::note);
    private final LazyRunner jails = new LazyRunner(this::openJails, _ -> {});
    private final ScriptRunner appleScripts;
    private @Nullable Jail jail;
    private @Nullable RecoveryLock recoveryLock;

    /**
     * @param userHome what {@code ~} stands for
     * @param notices hears one line for people when something takes long or was mended after a crash
     */
    public Sandbox(Installation installation, DataHome home, Config config, Path userHome, Notices notices) {
        this.installation = installation;
        this.home = home;
        this.config = config;
        this.userHome = userHome;
        this.notices = notices;
        use = new LatestUse(home.root().resolve("used"), clock);
        appleScripts = new AppleScriptRunner(
                home.root().resolve("applescript"),
                userHome,
                hostOwn(),
                config.sandbox().allowReduced() ? Jail.Fallback.REDUCED : Jail.Fallback.NONE,
                clock,
                new SecureRandom());
        transactions =
                new FileTransactions(home.root(), hostOwn(), config.sandbox().undoBytes(), clock);
    }

    /** Folders that no grant gives: a script that could write them would be part of the host at its next start. */
    private List<Path> hostOwn() {
        var own = new ArrayList<>(List.of(home.root(), installation.plugins(), installation.templates()));
        installation.cellCache().ifPresent(own::add);
        // Where a host may listen for commands.
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && Files.isDirectory(Path.of(runtime, "understudy")))
            own.add(Path.of(runtime, "understudy"));
        return own;
    }

    /** What runs which scripts. They are closed with this object. */
    public Map<RunnerKey, ScriptRunner> runners() {
        var runners = new LinkedHashMap<RunnerKey, ScriptRunner>();
        runners.put(new RunnerKey(Language.JAVASCRIPT, ScriptRuntime.POLYGLOT), cells);
        runners.put(new RunnerKey(Language.PYTHON, ScriptRuntime.POLYGLOT), cells);
        for (ScriptRuntime runtime : ScriptRuntime.values()) {
            runners.put(new RunnerKey(Language.BASH, runtime), jails);
            runners.put(new RunnerKey(Language.APPLESCRIPT, runtime), appleScripts);
        }
        runners.put(new RunnerKey(Language.JAVASCRIPT, ScriptRuntime.NATIVE), jails);
        runners.put(new RunnerKey(Language.PYTHON, ScriptRuntime.NATIVE), jails);
        return runners;
    }

    /** What this machine can isolate with, tried here and now (once). */
    public Mechanisms mechanisms() throws InterruptedException {
        return jail().mechanisms();
    }

    /** What runs changed, what can be undone. */
    public FileTransactions transactions() {
        return transactions;
    }

    private synchronized Jail jail() throws InterruptedException {
        Jail tried = jail;
        if (tried == null) {
            tried = Jail.open(
                    home.folder("jail"),
                    starter,
                    config.sandbox().allowReduced() ? Jail.Fallback.REDUCED : Jail.Fallback.NONE);
            jail = tried;
        }
        return tried;
    }

    /**
     * Opens the files that the sessions of one person share. Whoever opened them closes them.
     *
     * @throws UserException if this machine cannot give the isolation, or what the request names cannot be given
     */
    public SessionFiles openSessionFiles(RunRequest request) throws InterruptedException {
        try {
            return cellRunner().openFiles(request);
        } catch (IOException | FileViewException e) {
            throw noSession(e);
        }
    }

    /**
     * Opens an interactive session in a request's language: JavaScript and Python in a cell of its own, Bash in the jail.
     *
     * @param facts what the host tells it of itself
     * @throws UserException if this machine cannot give the isolation
     */
    public ReplSession openSession(RunRequest request, SessionFiles files, SessionFacts facts)
            throws InterruptedException {
        CellRunner runner = cellRunner();
        if (request.language() != Language.BASH) {
            note(request);
            return runner.openSession(request, files, facts);
        }
        try {
            return new BashSession(
                    new JailRunner(jail(), files.shared(), hostOwn(), userHome, clock, new SecureRandom()), request);
        } catch (IOException e) {
            throw noSession(e);
        }
    }

    private CellRunner cellRunner() throws InterruptedException {
        return switch (cells.opened()) {
            case CellRunner runner -> runner;
            case RefusingRunner refusing ->
                throw UserException.notAllowed(
                        "No session can be opened",
                        refusing.outcome().reason(),
                        refusing.outcome().mend());
            case ScriptRunner other -> throw new IllegalStateException("cells run in " + other);
        };
    }

    private static UserException noSession(Exception e) {
        return UserException.failed(
                "No session can be opened", String.valueOf(e.getMessage()), "See understudy doctor", e);
    }

    private ScriptRunner openCells() throws InterruptedException {
        Optional<RunOutcome.Refused> refusal = jail().refusal();
        // Where there is no jail of any kind to be had, the operator may take the languages' own sandbox for a wall.
        boolean noJailsHere = !System.getProperty("os.name").equals("Linux");
        if (refusal.isPresent() && !(noJailsHere && config.sandbox().allowReduced()))
            return new RefusingRunner(refusal.get(), clock);
        recover();
        CellOptions options = cellOptions(config, userHome, installation.preparation(), notices::progress);
        try {
            return new CellRunner(
                    cellInstallation(),
                    cellLauncher(),
                    starter,
                    new TransactionalFiles(transactions),
                    new HostServices(new JailPrograms(jail(), hostOwn(), userHome), new CellHttp(HttpSettings.DEFAULT)),
                    options,
                    clock,
                    new SecureRandom());
        } catch (IOException e) {
            throw UserException.failed(
                    "Scripts cannot run",
                    "preparing the cells failed: " + e,
                    "See that " + home.root() + " can be written",
                    e);
        }
    }

    private void note(RunRequest request) {
        use.note(request.language());
    }

    /** Starts a cell, in the background, for each language that was used lately: the next run finds it. */
    public void makeReady() {
        List<Language> likely = Stream.of(Language.JAVASCRIPT, Language.PYTHON)
                .filter(language -> use.within(language, LATELY))
                .toList();
        if (likely.isEmpty() || !config.sandbox().enabled()) return;
        if (cells.opened() instanceof CellRunner runner)
            likely.forEach(language ->
                    runner.warmUp(language, config.sandbox().limits().memoryBytes()));
    }

    /** Keeps so many cells that nobody uses from now on; nothing where no cell was needed yet. */
    public void keepIdleCells(int count) {
        if (cells.ifOpened().orElse(null) instanceof CellRunner runner) runner.keepIdle(count);
    }

    /** How many cells wait for a run. */
    public int idleCells() {
        return cells.ifOpened().orElse(null) instanceof CellRunner runner ? runner.idleCells() : 0;
    }

    /** How many cells, for how long, and what they keep, by the switches of the executor. */
    static CellOptions cellOptions(
            Config config, Path userHome, CellOptions.Preparation preparation, Consumer<String> notices) {
        ExecutorSettings executor = config.executor();
        Duration idleTime =
                executor.isOn(Switch.MEMORY_OPTIMIZATION) ? executor.memory().idleTime() : CELL_IDLE_TIME;
        return new CellOptions(maxConcurrentRuns(config), idleTime, userHome, preparation, notices, keeping(executor));
    }

    /** Where a gate stands before cells and jails, cells hold nobody back. */
    private static int maxConcurrentRuns(Config config) {
        ExecutorSettings executor = config.executor();
        int usual = config.sandbox().maxConcurrentTests();
        if (executor.isOn(Switch.CONCURRENCY_OPTIMIZATION))
            return executor.concurrency().limit();
        if (executor.isOn(Switch.AUTOMATIC_OPTIMIZATION))
            return Math.max(usual, executor.automatic().maxConcurrent());
        return usual;
    }

    private static CellOptions.Keeping keeping(ExecutorSettings executor) {
        var keeping = CellOptions.Keeping.LATEST;
        OptionalInt idleContexts = keeping.idleContexts();
        if (executor.isOn(Switch.OBJECT_POOL)) {
            ExecutorSettings.ObjectPool pool = executor.objectPool();
            idleContexts = OptionalInt.of((int) (pool.size() * pool.cleanupThreshold()));
        }
        if (!executor.isOn(Switch.CONTEXT_OPTIMIZATION))
            return new CellOptions.Keeping(idleContexts, keeping.sharedContexts(), keeping.timeToLive());
        ExecutorSettings.Contexts contexts = executor.contexts();
        return new CellOptions.Keeping(idleContexts, contexts.cacheSize(), contexts.timeToLive());
    }

    private CellInstallation cellInstallation() {
        return new CellInstallation(
                installation.javaExecutable(),
                installation.cellClassPath(),
                installation.cellCache().orElseGet(() -> home.folder("cells")));
    }

    private CellLauncher cellLauncher() throws InterruptedException {
        return jail().tier() == Tier.NONE ? CellLauncher.PLAIN : new JailedCellLauncher(jail());
    }

    private ScriptRunner openJails() throws InterruptedException {
        recover();
        return new JailRunner(
                jail(), new TransactionalFiles(transactions), hostOwn(), userHome, clock, new SecureRandom());
    }

    /**
     * Rolls back what a crash has cut short, and clears away what its runs left, unless another process on this data home has
     * runs under way; then only what is certain is rolled back. The first run of a process does so, too.
     */
    public synchronized void recover() {
        try {
            if (recoveryLock != null) {
                tell(transactions.rollBackCutShort());
                return;
            }
            recoveryLock = RecoveryLock.acquire(
                    home.folder("locks").resolve("runs.lock"),
                    () -> tell(transactions.recover()),
                    () -> tell(transactions.rollBackCutShort()));
        } catch (IOException e) {
            throw UserException.failed(
                    "What an earlier crash left cannot be mended",
                    String.valueOf(e),
                    "See that " + home.root() + " can be written",
                    e);
        }
    }

    private void tell(List<Recovery> recoveries) {
        for (Recovery recovery : recoveries)
            notices.warning("The run " + recovery.runId() + " was cut short; its changes were rolled back"
                    + (recovery.problems().isEmpty() ? "." : ", but for: " + String.join("; ", recovery.problems())));
    }

    @Override
    public void close() {
        cells.close();
        jails.close();
        appleScripts.close();
        starter.close();
        RecoveryLock lock = recoveryLock;
        if (lock != null) lock.close();
    }
}
