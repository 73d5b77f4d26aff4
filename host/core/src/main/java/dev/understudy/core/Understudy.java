package dev.understudy.core;

import dev.understudy.core.advice.AdviceService;
import dev.understudy.core.automation.AdviceApplier;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Decisions;
import dev.understudy.core.automation.Drafter.Creation;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.automation.RunUndo;
import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.automation.TemplateService;
import dev.understudy.core.backup.Backup;
import dev.understudy.core.backup.Restore;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.FleetSection;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.core.engine.EngineListener;
import dev.understudy.core.engine.HostTime;
import dev.understudy.core.engine.LearnReport;
import dev.understudy.core.engine.LearnReport.Learnt;
import dev.understudy.core.engine.LearnReport.Rejected;
import dev.understudy.core.executor.AdaptiveResourceManager;
import dev.understudy.core.executor.Executor;
import dev.understudy.core.executor.StoredBreakerStates;
import dev.understudy.core.fleet.AutomationWorker;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.fleet.FleetKey;
import dev.understudy.core.fleet.FleetNode;
import dev.understudy.core.fleet.NodeState;
import dev.understudy.core.fleet.OwnRuns;
import dev.understudy.core.history.ImportOptions;
import dev.understudy.core.history.ImportReport;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.core.notify.Notifications;
import dev.understudy.core.optimization.AdviceStore;
import dev.understudy.core.optimization.ContinuousOptimizer;
import dev.understudy.core.optimization.OptimizerHost;
import dev.understudy.core.optimization.ResultFolder;
import dev.understudy.core.packages.Packages;
import dev.understudy.core.patterns.Nearest;
import dev.understudy.core.patterns.PatternFamilies;
import dev.understudy.core.patterns.PatternService;
import dev.understudy.core.patterns.RoutineParts;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.performance.Analytics;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.PerformanceWatch;
import dev.understudy.core.performance.Period;
import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.core.sandbox.Notices;
import dev.understudy.core.sandbox.Sandbox;
import dev.understudy.core.secrets.SecretStore;
import dev.understudy.core.store.Database;
import dev.understudy.core.system.PersonsLocale;
import dev.understudy.core.system.SystemWatch;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.process.ProcessPriorities;
import dev.understudy.core.tuning.program.TuningService;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.system.WorkloadDetector;
import dev.understudy.spi.tuning.ParameterTarget;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The whole engine behind one object: history, patterns, automations, plugins and the sandbox, opened as they are needed.
 * Safe for use by several threads.
 *
 * <pre>{@code
 * try (var understudy = Understudy.open(Installation.at(distribution, templates), DataHome.open(folder), Config.DEFAULT)) {
 *     understudy.recordTask(task);
 *     understudy.patterns().forEach(System.out::println);
 * }
 * }</pre>
 */
public final class Understudy implements AutoCloseable {
    private final Config config;
    private final DataHome home;
    private final Path userHome;
    private final LazyPlugins plugins;
    private final Sandbox sandbox;
    private final Notices notices;
    private final Executor executor;
    private final boolean isSession;
    private @Nullable Database database;
    private @Nullable TaskHistory history;
    private @Nullable PatternService patterns;
    private @Nullable Consumer<Task> patternFeed;
    private @Nullable AutomationService automations;
    private @Nullable PerformanceHistory performance;
    private @Nullable AcceptedAdvice acceptedAdvice;
    private @Nullable PerformanceService performanceService;
    private @Nullable SystemWatch systemWatch;

    private Understudy(
            Installation installation,
            DataHome home,
            Config config,
            Path userHome,
            Sandbox sandbox,
            Map<RunnerKey, ScriptRunner> runners,
            Notices notices) {
        this.config = config;
        this.notices = notices;
        this.home = home;
        this.userHome = userHome;
        this.sandbox = sandbox;
        executor = new Executor(
                runners, config.executor(), new StoredBreakerStates(this::openDatabase), InstantSource.system());
        isSession = false;
        var context = new PluginContext(
                List.of(installation.templates(), home.folder("templates")), PersonsLocale.environment());
        plugins = new LazyPlugins(() -> {
            var opened = PluginHost.open(installation.plugins(), home, context);
            opened.onFailure(failure -> tell(failure, notices));
            return opened;
        });
    }

