package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.packages.Packages;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.core.store.Database;
import dev.understudy.core.store.Database.DamageNote;
import dev.understudy.core.testing.StoredTests;
import dev.understudy.core.workflow.WorkflowRunner;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.spi.AutomationTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The automations that are kept, and the doors to what is done with them: written for patterns ({@link #drafter}), rehearsed
 * ({@link #rehearsals}), approved and stopped ({@link #life}), run ({@link #runs}). Safe for use by several threads and
 * processes.
 */
public final class AutomationService {
    private final Config config;
    private final Database database;
    private final AuditLog audit;
    private final AutomationStore store;
    private final RunStore kept;
    private final Experiments experiments;
    private final Runners runners;
    private final Path userHome;
    private final Clock clock;
    private final List<LifeListener> listeners = new CopyOnWriteArrayList<>();
    private final Drafter drafter;
    private final Lifecycle life;
    private final Rehearsals rehearsals;
    private final AutomationRuns runs;
    private final ScriptPackages packages;

    /**
     * @param performance hears of each run for real
     * @param templates asked anew for each pattern, so that plugins may come and go
     * @param runners by what they run; who made them closes them
     * @param secrets what runs for real know that were granted them
     * @param packages what scripts import
     * @param userHome what {@code ~} stands for
     */
    public AutomationService(
            Config config,
            Database database,
            DataHome home,
            PerformanceHistory performance,
            Supplier<List<Provided<AutomationTemplate>>> templates,
            Map<RunnerKey, ScriptRunner> runners,
            SecretSource secrets,
            Packages packages,
            Path userHome,
            Clock clock) {
        this.config = config;
        this.database = database;
        this.userHome = userHome;
        this.clock = clock;
        audit = new AuditLog(database, home, clock);
        store = new AutomationStore(
                database, audit, home, clock, config.automationCreation().autoDeployThreshold());
        kept = new RunStore(database, clock);
        this.runners = new Runners(runners, secrets, clock);
        this.packages = new ScriptPackages(packages, config.sandbox());
        var experimentStore = new ExperimentStore(clock);
        var deployments = new Deployments(store, experimentStore, clock);
        experiments = new Experiments(config, database, audit, store, experimentStore, deployments);
        drafter = new Drafter(config, store, templates);
        life = new Lifecycle(config, audit, store, kept, deployments, this::tell, clock);
        var tests = new StoredTests(database, config.history().maxTests());
        rehearsals = new Rehearsals(config, store, this.runners, tests, drafter, life, this.packages, userHome);
        var workflows = new WorkflowRunner(
                database,
                clock,
                config.sandbox().maxConcurrentTests(),
                config.executor().isOn(ExecutorSettings.Switch.STEP_OPTIMIZATION)
                        ? WorkflowRunner.Unchanged.IS_SKIPPED
                        : WorkflowRunner.Unchanged.RUNS);
        var random = new SecureRandom();
        var timings = new RunTimings(
                performance,
                workflows::steps,
                config.executor().isOn(ExecutorSettings.Switch.OPTIMIZED_TELEMETRY)
                        ? config.executor().telemetry()
                        : RunTimings.ALL,
                random);
        var open = new OpenRuns(home.folder("locks"));
        var watch = new RunWatch(config.automationCreation(), store, deployments, experimentStore);
        var book = new RunBook(audit, kept, watch, timings, open, this::tell, clock, random);
        runs = new AutomationRuns(
                config,
                database,
                audit,
                store,
                kept,
                experimentStore,
                book,
                open,
                timings,
                this.runners,
                workflows,
                new Turns(home.folder("locks")),
                this.packages,
                userHome,
                clock);
    }

    /** What has automations written for patterns. */
    public Drafter drafter() {
        return drafter;
    }

    /** What rehearses and tests them. */
    public Rehearsals rehearsals() {
        return rehearsals;
    }

    /** What approves, stops and gives them up. */
    public Lifecycle life() {
        return life;
    }

    /** What runs them. */
    public AutomationRuns runs() {
        return runs;
    }

    /** All automations, oldest first. */
    public List<Automation> list() {
        return store.list();
    }

    /**
     * One automation.
     *
     * @throws UserException if there is none of this id
     */
    public Automation get(String id) {
        return store.get(id);
    }

    /** The file of its newest version, read. */
    public AutomationFile read(Automation automation) {
        return AutomationFile.load(automation.file(), config.sandbox());
    }

    /** The version that runs, read as it was approved; empty if none may run. */
    public Optional<AutomationFile> deployed(Automation automation) {
        if (!automation.state().runs()) return Optional.empty();
        return automation.deployedVersion().map(version -> store.read(automation.id(), version, config.sandbox()));
    }

    /**
     * A version's file, read: the newest as it lies there now, an older one as it was kept.
     *
     * @throws UserException if there is no such version
     */
    public AutomationFile read(Automation automation, int version) {
        if (version == automation.version()) return read(automation);
        version(automation.id(), version);
        return store.read(automation.id(), version, config.sandbox());
    }

    /**
     * One version of an automation.
     *
     * @throws UserException if there is no such version
     */
    public AutomationVersion version(String id, int version) {
        return store.version(get(id).id(), version);
    }

    /** What its latest rehearsal showed, as JSON; empty if its newest version was not rehearsed. */
    public Optional<String> evidence(Automation automation) {
        return evidence(automation.id(), automation.version());
    }

    /** What the latest rehearsal of a version showed, as JSON; empty if it was not rehearsed. */
    public Optional<String> evidence(String id, int version) {
        return store.evidence(id, version);
    }

    /** Scripts that a person keeps as files. */
    public OwnScripts ownScripts() {
        return new OwnScripts(config, store, rehearsals::check, packages);
    }

    /** What scripts import, and where it comes from. */
    public ScriptPackages packages() {
        return packages;
    }

    /** Scripts that programs have handed in. */
    public Proposals proposals() {
        // What becomes of a program's tests is kept with its proposal, and not among the person's own.
        var apart = new CaseRunner(runners, TestHistory.inMemory(1), packages);
        return new Proposals(config, database, audit, store, kept, apart, rehearsals::check, packages, userHome, clock);
    }

    /** All versions of an automation, oldest first. */
    public List<AutomationVersion> versions(String id) {
        get(id);
        return store.versions(id);
    }

    /** The text of a version as it was made. */
    public String script(String id, int version) {
        get(id);
        database.read(handle -> store.version(handle, id, version));
        return store.script(id, version);
    }

    /** Experiments with two versions of an automation. */
    public Experiments experiments() {
        return experiments;
    }

    /** Has somebody told of what happens without a person. */
    public void listen(LifeListener listener) {
        listeners.add(listener);
    }

    private void tell(LifeEvent event) {
        listeners.forEach(listener -> listener.happened(event));
    }

    /** What happened without the person and they have not been told yet, oldest first; they count as told from now on. */
    public List<String> takeNotices() {
        return kept.takeNotices();
    }

    /** The audit log. */
    public AuditLog audit() {
        return audit;
    }

    /**
     * If the store was damaged and salvaged, or lacks what was written to it last: says so in the log, and makes automations of
     * scripts that it does not know any more.
     *
     * @return what to tell people, once; empty if nothing was damaged
     */
    public Optional<String> mendDamage() {
        Optional<DamageNote> note = database.damageNote().or(this::withoutItsEnd);
        if (note.isEmpty() || database.isReadOnly()) return note.map(DamageNote::text);
        Optional<String> lost =
                audit.goOnAfterDamage(note.get().reach(), note.get().text());
        List<String> adopted = store.adopt(this::readIfGood);
        database.forgetDamageNote();
        String entries = lost.map(
                        each -> "; " + each + ": see with 'understudy log' what is known, and repeat the rest")
                .orElse("");
        String drafts = adopted.isEmpty()
                ? ""
                : ". Automations whose scripts were found and that need a rehearsal and your approval anew: "
                        + String.join(", ", adopted);
        return Optional.of(note.get().text() + entries + drafts);
    }

    private Optional<DamageNote> withoutItsEnd() {
        if (!audit.lacksItsEnd()) return Optional.empty();
        return Optional.of(new DamageNote(
                DamageNote.Reach.END,
                "the store was found on " + clock.instant().truncatedTo(ChronoUnit.SECONDS)
                        + " to lack what was written to it last: its write-ahead log was removed, an older copy of it was put"
                        + " in its place, or somebody took entries out; what is there is kept"));
    }

    private Optional<AutomationFile> readIfGood(Path script) {
        try {
            return Optional.of(AutomationReader.read(script.toString(), Files.readString(script), config.sandbox()));
        } catch (IOException | UserException _) {
            // It stays where it is, for its person to look at.
            return Optional.empty();
        }
    }
}
