package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.Automation.RehearsalScore;
import dev.understudy.core.automation.AutomationStore.KeptAutomation;
import dev.understudy.core.automation.Decisions.Decided;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.secrets.SecretSource;
import dev.understudy.core.store.Database;
import dev.understudy.core.store.Database.DamageNote;
import dev.understudy.core.testing.StoredTests;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.core.workflow.WorkflowRunner;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.RunTrace;
import dev.understudy.sandbox.control.tester.SuiteResult;
import dev.understudy.sandbox.control.tester.TestHistory;
import dev.understudy.sandbox.control.tester.TestListener;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of automations: created from patterns, rehearsed, approved, run, suspended, retired. Safe for use by several
 * threads and processes.
 */
public final class AutomationService {
    /** Who does what is done by hand, for the log. */
    public static final String PERSON = "person";

    private static final String BY_HAND = "by hand";

    private final Config config;
    private final Database database;
    private final AuditLog audit;
    private final AutomationStore store;
    private final RunStore runs;
    private final Experiments experiments;
    private final Deployments deployments;
    private final OpenRuns open;
    private final RunBook book;
    private final RunTimings timings;
    private final Runners runners;
    private final AutomationRunner runner;
    private final List<LifeListener> listeners = new CopyOnWriteArrayList<>();
    private final Supplier<List<Provided<AutomationTemplate>>> templates;
    private final Set<String> templateProblems = new LinkedHashSet<>();
    private final StoredTests tests;
    private final CaseRunner caseRunner;
    private final Path userHome;
    private final Clock clock;
    private final WorkflowRunner workflows;
    private final RequestedRuns requested;

    /**
     * @param performance hears of each run for real
     * @param templates asked anew for each pattern, so that plugins may come and go
     * @param runners by what they run; who made them closes them
     * @param secrets what runs for real know that were granted them
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
            Path userHome,
            Clock clock) {
        this.config = config;
        this.database = database;
        this.audit = new AuditLog(database, home, clock);
        this.store = new AutomationStore(
                database, audit, home, clock, config.automationCreation().autoDeployThreshold());
        this.runs = new RunStore(database, clock);
        var experimentStore = new ExperimentStore(clock);
        this.deployments = new Deployments(store, experimentStore, clock);
        this.open = new OpenRuns(home.folder("locks"));
        var watch = new RunWatch(config.automationCreation(), store, deployments, experimentStore);
        this.workflows = new WorkflowRunner(
                database,
                clock,
                config.sandbox().maxConcurrentTests(),
                config.executor().isOn(ExecutorSettings.Switch.STEP_OPTIMIZATION)
                        ? WorkflowRunner.Unchanged.IS_SKIPPED
                        : WorkflowRunner.Unchanged.RUNS);
        var random = new SecureRandom();
        this.timings = new RunTimings(
                performance,
                workflows::steps,
                config.executor().isOn(ExecutorSettings.Switch.OPTIMIZED_TELEMETRY)
                        ? config.executor().telemetry()
                        : RunTimings.ALL,
                random);
        this.book = new RunBook(audit, runs, watch, timings, open, this::tell, clock, random);
        this.runners = new Runners(runners, secrets, clock);
        this.runner = new AutomationRunner(
                config,
                database,
                store,
                experimentStore,
                book,
                this.runners,
                workflows,
                new Turns(home.folder("locks")),
                userHome);
        this.experiments = new Experiments(config, database, audit, store, experimentStore, deployments);
        this.templates = templates;
        this.tests = new StoredTests(database, config.history().maxTests());
        this.caseRunner = new CaseRunner(this.runners, tests);
        this.userHome = userHome;
        this.clock = clock;
        this.requested = new RequestedRuns(database, audit, this, userHome, clock);
    }

    /** As above, where there are no secrets. */
    public AutomationService(
            Config config,
            Database database,
            DataHome home,
            PerformanceHistory performance,
            Supplier<List<Provided<AutomationTemplate>>> templates,
            Map<RunnerKey, ScriptRunner> runners,
            Path userHome,
            Clock clock) {
        this(config, database, home, performance, templates, runners, SecretSource.NONE, userHome, clock);
    }

    /** Writes what was measured of runs and waits to be written. */
    public void flush() {
        timings.flush(database);
    }