    private static void tell(PluginHost.Failure failure, Notices notices) {
        String text = "the plugin " + failure.pluginId() + ": " + failure.text();
        if (failure.switchedOff()) notices.warning(text + ". It is switched off until 'plugins enable'.");
        notices.trace(text, failure.stack());
    }

    /** Of an engine that is open. */
    private Understudy(Understudy engine, Notices notices) {
        config = engine.config;
        home = engine.home;
        userHome = engine.userHome;
        plugins = engine.plugins;
        sandbox = engine.sandbox;
        executor = engine.executor;
        database = engine.database();
        this.notices = notices;
        isSession = true;
    }

    /**
     * The same engine for one caller: store, plugins and sandbox are those of this one, which stays open when the session is
     * closed; what is kept in memory is read anew, as another process would.
     *
     * @param notices hears what the caller of the session should know
     */
    public synchronized Understudy session(Notices notices) {
        return new Understudy(this, notices);
    }

    /** Opens the engine for the user who runs this process; {@code ~} is the home that Java knows. */
    public static Understudy open(Installation installation, DataHome home, Config config) {
        return open(installation, home, config, Path.of(System.getProperty("user.home")), Notices.SILENT);
    }

    /**
     * Opens the engine.
     *
     * @param userHome what {@code ~} stands for in tasks and scripts; absolute
     * @param notices hears what takes long, and what was mended after a crash
     */
    public static Understudy open(
            Installation installation, DataHome home, Config config, Path userHome, Notices notices) {
        QuietLibraries.quiet();
        if (Restore.finish(home)) notices.warning("a restore that was cut short was ended");
        NativeLibraries.keepIn(home);
        var sandbox = new Sandbox(installation, home, config, userHome, notices);
        var understudy = new Understudy(installation, home, config, userHome, sandbox, sandbox.runners(), notices);
        understudy.putParametersBack(notices);
        return understudy;
    }

