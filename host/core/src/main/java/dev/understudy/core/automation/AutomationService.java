package dev.understudy.core.automation;

import dev.understudy.core.UserException;
import dev.understudy.core.automation.AutomationStore.KeptAutomation;
import dev.understudy.core.automation.RehearsalCase.StagedFile;
import dev.understudy.core.automation.RehearsalResult.CaseResult;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.store.Database;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.core.workflow.WorkflowRunner;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.TaskPattern;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The life of automations: created from patterns, rehearsed, approved, run, suspended, retired. Safe for use by several
 * threads and processes.
 */
public final class AutomationService {
    private final Config config;
    private final AutomationStore store;
    private final Supplier<List<Provided<AutomationTemplate>>> templates;
    private final Map<RunnerKey, ScriptRunner> runners;
    private final Path userHome;
    private final Clock clock;
    private final WorkflowRunner workflows;

    /**
     * @param templates asked anew for each pattern, so that plugins may come and go
     * @param runners by what they run; who made them closes them
     * @param userHome what {@code ~} stands for
     */
    public AutomationService(
            Config config,
            Database database,
            DataHome home,
            Supplier<List<Provided<AutomationTemplate>>> templates,
            Map<RunnerKey, ScriptRunner> runners,
            Path userHome,
            Clock clock) {
        this.config = config;
        this.store = new AutomationStore(database, home, clock);
        this.templates = templates;
        this.runners = Map.copyOf(runners);
        this.userHome = userHome;
        this.clock = clock;
        this.workflows =
                new WorkflowRunner(database, clock, config.sandbox().maxConcurrentTests());
    }

    /** What became of a pattern. */
    public sealed interface Creation {
        /** An automation was written for it, now or before. */
        record Created(Automation automation, Change change) implements Creation {}

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

    /** What its latest rehearsal showed, as JSON; empty if its newest version was not rehearsed. */
    public Optional<String> evidence(Automation automation) {
        return store.evidence(automation.id(), automation.version());
    }

    /** Has an automation written for a pattern, unless one is there or the pattern is not worth one. */
    public Creation create(TaskPattern pattern) {
        double potential = pattern.potential().total();
        double threshold = config.repetitiveTaskDetection().automationThreshold();
        if (potential < threshold)
            return rejected(pattern, "its potential is below the threshold (automation_threshold)");
        String reason = "no template knows such a task";
        double relevance = -1;
        for (Provided<AutomationTemplate> template : templates.get()) {
            switch (ask(template, pattern)) {
                case Answer.Draft draft -> {
                    return keep(pattern, template, draft);
                }
                case Answer.NotMine no -> {
                    if (no.relevance() > relevance) {
                        relevance = no.relevance();
                        reason = no.reason();
                    }
                }
            }
        }
        return rejected(pattern, reason);
    }

    private Answer ask(Provided<AutomationTemplate> template, TaskPattern pattern) {
        var request = new AutomationTemplate.Request(config.automationCreation().language());
        try {
            return template.extension().propose(pattern, request);
        } catch (RuntimeException | LinkageError e) {
            String cause = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            return new Answer.NotMine(
                    "the template " + template.name() + " of the plugin " + template.pluginId() + " failed: "
                            + cause.replaceAll("\\R+", " "),
                    0);
        }
    }

    private Creation keep(TaskPattern pattern, Provided<AutomationTemplate> template, Answer.Draft draft) {
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
                store.keep(pattern.id(), file, config.automationCreation().maxAutomations());
        Automation automation = kept.automation();
        if (automation == null)
            return rejected(
                    pattern,
                    "there are " + config.automationCreation().maxAutomations()
                            + " automations already (max_automations); retire one or raise the limit");
        return switch (kept.kept()) {
            case CREATED -> new Creation.Created(automation, Creation.Change.NEW);
            case UPDATED -> new Creation.Created(automation, Creation.Change.NEW_VERSION);
            case UNCHANGED -> new Creation.Created(automation, Creation.Change.NONE);
            case RETIRED -> rejected(pattern, "you retired " + automation.id() + ", which was made for it");
            case TOO_MANY -> throw new IllegalStateException("an automation, but too many");
        };
    }

    private static Creation rejected(TaskPattern pattern, String reason) {
        return new Creation.Rejected(pattern.id(), reason);
    }