    /** What became of a pattern. */
    public sealed interface Creation {
        /**
         * An automation was written for it, now or before.
         *
         * @param alternatives names of other templates that would write one for it, too
         */
        record Created(Automation automation, Change change, List<String> alternatives) implements Creation {
            public Created {
                alternatives = List.copyOf(alternatives);
            }
        }

        /** None was; {@code reason} is one line for people. */
        record Rejected(String patternId, String reason) implements Creation {}

        /** What is new about an automation. */
        enum Change {
            NEW,
            NEW_VERSION,
            NONE
        }
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
        return store.find(id).orElseThrow(() -> AutomationStore.unknown(id));
    }

    /** The file of its newest version, read. */
    public AutomationFile read(Automation automation) {
        return AutomationFile.load(automation.file(), config.sandbox());
    }

    /** The version that runs, read as it was approved; empty if none may run. */
    public Optional<AutomationFile> deployed(Automation automation) {
        if (!automation.state().runs()) return Optional.empty();
        return automation.deployedVersion().map(version -> kept(automation.id(), version));
    }

    /**
     * A version's file, read: the newest as it lies there now, an older one as it was kept.
     *
     * @throws UserException if there is no such version
     */
    public AutomationFile read(Automation automation, int version) {
        if (version == automation.version()) return read(automation);
        version(automation.id(), version);
        return kept(automation.id(), version);
    }