    /** Puts back what a tuning that crashed has left changed; whoever wants to do something else shall not be kept from it. */
    private void putParametersBack(Notices notices) {
        try {
            for (Restoration each : parameterJournal().recover()) notices.warning(each.text());
        } catch (UserException e) {
            notices.warning(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens the engine with runners that a test brings. */
    static Understudy open(
            Installation installation,
            DataHome home,
            Config config,
            Path userHome,
            Map<RunnerKey, ScriptRunner> runners) {
        return new Understudy(
                installation,
                home,
                config,
                userHome,
                new Sandbox(installation, home, config, userHome, Notices.SILENT),
                runners,
                Notices.SILENT);
    }

    /** The folder in which everything is kept. */
    public DataHome home() {
        return home;
    }

    /** What {@code ~} stands for. */
    public Path userHome() {
        return userHome;
    }

    public Config config() {
        return config;
    }

    public PluginHost plugins() {
        return plugins.get();
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    /** What takes run requests to cells and jails. */
    public Executor executor() {
        return executor;
    }

    private synchronized Database openDatabase() {
        return database();
    }

    private Database database() {
        Database opened = database;
        if (opened == null) {
            opened = Database.open(home.database());
            database = opened;
            // Whatever is asked of it: what it lost is told before anything else.
            if (opened.damageNote().isPresent()) automations();
        }
        return opened;
    }

    /** The tasks that are kept. */
    public synchronized TaskHistory history() {
        TaskHistory opened = history;
        if (opened == null) {
            // Asked for each time: a plugin may come and go, and its class loader must be free to go with it.
            Supplier<List<TaskSource>> sources = () -> plugins().extensions(TaskSource.class).stream()
                    .map(Provided::extension)
                    .toList();
            opened =
                    new TaskHistory(database(), sources, config.history().maxTasks()).copyingIn(home.folder("imports"));
            history = opened;
        }
        return opened;
    }

    private synchronized PatternService patternService() {
        PatternService opened = patterns;
        if (opened == null) {
            opened = new PatternService(plugins().extensions(PatternDetector.class), config, ZoneId.systemDefault());
            Consumer<Task> feed = opened::accept;
            history().feed(feed);
            patterns = opened;
            patternFeed = feed;
        }
        return opened;
    }

    /** Lets go of what plugins have given, so that those that are gone can be freed and new ones take part. */
    private synchronized void forgetExtensions() {
        Consumer<Task> feed = patternFeed;
        if (feed != null) history().unfeed(feed);
        patternFeed = null;
        patterns = null;
        performanceService = null;
    }

    /**
     * Starts what runs in the background: triggers, the look for what repeats, notifications. One engine runs on a data
     * home.
     *
     * @param listener hears what happens; called by several threads
     * @throws UserException if another process runs one here, or what is configured cannot be used
     */
    public Engine startEngine(EngineListener listener) throws InterruptedException {
        return startEngine(listener, Optional.empty());
    }

    /**
     * As {@link #startEngine(EngineListener)}, with this host as one of a fleet.
     *
     * @param fleet that it joins; who opened it closes it after the engine
     * @throws UserException likewise, and if the fleet does not answer
     */
    public synchronized Engine startEngine(EngineListener listener, Optional<Fleet> fleet) throws InterruptedException {
        DataHome.Lock lock = home.lock("up", "running 'understudy up' on this data home", Duration.ZERO);
        try {
            var parts = new Engine.Parts(
                    config,
                    home,
                    database(),
                    history(),
                    automations(),
                    () -> learn(List.of(), _ -> {}),
                    new PerformanceWatch(
                            performance(), this::performanceService, home.root().resolve("performance-told.txt")),
                    problems -> Notifications.open(
                            config.notifications(), plugins().extensions(NotificationSink.class), problems),
                    userHome,
                    ZoneId.systemDefault());
            var engine = new Engine(parts, listener, HostTime.system());
            engine.owns(lock);
            engine.owns(plugins().watch(changed -> {
                forgetExtensions();
                engine.pluginsChanged(changed);
            }));
            engine.owns(plugins().onFailure(failure -> {
                if (failure.switchedOff()) engine.pluginSwitchedOff(failure.pluginId(), failure.text());
            }));
            SystemWatch machine = watchSystem(engine::problem);
            engine.owns(machine);
            Optional<OptimizerHost> looking = optimizer(machine, engine);
            looking.ifPresent(engine::owns);
            Optional<AdaptiveResourceManager> resources = resourceManager(machine, engine);
            resources.ifPresent(engine::owns);
            Optional<FleetNode> node = fleet.isEmpty() ? Optional.empty() : Optional.of(join(fleet.get(), engine));
            node.ifPresent(joined -> engine.owns(() -> {
                joined.stop(config.triggers().grace());
                joined.close();
            }));
            engine.start();
            machine.start();
            looking.ifPresent(OptimizerHost::start);
            resources.ifPresent(AdaptiveResourceManager::start);
            return engine;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The key by which this host's approvals count elsewhere; made if there is none. */
    public FleetKey fleetKey() {
        return FleetKey.of(home);
    }

    private FleetNode join(Fleet fleet, Engine engine) throws InterruptedException {
        FleetKey key = fleetKey();
        FleetSection settings = config.fleet();
        var trusted = new HashSet<>(settings.trustedKeys());
        trusted.add(key.text());
        int slots = settings.slots() > 0 ? settings.slots() : config.sandbox().maxConcurrentTests();
        NodeState self = NodeState.of(key.nodeId(), settings.labels(), sandbox.mechanisms(), slots);
        var node = new FleetNode(
                fleet,
                FleetNode.Settings.usual(self, trusted, config.sandbox(), engine::problem),
                new OwnRuns(database()),
                new AutomationWorker(automations().runs(), userHome),
                InstantSource.system());
        engine.leaveCron(node::firesCronOf);
        node.start();
        return node;
    }

    /**
     * Watches what this machine does; nothing happens before it is started.
     *
     * @param problems hears what does not work
     */
    public synchronized SystemWatch watchSystem(Consumer<String> problems) {
        SystemWatch watch = SystemWatch.of(new SystemWatch.Parts(
                config.performanceAnalysis().sampleProcesses(),
                () -> plugins().extensions(WorkloadDetector.class),
                metrics -> performance().recordMetrics(metrics),
                problems));
        systemWatch = watch;
        return watch;
    }

    /** What looks for settings for what the machine does; empty where that is not configured. */
    private Optional<OptimizerHost> optimizer(SystemWatch machine, Engine engine) {
        Config.ContinuousOptimization configured = config.continuousOptimization();
        if (!configured.enabled()) return Optional.empty();
        return Optional.of(new OptimizerHost(new OptimizerHost.Parts(
                new ContinuousOptimizer.Settings(
                        configured.adaptationDelay(), configured.stabilityPeriod(), configured.profiles()),
                configured.settle(),
                configured.measure(),
                userHome,
                machine,
                plugins(),
                parameterJournal(),
                advice(),
                optimizationResults(),
                engine::tell)));
    }

    /** What has the number of runs at once follow the load; empty where that is not configured. */
    private Optional<AdaptiveResourceManager> resourceManager(SystemWatch machine, Engine engine) {
        ExecutorSettings settings = config.executor();
        if (!settings.isOn(ExecutorSettings.Switch.AUTOMATIC_OPTIMIZATION)) return Optional.empty();
        int most = settings.automatic().maxConcurrent();
        if (settings.isOn(ExecutorSettings.Switch.CONCURRENCY_OPTIMIZATION))
            most = Math.min(most, settings.concurrency().limit());
        var parts = new AdaptiveResourceManager.Parts(
                executor.gate().orElseThrow(),
                most,
                sandbox::keepIdleCells,
                machine::latest,
                settings.automatic().interval(),
                (text, details) -> engine.tell(EngineEvent.Kind.RESOURCES_CHANGED, text, details));
        return Optional.of(new AdaptiveResourceManager(parts, config.sandbox().maxConcurrentTests()));
    }

    /** Advice on this machine's settings. */
    public synchronized AdviceStore advice() {
        return new AdviceStore(database());
    }

    /** What looking for settings has found. */
    public ResultFolder optimizationResults() {
        return new ResultFolder(home.folder("optimizations"));
    }

    /** What this machine does; empty unless an engine runs in this process. */
    public synchronized Optional<SystemWatch> systemWatch() {
        return Optional.ofNullable(systemWatch);
    }

    /**
     * What makes backups of all that is kept here.
     *
     * @param configuration the person's file; need not be there
     * @param version of Understudy, which the backup names
     */
    public synchronized Backup backup(Path configuration, String version) {
        return new Backup(home, database(), configuration, version, Clock.systemUTC());
    }

    /** The secrets that the person has given for scripts. */
    public SecretStore secrets() {
        return SecretStore.of(home, System.getenv(), Clock.systemUTC());
    }

    /** The automations. */
    public synchronized AutomationService automations() {
        Database store = database();
        AutomationService opened = automations;
        if (opened == null) {
            opened = new AutomationService(
                    config,
                    store,
                    home,
                    performance(),
                    () -> plugins().extensions(AutomationTemplate.class),
                    executor.runners(),
                    secrets(),
                    new Packages(home.folder("packages"), config.packages(), System.getenv()),
                    userHome,
                    Clock.systemUTC());
            opened.mendDamage().ifPresent(notices::warning);
            opened.runs().mend(sandbox.transactions(), sandbox::recover);
            automations = opened;
        }
        return opened;
    }

    /**
     * What repeats in a file of tasks, which is read and not kept.
     *
     * @param reading hears how the reading went
     * @throws UserException if it cannot be read
     */
    public List<TaskPattern> patternsIn(Path file, Consumer<ImportReport> reading) {
        List<TaskSource> sources = plugins().extensions(TaskSource.class).stream()
                .map(Provided::extension)
                .toList();
        var read = TaskHistory.inMemory(sources, config.history().maxTasks()).copyingIn(home.folder("imports"));
        reading.accept(read.importFile(file));
        List<Task> tasks = read.tasks();
        if (tasks.isEmpty()) return List.of();
        var service = new PatternService(plugins().extensions(PatternDetector.class), config, ZoneId.systemDefault());
        tasks.forEach(service::accept);
        return service.patterns(tasks.getLast().timestamp());
    }

    /** The automation templates of all plugins. */
    public TemplateService templates() {
        return new TemplateService(() -> plugins().extensions(AutomationTemplate.class), automations());
    }

    /** The journal of changed parameters; knows the targets of all plugins, and processes' priorities. */
    public ParameterJournal parameterJournal() {
        return ParameterJournal.in(home, this::parameterTarget, Clock.systemUTC());
    }

    /** Tuning of programs: sessions, and the strategies and targets that they can have. */
    public TuningService tuning() {
        var sources = new TuningService.Sources(
                () -> plugins().extensions(OptimizerStrategy.class),
                () -> plugins().extensions(ParameterTarget.class),
                this::automations,
                this::parameterJournal);
        return new TuningService(home, sources, Clock.systemUTC());
    }

    private Optional<ParameterTarget> parameterTarget(String name, String recipe) {
        if (!recipe.isEmpty()) return tuning().target(recipe);
        if (name.equals(ProcessPriorities.NAME)) return Optional.of(new ProcessPriorities());
        return plugins().extensions(ParameterTarget.class).stream()
                .filter(provided -> provided.name().equals(name))
                .map(Provided::extension)
                .findFirst();
    }

    /** What takes back the changes of runs. */
    public RunUndo undo() {
        return automations().runs().undo(sandbox.transactions());
    }

    /**
     * Records one task; false if it is known already, or older than all that a full history keeps. Durable on return.
     */
    public boolean recordTask(Task task) {
        return history().recordTask(task);
    }

    /**
     * What repeats, highest automation potential first, which {@link Decisions} of people have moved; behind that what is a variant or a part of one of those
     * ({@link PatternFamilies}), and what only looks, and single steps of a routine, at the end. Recency counts from the newest task, not from now: a history
     * that was imported long after it was made has the same patterns as on its last day.
     */
    public List<TaskPattern> patterns() {
        PatternService service = patternService();
        List<Task> tasks = history().tasks();
        if (tasks.isEmpty()) return List.of();
        var worthwhile = new ArrayList<TaskPattern>();
        var looking = new ArrayList<TaskPattern>();
        List<TaskPattern> found = PatternService.byPotential(automations()
                .life()
                .decisions()
                .applied(service.patterns(tasks.getLast().timestamp())));
        Set<String> parts = RoutineParts.of(found);
        for (TaskPattern pattern : found)
            (looksOnly(pattern) || parts.contains(pattern.id()) ? looking : worthwhile).add(pattern);
        Map<String, String> variants = PatternFamilies.variants(worthwhile);
        var listed = new ArrayList<TaskPattern>();
        for (TaskPattern each : worthwhile) if (!variants.containsKey(each.id())) listed.add(each);
        for (TaskPattern each : worthwhile) if (variants.containsKey(each.id())) listed.add(each);
        listed.addAll(looking);
        return listed;
    }

    /** Detectors and templates that failed, one line each: what they would have found or said is missing from {@link #patterns}. */
    public List<String> patternProblems() {
        var problems = new ArrayList<>(patternService().problems());
        problems.addAll(automations().drafter().problems());
        return problems;
    }

    /** Whether tasks of a pattern leave nothing behind, so that there is nothing to automate. */
    public boolean looksOnly(TaskPattern pattern) {
        return automations().drafter().looksOnly(pattern);
    }

    /** What comes nearest to repeating often enough, looking commands left out. */
    private List<Nearest> nearest() {
        return patternService().nearest().stream()
                .filter(each -> !automations().drafter().looksOnly(each.latest()))
                .toList();
    }

    /** The metrics and executions that are kept. */
    public synchronized PerformanceHistory performance() {
        PerformanceHistory opened = performance;
        if (opened == null) {
            opened = PerformanceHistory.of(config, database());
            performance = opened;
        }
        return opened;
    }

    /** Records one metric; false if its id is known already. Durable on return. */
    public boolean recordMetric(PerformanceMetric metric) {
        return performance().recordMetrics(List.of(metric)) == 1;
    }

    /** Records one execution of a workflow; false if its id is known already. Durable on return. */
    public boolean recordExecution(WorkflowExecution execution) {
        return performance().recordExecutions(List.of(execution)) == 1;
    }

    /** Advice that was followed, and what it brought. */
    public synchronized AcceptedAdvice acceptedAdvice() {
        AcceptedAdvice opened = acceptedAdvice;
        if (opened == null) {
            opened = new AcceptedAdvice(database(), performance());
            acceptedAdvice = opened;
        }
        return opened;
    }

    /**
     * What follows advice where Understudy itself runs or sets what is advised.
     *
     * @param configurationFile that settings are written to, which holds for engines that are opened later; empty if the
     *     configuration is the program's own
     */
    public AdviceService adviceService(Optional<Path> configurationFile) {
        return new AdviceService(new AdviceService.Parts(
                new AdviceApplier(automations(), acceptedAdvice(), config, Clock.systemUTC()),
                automations(),
                acceptedAdvice(),
                openDatabase(),
                home,
                configurationFile,
                this::parameterJournal,
                () -> plugins().extensions(ParameterTarget.class).stream()
                        .map(Provided::extension)
                        .toList(),
                Clock.systemUTC()));
    }

    /** What judges the metrics and executions; the same one, which knows which plugins have failed, until plugins change. */
    public synchronized PerformanceService performanceService() {
        PerformanceService opened = performanceService;
        if (opened == null) {
            opened = new PerformanceService(
                    performance(),
                    acceptedAdvice(),
                    config,
                    () -> plugins().extensions(BottleneckDetector.class),
                    () -> plugins().extensions(DegradationPredictor.class),
                    () -> plugins().extensions(RecommendationRule.class));
            performanceService = opened;
        }
        return opened;
    }

    /**
     * What is said of all workflows and processes.
     *
     * @param period how far back, for example {@code 30d}
     */
    public PerformanceReport performanceReport(String period) {
        Period stretch = Period.of(period, performance());
        PerformanceService service = performanceService();
        return PerformanceReport.of(
                stretch, service.analyseAll(stretch.from(), stretch.to()), performance(), service, acceptedAdvice());
    }

    /**
     * How everything stands.
     *
     * @param period how far back trends go, for example {@code 30d}
     */
    public Analytics analytics(String period) {
        return Analytics.of(performance(), performanceService(), acceptedAdvice(), period);
    }

    /** Figures over all that is kept. */
    public Report report() {
        List<TaskPattern> found = patterns();
        List<Automation> kept = automations().list();
        double threshold = config.repetitiveTaskDetection().automationThreshold();
        long worthIt = found.stream()
                .filter(pattern -> pattern.potential().total() >= threshold)
                .count();
        long deployed =
                kept.stream().filter(automation -> automation.state().runs()).count();
        return new Report(
                history().tasks().size(),
                found.size(),
                Math.toIntExact(worthIt),
                kept.size(),
                Math.toIntExact(deployed));
    }

    /**
     * Files that hold the histories of this machine's shells.
     *
     * @param environment the variables of the person's shell, which may name other places than the usual ones
     * @throws UserException if there is none
     */
    public List<Path> discoverHistories(Map<String, String> environment) {
        List<Path> found = history().discover(userHome, environment);
        if (found.isEmpty())
            throw UserException.badInput(
                    "There is nothing to learn from",
                    "no file was named, and no shell history was found in " + userHome,
                    "Name a file: learn FILE");
        return found;
    }

    /**
     * The main job: imports files, finds what repeats, has automations written for what is worth it, and rehearses those
     * that are new or changed.
     *
     * @param progress hears one line whenever a step begins; called by several threads
     * @throws UserException if a file cannot be imported; those before it stay imported
     */
    public LearnReport learn(List<Path> files, Consumer<String> progress) throws InterruptedException {
        return learn(files, ImportOptions.NONE, progress);
    }

    /** The same with what the person says about the files. */
    public LearnReport learn(List<Path> files, ImportOptions options, Consumer<String> progress)
            throws InterruptedException {
        var imports = new ArrayList<ImportReport>();
        for (Path file : files) {
            progress.accept("Reading " + file);
            imports.add(history().importFile(file, options));
        }
        progress.accept("Looking for what repeats");
        List<TaskPattern> found = patterns();
        var rejected = new ArrayList<Rejected>();
        var rehearsals = new ArrayList<Callable<Learnt>>();
        for (TaskPattern pattern : found) {
            switch (automations().drafter().create(pattern)) {
                case Creation.Rejected no -> rejected.add(new Rejected(pattern, no.reason()));
                case Creation.Created created -> rehearsals.add(() -> rehearsed(pattern, created, progress));
            }
        }
        var problems = new ArrayList<>(patternProblems());
        if (!config.sandbox().enabled() && !rehearsals.isEmpty())
            problems.add("nothing was rehearsed: the sandbox is switched off (sandbox.enabled: false)");
        Set<String> looking =
                found.stream().filter(this::looksOnly).map(TaskPattern::id).collect(Collectors.toSet());
        looking.addAll(RoutineParts.of(found));
        Map<String, String> variants = PatternFamilies.variants(
                found.stream().filter(each -> !looking.contains(each.id())).toList());
        return new LearnReport(
                imports, found, looking, variants, inParallel(rehearsals), rejected, nearest(), problems);
    }

    private Learnt rehearsed(TaskPattern pattern, Creation.Created created, Consumer<String> progress)
            throws InterruptedException {
        Automation automation = created.automation();
        Optional<RehearsalResult> rehearsal = Optional.empty();
        if (config.sandbox().enabled() && automation.rehearsal().isEmpty()) {
            progress.accept("Rehearsing " + automation.id());
            rehearsal = Optional.of(automations().rehearsals().rehearse(automation.id()));
        }
        Automation now = automations().get(automation.id());
        return new Learnt(pattern, now, automations().read(now), created.change(), rehearsal, created.alternatives());
    }

    private List<Learnt> inParallel(List<Callable<Learnt>> rehearsals) throws InterruptedException {
        // More at once than there are processors would start more cells, each of which is slow at first.
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = Math.min(config.sandbox().maxConcurrentTests(), processors);
        try (var executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("rehearsal-", 1).factory())) {
            var learnt = new ArrayList<Learnt>();
            for (Future<Learnt> future : executor.invokeAll(rehearsals)) learnt.add(future.get());
            return learnt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException("a rehearsal ended by a bug", e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        if (automations != null) automations.runs().flush();
        if (isSession) return;
        executor.close();
        sandbox.close();
        // A run that was under way has ended with the sandbox.
        if (automations != null) automations.runs().flush();
        if (database != null) database.close();
        plugins.close();
    }

    /** The plugins, loaded when the first is asked for: most of what a person waits for asks for none. */
    private static final class LazyPlugins implements AutoCloseable {
        private final Supplier<PluginHost> opening;
        private @Nullable PluginHost opened;

        LazyPlugins(Supplier<PluginHost> opening) {
            this.opening = opening;
        }

        synchronized PluginHost get() {
            PluginHost host = opened;
            if (host == null) {
                host = opening.get();
                opened = host;
            }
            return host;
        }

        @Override
        public synchronized void close() {
            if (opened != null) opened.close();
        }
    }
}