    /**
     * Runs every case of the newest version on a copy of the files; nothing is changed. An automation without cases has
     * one: that it succeeds with its defaults. Where automatic deployment is on, one that reaches its threshold is
     * deployed.
     *
     * @throws UserException if there is no such automation, or the sandbox is switched off
     */
    public RehearsalResult rehearse(String id) throws InterruptedException {
        requireSandbox();
        Automation automation = store.adoptEdit(get(id).id());
        String script = store.script(id, automation.version());
        AutomationFile file = AutomationFile.parse(automation.file().toString(), script, config.sandbox());
        requireSameId(automation, file);
        var results = new ArrayList<CaseResult>();
        for (RehearsalCase each : casesOf(file)) results.add(rehearse(file, each));
        var result = new RehearsalResult(id, automation.version(), results);
        store.recordRehearsal(result, evidenceJson(result));
        if (config.automationCreation().autoDeploy() && deservesDeployment(get(id)))
            store.deploy(id, automation.sha256());
        return result;
    }

    private boolean deservesDeployment(Automation automation) {
        return automation.state() == AutomationState.REHEARSED
                && automation
                        .rehearsal()
                        .filter(score -> score.successRate()
                                >= config.automationCreation().autoDeployThreshold())
                        .isPresent();
    }

    private static List<RehearsalCase> casesOf(AutomationFile file) {
        if (!file.cases().isEmpty()) return file.cases();
        boolean complete = file.parameters().values().stream().allMatch(parameter -> parameter.fallback() != null);
        return complete
                ? List.of(new RehearsalCase("defaults", Map.of(), List.of(), true, Optional.empty(), Map.of()))
                : List.of();
    }

    private CaseResult rehearse(AutomationFile file, RehearsalCase each) throws InterruptedException {
        var surroundings = new Surroundings(userHome, userHome);
        RunReport report;
        try {
            RunRequest request = file.request(
                    file.valuesOfJson(each.parameters()),
                    RunRequest.Mode.REHEARSE,
                    RunRequest.Reuse.FRESH,
                    file.id(),
                    surroundings,
                    staged(each, surroundings));
            report = start(request, RunListener.SILENT).await();
        } catch (UserException e) {
            report = refused(file, new RunOutcome.Refused(String.valueOf(e.getMessage()), "Mend the test case"));
        }
        return new CaseResult(each.name(), CaseCheck.problems(each, report, surroundings), report);
    }

    private static AutomationFile.Staged staged(RehearsalCase each, Surroundings surroundings) {
        var files = new LinkedHashMap<Path, byte[]>();
        var folders = new LinkedHashSet<Path>();
        for (StagedFile file : each.files()) {
            Path path = surroundings.resolve(file.path());
            if (file.directory()) folders.add(path);
            else files.put(path, file.text().getBytes(StandardCharsets.UTF_8));
        }
        return new AutomationFile.Staged(files, folders);
    }

    /**
     * Deploys the newest version.
     *
     * @throws UserException if it has not passed its rehearsal at this version ({@code NOT_ALLOWED})
     */
    public Automation approve(String id) {
        Automation automation = store.adoptEdit(get(id).id());
        if (automation.state() == AutomationState.RETIRED) throw retired(id);
        if (config.automationCreation().testBeforeDeploy()
                && automation
                        .rehearsal()
                        .filter(Automation.RehearsalScore::allPassed)
                        .isEmpty()) {
            String why = automation
                    .rehearsal()
                    .map(score -> "its rehearsal passed " + score.passed() + " of " + score.total() + " cases")
                    .orElse("version " + automation.version() + " has not been rehearsed");
            throw UserException.notAllowed(
                    "The automation " + id + " cannot be approved", why, "'rehearse " + id + "' shows what it does");
        }
        return store.deploy(id, automation.sha256());
    }

    /** Stops a deployed automation until it is approved again. */
    public Automation suspend(String id) {
        Automation automation = get(id);
        if (!automation.state().runs())
            throw UserException.notAllowed(
                    "The automation " + id + " cannot be suspended",
                    "it is " + automation.state().id() + ", so it does not run",
                    "Nothing is to be done");
        return store.changeState(id, AutomationState.SUSPENDED);
    }