    private AutomationFile kept(String id, int version) {
        return AutomationFile.parse(store.file(id, version).toString(), store.script(id, version), config.sandbox());
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

    /** Has an automation written for a pattern, unless one is there or the pattern is not worth one. */
    public Creation create(TaskPattern pattern) {
        double potential = pattern.potential().total();
        double threshold = config.repetitiveTaskDetection().automationThreshold();
        if (potential < threshold) {
            boolean wouldDo = potential - pattern.potential().experience().part() >= threshold;
            return rejected(
                    pattern,
                    "its potential is below the threshold (automation_threshold)"
                            + (wouldDo ? " by what was decided about it and its like" : ""));
        }
        Optional<Decided> refused = store.decided().stream()
                .filter(each -> each.patternId().equals(pattern.id()) && each.restsAt(pattern.occurrences()))
                .findFirst();
        if (refused.isPresent())
            return rejected(
                    pattern,
                    "you rejected it " + refused.get().rejections() + " times; it is proposed again once it was seen "
                            + Decisions.occurrencesToGrow(refused.get().rejectedOccurrences()) + " times");
        return create(pattern, store.templateOf(pattern.id()), Choice.KEPT);
    }

    /**
     * As {@link #create(TaskPattern)}, by a template that a person chooses, however low the potential; one that another
     * template wrote and nobody has approved yet becomes a new version. It stays the one for this pattern.
     *
     * @param template its name, as {@link Creation.Created#alternatives} and {@link Automation#template} have it
     * @throws UserException if no template of this name would write one for the pattern
     */
    public Creation create(TaskPattern pattern, String template) {
        return create(pattern, Optional.of(template), Choice.MADE_NOW);
    }

    /** Who chose a template, and so whether another one may stand in for it. */
    private enum Choice {
        KEPT,
        MADE_NOW
    }

    /** What a template wrote, and the name that the automation will have it by. */
    private record Proposal(Provided<AutomationTemplate> template, Answer.Draft draft, String name) {}

    private Creation create(TaskPattern pattern, Optional<String> chosen, Choice choice) {
        String reason = "no template knows such a task";
        double relevance = -1;
        var proposals = new ArrayList<Proposal>();
        for (Provided<AutomationTemplate> template : templates.get()) {
            switch (ask(template, pattern)) {
                case Answer.Draft draft -> proposals.add(new Proposal(template, draft, nameOf(template, draft)));
                case Answer.NotMine no -> {
                    if (no.relevance() > relevance) {
                        relevance = no.relevance();
                        reason = no.reason();
                    }
                }
            }
        }
        Optional<Proposal> wanted = proposals.stream()
                .filter(proposal -> chosen.equals(Optional.of(proposal.name())))
                .findFirst();
        if (wanted.isEmpty() && choice == Choice.MADE_NOW)
            throw UserException.badInput(
                    "The template " + chosen.orElse("") + " writes nothing for this pattern",
                    proposals.isEmpty() ? reason : "those that do are " + String.join(", ", names(proposals)),
                    "'templates' lists them all");
        if (proposals.isEmpty()) return rejected(pattern, reason);
        Proposal proposal = wanted.orElse(proposals.getFirst());
        proposals.remove(proposal);
        return keep(pattern, proposal.template(), proposal.draft(), names(proposals));
    }

    private static List<String> names(List<Proposal> proposals) {
        return proposals.stream().map(Proposal::name).distinct().toList();
    }

    /** Own templates are many behind one extension, so the draft says which it is. */
    private String nameOf(Provided<AutomationTemplate> template, Answer.Draft draft) {
        return AutomationReader.check(template.name(), draft.fileText(), config.sandbox())
                .automation()
                .map(AutomationFile::template)
                .filter(name -> !name.isEmpty())
                .orElse(template.name());
    }

    /** Whether tasks of a pattern leave nothing behind that could be automated, as a template says. */
    public boolean looksOnly(TaskPattern pattern) {
        for (Provided<AutomationTemplate> template : templates.get()) {
            try {
                if (template.extension().looksOnly(pattern)) return true;
            } catch (RuntimeException | LinkageError e) {
                failed(template, e);
            }
        }
        return false;
    }

    /** The same of a single task. */
    public boolean looksOnly(Task task) {
        return looksOnly(new TaskPattern(
                task.id(),
                "one task",
                task.type(),
                1,
                task.timestamp(),
                task.timestamp(),
                task.duration(),
                1,
                task.parameters(),
                List.of(),
                AutomationPotential.of(1, task.duration(), Duration.ZERO),
                List.of(new TaskPattern.Observation(task, Map.of()))));
    }

    private Answer ask(Provided<AutomationTemplate> template, TaskPattern pattern) {
        var request = new AutomationTemplate.Request(config.automationCreation().language());
        try {
            return template.extension().propose(pattern, request);
        } catch (RuntimeException | LinkageError e) {
            return new Answer.NotMine(failed(template, e), 0);
        }
    }

    /** Notes that a template failed, and says so. */
    private String failed(Provided<AutomationTemplate> template, Throwable failure) {
        String cause =
                failure.getClass().getSimpleName() + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
        String said = "the template " + template.name() + " of the plugin " + template.pluginId() + " failed: "
                + cause.replaceAll("\\R+", " ");
        synchronized (templateProblems) {
            templateProblems.add(said);
        }
        return said;
    }

    /** Templates that failed since this was opened, one line each: what they would have said is missing. */
    public List<String> templateProblems() {
        synchronized (templateProblems) {
            return List.copyOf(templateProblems);
        }
    }

    private Creation keep(
            TaskPattern pattern, Provided<AutomationTemplate> template, Answer.Draft draft, List<String> alternatives) {
        AutomationFile file;
        try {
            file = AutomationFile.parse(template.name() + ":" + draft.id(), draft.fileText(), config.sandbox());
        } catch (UserException e) {
            return rejected(
                    pattern,
                    "the template " + template.name() + " of the plugin " + template.pluginId()
                            + " wrote a file with mistakes: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        KeptAutomation kept =
                store.keep(pattern, file, config.automationCreation().maxAutomations());
        Automation automation = kept.automation();
        if (automation == null)
            return rejected(
                    pattern,
                    "there are " + config.automationCreation().maxAutomations()
                            + " automations already (max_automations); retire one or raise the limit");
        return switch (kept.kept()) {
            case CREATED -> new Creation.Created(automation, Creation.Change.NEW, alternatives);
            case UPDATED -> new Creation.Created(automation, Creation.Change.NEW_VERSION, alternatives);
            case UNCHANGED -> new Creation.Created(automation, Creation.Change.NONE, alternatives);
            case RETIRED -> rejected(pattern, "you retired " + automation.id() + ", which was made for it");
            case TOO_MANY -> throw new IllegalStateException("an automation, but too many");
        };
    }

    private static Creation rejected(TaskPattern pattern, String reason) {
        return new Creation.Rejected(pattern.id(), reason);
    }

    /**
     * Runs every case of the newest version on a copy of the files; nothing is changed. An automation without cases has
     * one: that it succeeds with its defaults. Where automatic deployment is on, one that reaches its threshold, and that
     * was compared with more than its template's own idea of the command, is deployed; never one that a program proposed.
     *
     * @throws UserException if there is no such automation, or the sandbox is switched off
     */
    public RehearsalResult rehearse(String id) throws InterruptedException {
        requireSandbox();
        Automation automation = store.adoptEdit(get(id).id());
        String script = store.script(id, automation.version());
        AutomationFile file = AutomationFile.parse(automation.file().toString(), script, config.sandbox());
        Deployments.requireSameId(automation, file);
        var surroundings = new Surroundings(userHome, userHome);
        RehearsalResult result = Rehearser.rehearse(
                caseRunner, runners, file, automation, rehearsing(automation), casesOf(file, Map.of()), surroundings);
        store.recordRehearsal(result, RehearsalEvidence.json(result));
        boolean proposed = store.authorOf(id, automation.version()) == AutomationVersion.Author.PROGRAM;
        if (config.automationCreation().autoDeploy()
                && !proposed
                && result.heldOut().allReproduced()
                && result.compared().any()
                && deservesDeployment(get(id))) autoDeploy(automation, file, result);
        return result;
    }

    /**
     * Checks a file without running it: metadata, grants and syntax.
     *
     * @param name of the file, for messages: as the person typed it
     * @throws UserException if the file cannot be read
     */
    public CheckResult check(Path path, String name) throws InterruptedException {
        return check(name, AutomationFile.text(path));
    }

    /** Checks the text of a file; its name is for messages. */
    CheckResult check(String name, String text) throws InterruptedException {
        return new AutomationCheck(config.sandbox(), runners).check(name, text);
    }

    /** Scripts that a person keeps as files. */
    public OwnScripts ownScripts() {
        return new OwnScripts(config, store, this::check);
    }

    /** Scripts that programs have handed in. */
    public Proposals proposals() {
        // What becomes of a program's tests is kept with its proposal, and not among the person's own.
        var apart = new CaseRunner(runners, TestHistory.inMemory(1));
        return new Proposals(config, database, audit, store, runs, apart, this::check, userHome, clock);
    }

    /** How the cases of a text go that is not kept. */
    SuiteResult tryOut(String text) throws InterruptedException {
        requireSandbox();
        AutomationFile file = AutomationFile.parse("automation", text, config.sandbox());
        var surroundings = new Surroundings(userHome, userHome);
        return caseRunner.run(
                file,
                expected(casesOf(file, Map.of())),
                CaseRunner.Place.alone(trustDomain(file)),
                surroundings,
                1,
                TestListener.SILENT);
    }

    private CaseRunner.Place rehearsing(Automation automation) {
        return store.authorOf(automation.id(), automation.version()) == AutomationVersion.Author.TEMPLATE
                ? CaseRunner.Place.ofTemplate(automation.template())
                : CaseRunner.Place.alone(automation.id());
    }

    private void autoDeploy(Automation automation, AutomationFile file, RehearsalResult result) {
        String by = "auto_deploy, from a success rate of "
                + config.automationCreation().autoDeployThreshold() + " in rehearsal";
        String said = automation.id() + " was deployed by itself (auto_deploy): its rehearsal passed " + result.passed()
                + " of " + result.total() + " cases";
        audit.write((handle, entries) -> {
            deployments.deploy(handle, entries, automation.id(), automation.sha256(), by, Deployments.granted(file));
            runs.addNotice(handle, automation.id(), said);
            return true;
        });
        tell(new LifeEvent(LifeListener.Kind.DEPLOYED, automation.id(), said));
    }

    private boolean deservesDeployment(Automation automation) {
        boolean waits = automation.state() == AutomationState.REHEARSED || automation.state() == AutomationState.DRAFT;
        return waits
                && read(automation).triggers().unsourced().isEmpty()
                && automation.rehearsal().filter(RehearsalScore::deployable).isPresent();
    }

    /** Cases that say themselves what must come out. */
    private static List<RehearsalCase> expected(List<RehearsalCase> cases) {
        return cases.stream().filter(RehearsalCase::expected).toList();
    }

    private static List<RehearsalCase> casesOf(AutomationFile file, Map<String, Object> values) {
        if (!file.cases().isEmpty()) return CaseRunner.with(values, file.cases());
        boolean complete = file.parameters().values().stream()
                .allMatch(parameter -> parameter.fallback() != null || values.containsKey(parameter.name()));
        return complete ? List.of(RehearsalCase.success("defaults", values)) : List.of();
    }

    /**
     * Runs the tests of a kept automation's newest version, as it lies on the disk, several at once; nothing is changed,
     * its state neither. One that has no tests is tested with those that its template writes for its pattern.
     *
     * @param parameters values, as a person typed them, for what a case leaves out
     * @param pattern finds a pattern by its id; asked only where there are no tests
     * @throws UserException if there is no such automation, the parameters do not fit, or the sandbox is switched off
     */
    public TestRun test(
            String id,
            Map<String, String> parameters,
            Function<String, Optional<TaskPattern>> pattern,
            TestListener listener)
            throws InterruptedException {
        requireSandbox();
        Automation automation = get(id);
        AutomationFile file = read(automation);
        Deployments.requireSameId(automation, file);
        Map<String, Object> values = file.valuesOfSome(parameters);
        var surroundings = new Surroundings(userHome, userHome);
        if (file.cases().isEmpty()) {
            List<RehearsalCase> written = pattern.apply(automation.patternId())
                    .map(found -> casesFor(file, found, values))
                    .orElse(List.of());
            if (!written.isEmpty())
                return new TestRun(test(file, written, id, surroundings, listener), TestRun.Source.PATTERN);
        }
        return test(file, values, id, surroundings, listener);
    }

    /**
     * Runs the tests of a script that a person names, several at once; nothing is changed.
     *
     * @param parameters values, as a person typed them, for what a case leaves out
     * @param workingDirectory to which relative paths belong
     * @throws UserException if the file has mistakes, the parameters do not fit, or the sandbox is switched off
     */
    public TestRun testFile(Path path, Map<String, String> parameters, Path workingDirectory, TestListener listener)
            throws InterruptedException {
        requireSandbox();
        AutomationFile file = AutomationFile.load(path, config.sandbox());
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        return test(file, file.valuesOfSome(parameters), trustDomain(file), surroundings, listener);
    }

    /**
     * As {@link #testFile}, for a file that its person tests again and again while they write it: what runs it is kept from one
     * text to the next, as it trusts the person who writes there, and not only the bytes that it has seen.
     */
    public TestRun testBeingWritten(
            Path path, Map<String, String> parameters, Path workingDirectory, TestListener listener)
            throws InterruptedException {
        requireSandbox();
        AutomationFile file = AutomationFile.load(path, config.sandbox());
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        String trustDomain = "being written:" + path.toAbsolutePath();
        return test(file, file.valuesOfSome(parameters), trustDomain, surroundings, listener);
    }

    private TestRun test(
            AutomationFile file,
            Map<String, Object> values,
            String trustDomain,
            Surroundings surroundings,
            TestListener listener)
            throws InterruptedException {
        List<RehearsalCase> cases = expected(casesOf(file, values));
        return new TestRun(test(file, cases, trustDomain, surroundings, listener), TestRun.Source.of(file, cases));
    }

    private SuiteResult test(
            AutomationFile file,
            List<RehearsalCase> cases,
            String trustDomain,
            Surroundings surroundings,
            TestListener listener)
            throws InterruptedException {
        return caseRunner.run(
                file,
                cases,
                CaseRunner.Place.alone(trustDomain),
                surroundings,
                config.sandbox().maxConcurrentTests(),
                listener);
    }

    /** The cases that a template writes for a pattern and that fit a file's parameters. */
    private List<RehearsalCase> casesFor(AutomationFile file, TaskPattern pattern, Map<String, Object> values) {
        for (Provided<AutomationTemplate> template : templates.get()) {
            if (!(ask(template, pattern) instanceof Answer.Draft draft)) continue;
            List<RehearsalCase> cases = AutomationFile.parse(template.name(), draft.fileText(), config.sandbox())
                    .cases();
            return expected(CaseRunner.with(values, cases)).stream()
                    .filter(each -> file.takes(each.parameters()))
                    .toList();
        }
        return List.of();
    }

    /** The latest test results. */
    public StoredTests tests() {
        return tests;
    }

    /**
     * Deploys the newest version, and so grants what it asks for.
     *
     * @throws UserException if fewer cases of its rehearsal passed at this version than {@code auto_deploy_threshold} asks
     *     for ({@code NOT_ALLOWED})
     */
    public Automation approve(String id) {
        return approve(id, PERSON);
    }

    /** As {@link #approve(String)}; {@code by} says in the log who does it. */
    public Automation approve(String id, String by) {
        Automation automation = store.adoptEdit(get(id).id());
        if (automation.state() == AutomationState.RETIRED) throw retired(id);
        Deployments.requireRehearsed(config, id, automation.version(), automation.rehearsal());
        AutomationFile file = read(automation);
        Deployments.requireSameId(automation, file);
        requireTriggerSources(file);
        return audit.write((handle, entries) -> {
            AutomationStore.noteApproval(handle, id);
            return deployments.deploy(handle, entries, id, automation.sha256(), by, Deployments.granted(file));
        });
    }

    /**
     * Deploys a version that need not be the newest, and so grants what it asks for.
     *
     * @throws UserException if there is no such version, or fewer cases of its rehearsal passed than
     *     {@code auto_deploy_threshold} asks for ({@code NOT_ALLOWED})
     */
    public Automation approve(String id, int version, String by) {
        Automation automation = store.adoptEdit(get(id).id());
        if (version == automation.version()) return approve(id, by);
        if (automation.state() == AutomationState.RETIRED) throw retired(id);
        Deployments.requireRehearsed(
                config, id, version, store.version(id, version).rehearsal());
        AutomationFile file = kept(id, version);
        requireTriggerSources(file);
        return audit.write((handle, entries) -> {
            AutomationStore.noteApproval(handle, id);
            return deployments.deploy(handle, entries, id, version, by, Deployments.granted(file));
        });
    }

    /**
     * Puts away an automation that was proposed and is not wanted so. Its pattern is proposed once more; rejected a second time,
     * not before its evidence has grown.
     *
     * @throws UserException if it is no proposal ({@code NOT_ALLOWED})
     */
    public Automation reject(String id) {
        return reject(id, PERSON, BY_HAND);
    }

    /** As {@link #reject(String)}; {@code by} and {@code reason} say in the log who does it and why. */
    public Automation reject(String id, String by, String reason) {
        get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            boolean waits =
                    automation.state() == AutomationState.DRAFT || automation.state() == AutomationState.REHEARSED;
            if (!waits)
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rejected",
                        "it is " + automation.state().id() + ", so it is no proposal",
                        "'automations suspend " + id + "' stops one that runs, 'automations retire " + id
                                + "' gives it up");
            deployments.stop(handle, entries, id, AutomationState.REJECTED, by, reason);
            AutomationStore.noteRejection(handle, id);
            return store.require(handle, id);
        });
    }

    /** Automations whose triggers fire nothing, since a person has stopped them, with the moment. */
    public Map<String, Instant> pausedTriggers() {
        return store.pausedTriggers();
    }

    /** Has the triggers of an automation fire nothing until they are resumed; by hand it runs all the same. */
    public void pauseTriggers(String id, String by) {
        get(id);
        audit.write((handle, entries) -> {
            if (store.pauseTriggers(handle, id, clock.instant()))
                entries.add(AuditKind.TRIGGERS_PAUSED, id, Map.of("by", by));
            return true;
        });
    }

    /** Has the triggers of an automation fire again; what came meanwhile is not made up for. */
    public void resumeTriggers(String id, String by) {
        get(id);
        audit.write((handle, entries) -> {
            if (store.pauseTriggers(handle, id, null)) entries.add(AuditKind.TRIGGERS_RESUMED, id, Map.of("by", by));
            return true;
        });
    }

    /** What people decided about automations, to be applied to patterns. */
    public Decisions decisions() {
        return new Decisions(store.decided());
    }

    /** A trigger that cannot give a parameter its value would fire for nothing, forever. */
    private static void requireTriggerSources(AutomationFile file) {
        List<Mistake> unsourced = file.triggers().unsourced();
        if (!unsourced.isEmpty()) throw UserException.badInput(unsourced);
    }