    /** Has a deployed automation run at its last earlier version that passed its rehearsal. */
    public Automation rollBack(String id) {
        get(id);
        return store.rollBack(id)
                .orElseThrow(() -> UserException.notAllowed(
                        "The automation " + id + " cannot be rolled back",
                        "no earlier version of it has passed a rehearsal",
                        "'automations suspend " + id + "' stops it"));
    }

    /** Gives an automation up for good; its pattern gets no new one. */
    public Automation retire(String id) {
        return store.changeState(get(id).id(), AutomationState.RETIRED);
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
        requireSandbox();
        Automation automation = get(id);
        return switch (mode) {
            case REHEARSE -> start(read(automation), parameters, mode, id, workingDirectory, listener);
            case COMMIT -> runApproved(automation, parameters, workingDirectory, listener);
        };
    }

    private ScriptRunner.Run runApproved(
            Automation automation, Map<String, String> parameters, Path workingDirectory, RunListener listener) {
        AutomationFile file = approved(automation);
        ScriptRunner.Run run =
                start(file, parameters, RunRequest.Mode.COMMIT, automation.id(), workingDirectory, listener);
        return recorded(automation, run);
    }

    private ScriptRunner.Run recorded(Automation automation, ScriptRunner.Run run) {
        int version = automation.deployedVersion().orElse(0);
        return new RecordedRun(run, report -> store.recordRun(automation.id(), version, report));
    }

    /** The deployed version's file, exactly as it was approved. */
    private AutomationFile approved(Automation automation) {
        String id = automation.id();
        if (automation.state() == AutomationState.RETIRED) throw retired(id);
        int version = automation.deployedVersion().orElse(0);
        if (!automation.state().runs() || version == 0)
            throw UserException.notAllowed(
                    "The automation " + id + " does not run",
                    "it is " + automation.state().id() + ", and nobody has approved it since",
                    "'rehearse " + id + "' shows what it does, 'automations approve " + id + "' lets it run");
        String script = store.script(id, version);
        Path path = store.file(id, version);
        if (!AutomationStore.readText(path).equals(script))
            throw UserException.notAllowed(
                    "The automation " + id + " does not run",
                    path + " was edited since it was approved",
                    "'rehearse " + id + "' and 'automations approve " + id + "' take the new text over");
        return AutomationFile.parse(path.toString(), script, config.sandbox());
    }

    /**
     * Goes on with the latest run of a workflow that did not succeed: the steps that did keep their results, the others run
     * with the parameters and in the working directory of that run.
     *
     * @throws UserException if it may not run, if there is nothing to go on with, or if the script has changed since
     */
    public ScriptRunner.Run resume(String id, RunListener listener) {
        requireSandbox();
        Automation automation = get(id);
        return recorded(automation, resume(approved(automation), id, listener));
    }

    /**
     * As {@link #resume}, for a script that a person names.
     *
     * @throws UserException likewise
     */
    public ScriptRunner.Run resumeFile(Path path, RunListener listener) {
        requireSandbox();
        AutomationFile file = AutomationFile.load(path, config.sandbox());
        return resume(file, trustDomain(file), listener);
    }

    private ScriptRunner.Run resume(AutomationFile file, String trustDomain, RunListener listener) {
        String sha256 = AutomationStore.sha256(file.text());
        WorkflowRunner.Resumption resumption = workflows.resumption(trustDomain, sha256);
        RunRequest request = file.request(
                file.valuesOfJson(AutomationFile.object(resumption.parametersJson())),
                RunRequest.Mode.COMMIT,
                RunRequest.Reuse.SHARED,
                trustDomain,
                new Surroundings(userHome, resumption.workingDirectory()),
                AutomationFile.Staged.NOTHING);
        return workflows.resume(
                new WorkflowRunner.Request(trustDomain, sha256, request, file.steps()),
                resumption,
                this::start,
                listener);
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
        requireSandbox();
        AutomationFile file = AutomationFile.load(path, config.sandbox());
        return start(file, parameters, mode, trustDomain(file), workingDirectory, listener);
    }

    /** Of unknown origin: it trusts nothing but its own bytes. */
    private static String trustDomain(AutomationFile file) {
        return "file:" + AutomationStore.sha256(file.text());
    }