    /** Stops a deployed automation until it is approved again. */
    public Automation suspend(String id) {
        return suspend(id, PERSON, BY_HAND);
    }

    /** As {@link #suspend(String)}; {@code by} and {@code reason} say in the log who does it and why. */
    public Automation suspend(String id, String by, String reason) {
        Automation automation = get(id);
        if (!automation.state().runs())
            throw UserException.notAllowed(
                    "The automation " + id + " cannot be suspended",
                    "it is " + automation.state().id() + ", so it does not run",
                    "Nothing is to be done");
        return stop(id, AutomationState.SUSPENDED, by, reason);
    }

    private Automation stop(String id, AutomationState state, String by, String reason) {
        return audit.write((handle, entries) -> {
            deployments.stop(handle, entries, id, state, by, reason);
            return store.require(handle, id);
        });
    }

    /** Has a deployed automation run at its last earlier version that was approved and was not found bad since. */
    public Automation rollBack(String id) {
        return rollBack(id, PERSON, BY_HAND);
    }

    /** As {@link #rollBack(String)}; {@code by} and {@code reason} say in the log who does it and why. */
    public Automation rollBack(String id, String by, String reason) {
        get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            int to = deployments
                    .lastGood(handle, id, automation.deployedVersion().orElse(0))
                    .orElseThrow(() -> UserException.notAllowed(
                            "The automation " + id + " cannot be rolled back",
                            "no earlier version of it was approved, or each was found bad",
                            "'automations suspend " + id + "' stops it"));
            deployments.rollBack(handle, entries, automation, to, by, reason);
            return store.require(handle, id);
        });
    }

    /**
     * Has a deployed automation run at another version that was approved once.
     *
     * @throws UserException if there is no such version, it was never approved, or it runs already
     */
    public Automation rollBack(String id, int version) {
        get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            if (automation.state() == AutomationState.RETIRED) throw retired(id);
            AutomationVersion target = store.version(handle, id, version);
            if (target.approved().isEmpty())
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rolled back to version " + version,
                        "this version was never approved",
                        "'automations show " + id + " --versions' tells which were");
            if (automation.state().runs() && automation.deployedVersion().equals(Optional.of(version)))
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rolled back to version " + version,
                        "it runs at this version already",
                        "Nothing is to be done");
            deployments.rollBack(handle, entries, automation, version, PERSON, BY_HAND);
            return store.require(handle, id);
        });
    }

    /** Gives an automation up for good; its pattern gets no new one. */
    public Automation retire(String id) {
        return retire(id, PERSON, BY_HAND);
    }

    /** As {@link #retire(String)}; {@code by} and {@code reason} say in the log who does it and why. */
    public Automation retire(String id, String by, String reason) {
        return stop(get(id).id(), AutomationState.RETIRED, by, reason);
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

    /**
     * Makes a new version of a text that a person wrote, unless it is that of the newest one. It does not run before it is
     * approved.
     *
     * @param name of the text, for messages
     * @throws UserException with every mistake of its metadata; nothing is kept then
     */
    public Automation addVersion(String id, String name, String text) {
        Automation automation = store.adoptEdit(get(id).id());
        if (automation.state() == AutomationState.RETIRED) throw retired(id);
        AutomationFile file = AutomationFile.parse(name, text, config.sandbox());
        Deployments.requireSameId(automation, file);
        return store.addEdited(id, file.language(), text);
    }

    /** The latest runs for real, oldest first. */
    public List<RunRecord> latestRuns(String id, int limit) {
        return runs.latest(id, limit);
    }

    /** Experiments with two versions of an automation. */
    public Experiments experiments() {
        return experiments;
    }

    /** Has somebody told of what happens without a person. */
    public void listen(LifeListener listener) {
        listeners.add(listener);
    }

    /** Has somebody told of how far the runs of this process are. */
    public void watch(ProgressListener listener) {
        runner.watch(listener);
    }

    private void tell(LifeEvent event) {
        listeners.forEach(listener -> listener.happened(event));
    }

    /** What happened without the person and they have not been told yet, oldest first; they count as told from now on. */
    public List<String> takeNotices() {
        return runs.takeNotices();
    }

    /** The audit log. */
    public AuditLog audit() {
        return audit;
    }

    /** The runs that the log tells of. */
    public RunLog runLog() {
        return new RunLog(audit);
    }

    /** Runs that programs ask for. */
    public RequestedRuns requestedRuns() {
        return requested;
    }

    /** What takes back the changes of runs. */
    public RunUndo undo(FileTransactions transactions) {
        return new RunUndo(transactions, audit, runs, open, clock);
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

    /**
     * Takes runs off the books that a crash has cut short.
     *
     * @param recovery first brings the files in order; called only if there is such a run
     */
    public void mend(FileTransactions transactions, Runnable recovery) {
        if (!book.hasCutShort()) return;
        recovery.run();
        book.mend((runId, started) -> {
            // The steps of a workflow have made their changes one by one.
            if (!workflows.steps(runId).isEmpty()) return RunTrace.UNSURE;
            try {
                return transactions.trace(runId, started);
            } catch (IOException e) {
                throw UserException.failed(
                        "What the run " + runId + " has changed cannot be found out",
                        String.valueOf(e.getMessage()),
                        "See that the data home can be read",
                        e);
            }
        });
    }

    /**
     * Starts a kept automation: for real only what was approved, exactly as it was approved; in rehearsal the newest
     * version as it lies on the disk.
     *
     * @param parameters as a person typed them
     * @param workingDirectory to which relative paths belong
     * @throws UserException if it may not run, or the parameters do not fit
     */
    public ScriptRunner.Run run(
            String id,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            Path workingDirectory,
            RunListener listener) {
        return run(id, parameters, mode, null, workingDirectory, listener, Occasion.PERSON);
    }

    /**
     * As {@link #run(String, Map, RunRequest.Mode, Path, RunListener)}, at an isolation level that a person asks for; null
     * for its own. What was approved was approved at a level, so only a stricter one is allowed.
     *
     * @param occasion why it is started
     */
    public ScriptRunner.Run run(
            String id,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            @Nullable IsolationLevel isolation,
            Path workingDirectory,
            RunListener listener,
            Occasion occasion) {
        requireSandbox();
        return runner.run(get(id), parameters, mode, isolation, workingDirectory, listener, occasion);
    }

    /**
     * Goes on with the latest run of a workflow that did not succeed: the steps that did keep their results, the others run
     * with the parameters and in the working directory of that run.
     *
     * @throws UserException if it may not run, if there is nothing to go on with, or if the script has changed since
     */
    public ScriptRunner.Run resume(String id, RunListener listener) {
        requireSandbox();
        return runner.resume(get(id), listener, Occasion.PERSON);
    }

    /**
     * As {@link #resume}, for a script that a person names.
     *
     * @throws UserException likewise
     */
    public ScriptRunner.Run resumeFile(Path path, RunListener listener) {
        requireSandbox();
        return runner.resumeFile(path, listener, Occasion.PERSON);
    }

    /** How the steps of a run went, in the order in which they began; empty if it was no workflow's. */
    public List<StepReport> steps(String runId) {
        return workflows.steps(runId);
    }

    /**
     * Starts a script that a person names.
     *
     * @param parameters as a person typed them
     * @param workingDirectory to which relative paths belong
     * @throws UserException if the file has mistakes, or the parameters do not fit
     */
    public ScriptRunner.Run runFile(
            Path path,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            Path workingDirectory,
            RunListener listener) {
        return runFile(path, parameters, mode, null, workingDirectory, listener);
    }

    /**
     * As {@link #runFile(Path, Map, RunRequest.Mode, Path, RunListener)}, at an isolation level that the person asks for;
     * null for the one that the file names.
     */
    public ScriptRunner.Run runFile(
            Path path,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            @Nullable IsolationLevel isolation,
            Path workingDirectory,
            RunListener listener) {
        requireSandbox();
        return runner.runFile(path, parameters, mode, isolation, workingDirectory, listener, Occasion.PERSON);
    }

    /** Of a file of unknown origin: it trusts nothing but its own bytes. */
    static String trustDomain(AutomationFile file) {
        return "file:" + AutomationStore.sha256(file.text());
    }

    private void requireSandbox() {
        if (!config.sandbox().enabled())
            throw UserException.notAllowed(
                    "Nothing runs",
                    "the sandbox is switched off (sandbox.enabled: false)",
                    "Switch it on to run scripts");
    }

    static UserException retired(String id) {
        return UserException.notAllowed(
                "The automation " + id + " is retired", "it was given up for good", "Write a new one");
    }
}