    private ScriptRunner.Run start(
            AutomationFile file,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            String trustDomain,
            Path workingDirectory,
            RunListener listener) {
        var reuse = mode == RunRequest.Mode.COMMIT ? RunRequest.Reuse.SHARED : RunRequest.Reuse.FRESH;
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        RunRequest request = file.request(
                file.valuesOf(parameters), mode, reuse, trustDomain, surroundings, AutomationFile.Staged.NOTHING);
        boolean stepByStep = !file.steps().isEmpty() && mode == RunRequest.Mode.COMMIT;
        if (!stepByStep) return start(request, listener);
        String sha256 = AutomationStore.sha256(file.text());
        return workflows.start(
                new WorkflowRunner.Request(trustDomain, sha256, request, file.steps()), this::start, listener);
    }

    private ScriptRunner.Run start(RunRequest request, RunListener listener) {
        ScriptRunner runner = runners.get(new RunnerKey(request.language(), request.runtime()));
        if (runner != null) return runner.start(request, listener);
        RunReport report = refused(
                request.name(),
                request.isolation(),
                new RunOutcome.Refused(
                        "nothing here runs " + request.language() + " with the runtime " + request.runtime(),
                        "'doctor' shows what this machine can do"));
        return new EndedRun(report);
    }

    private RunReport refused(AutomationFile file, RunOutcome.Refused outcome) {
        return refused(file.id(), file.isolation(), outcome);
    }

    private RunReport refused(
            String name, dev.understudy.sandbox.control.IsolationLevel isolation, RunOutcome.Refused outcome) {
        return new RunReport(
                "refused-" + name + "-"
                        + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                outcome,
                isolation,
                Tier.NONE,
                clock.instant(),
                Duration.ZERO,
                List.of(),
                List.of(),
                RunReport.Usage.NONE);
    }

    private void requireSandbox() {
        if (!config.sandbox().enabled())
            throw UserException.notAllowed(
                    "Nothing runs",
                    "the sandbox is switched off (sandbox.enabled: false)",
                    "Switch it on to run scripts");
    }

    private static void requireSameId(Automation automation, AutomationFile file) {
        if (!file.id().equals(automation.id()))
            throw UserException.badInput(
                    "The automation " + automation.id() + " cannot be rehearsed",
                    "its file now says id = \"" + file.id() + "\"",
                    "Give it its id back");
    }

    private static UserException retired(String id) {
        return UserException.notAllowed(
                "The automation " + id + " is retired", "it was given up for good", "Write a new one");
    }

    private static String evidenceJson(RehearsalResult result) {
        var cases = new ArrayList<Map<String, Object>>();
        for (CaseResult each : result.cases()) {
            var changes = new ArrayList<Map<String, Object>>();
            for (FileChange change : each.report().changes())
                changes.add(Map.of(
                        "path", change.path().toString(),
                        "kind", change.kind().name().toLowerCase(java.util.Locale.ROOT),
                        "diff", change.diff().orElse("")));
            var fields = new LinkedHashMap<String, Object>();
            fields.put("name", each.name());
            fields.put("passed", each.passed());
            fields.put("outcome", Outcomes.id(each.report().outcome()));
            fields.put("problems", each.problems());
            fields.put("durationMillis", each.report().duration().toMillis());
            fields.put("changes", changes);
            cases.add(fields);
        }
        return AutomationFile.json(Map.of("cases", cases));
    }

    /** A run whose end is recorded once, by whoever waits for it first. */
    private static final class RecordedRun implements ScriptRunner.Run {
        private final ScriptRunner.Run run;
        private final java.util.function.Consumer<RunReport> recorder;
        private boolean recorded;

        RecordedRun(ScriptRunner.Run run, java.util.function.Consumer<RunReport> recorder) {
            this.run = run;
            this.recorder = recorder;
        }

        @Override
        public RunReport await() throws InterruptedException {
            RunReport report = run.await();
            synchronized (this) {
                if (!recorded) recorder.accept(report);
                recorded = true;
            }
            return report;
        }

        @Override
        public void cancel() {
            run.cancel();
        }
    }

    /** A run that ended before it began. */
    private record EndedRun(RunReport report) implements ScriptRunner.Run {
        @Override
        public RunReport await() {
            return report;
        }

        @Override
        public void cancel() {
            // It has ended.
        }
    }
}
