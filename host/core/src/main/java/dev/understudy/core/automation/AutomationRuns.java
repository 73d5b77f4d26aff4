package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Overlap;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.core.workflow.WorkflowRunner;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.files.RunTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs of automations and script files: starts them, keeps the books of it, and goes on with them. Safe for use by several
 * threads and processes.
 */
public final class AutomationRuns {
    private final Config config;
    private final Database database;
    private final AuditLog audit;
    private final AutomationStore store;
    private final RunStore kept;
    private final ExperimentStore experiments;
    private final RunBook book;
    private final OpenRuns open;
    private final RunTimings timings;
    private final Runners runners;
    private final WorkflowRunner workflows;
    private final Turns turns;
    private final RequestedRuns requested;
    private final ScriptPackages packages;
    private final Path userHome;
    private final Clock clock;
    private final List<ProgressListener> progress = new CopyOnWriteArrayList<>();

    AutomationRuns(
            Config config,
            Database database,
            AuditLog audit,
            AutomationStore store,
            RunStore kept,
            ExperimentStore experiments,
            RunBook book,
            OpenRuns open,
            RunTimings timings,
            Runners runners,
            WorkflowRunner workflows,
            Turns turns,
            ScriptPackages packages,
            Path userHome,
            Clock clock) {
        this.config = config;
        this.database = database;
        this.audit = audit;
        this.store = store;
        this.kept = kept;
        this.experiments = experiments;
        this.book = book;
        this.open = open;
        this.timings = timings;
        this.runners = runners;
        this.workflows = workflows;
        this.turns = turns;
        this.packages = packages;
        this.userHome = userHome;
        this.clock = clock;
        this.requested = new RequestedRuns(database, audit, this, userHome, clock);
    }

    /** Has somebody told of how far the runs of this process are. */
    public void watch(ProgressListener listener) {
        progress.add(listener);
    }

    /**
     * Starts a kept automation: for real only what was approved, exactly as it was approved; in rehearsal the newest
     * version as it lies on the disk. What was approved was approved at a level, so only a stricter one is allowed.
     *
     * @throws UserException if it may not run, or the parameters do not fit
     */
    public ScriptRunner.Run start(String id, RunOrder order) {
        config.sandbox().requireEnabled();
        Automation automation = store.get(id);
        return switch (order.mode()) {
            case REHEARSE -> {
                AutomationFile file = noLooser(
                        automation, AutomationFile.load(automation.file(), config.sandbox()), order.isolation());
                yield start(entry(id, automation.version(), null, packages.found(file), order), id, order);
            }
            case COMMIT -> startApproved(automation, order);
        };
    }

    private RunBook.Entry entry(
            String id, @Nullable Integer version, @Nullable Long experimentId, AutomationFile file, RunOrder order) {
        Map<String, Object> values = file.valuesOf(order.parameters(), runners.today());
        return new RunBook.Entry(id, version, experimentId, file, values, order.mode(), order.occasion());
    }

    private ScriptRunner.Run start(RunBook.Entry entry, String trustDomain, RunOrder order) {
        return start(entry, trustDomain, order.workingDirectory(), Optional.empty(), order.listener());
    }

    private static AutomationFile noLooser(Automation automation, AutomationFile file, Optional<IsolationLevel> asked) {
        if (asked.isEmpty()) return file;
        IsolationLevel isolation = asked.get();
        // The levels are in order: each allows all that the one before it allows.
        if (isolation.compareTo(file.isolation()) > 0)
            throw UserException.notAllowed(
                    "The automation " + automation.id() + " does not run at isolation " + isolation.id(),
                    "it is kept at " + file.isolation().id() + ", which allows less",
                    "Change its metadata, rehearse it and approve it again");
        return file.at(isolation);
    }

    private ScriptRunner.Run startApproved(Automation automation, RunOrder order) {
        String id = automation.id();
        Approved approved = approved(automation, order.isolation());
        // What does not fit is said at once, not when the turn has come.
        approved.file().valuesOf(order.parameters(), runners.today());
        return inTurn(approved, id, order.listener(), () -> {
            Approved now = approved(store.get(id), order.isolation());
            AutomationFile file = packages.found(now.file());
            return start(entry(id, now.version(), now.experimentId(), file, order), id, order);
        });
    }

    /** Starts a run at once, or when the run of the same automation that is under way has ended. */
    private ScriptRunner.Run inTurn(
            Approved approved, String id, RunListener listener, Supplier<ScriptRunner.Run> start) {
        if (approved.file().triggers().overlap() == Overlap.ALLOW) return start.get();
        Turns.Turn turn = turns.of(id);
        if (turn.takeNow()) {
            try {
                return RunInTurn.started(turn, start.get());
            } catch (RuntimeException e) {
                turn.release();
                throw e;
            }
        }
        listener.waiting(id);
        return new RunInTurn(
                turn, start, () -> runners.notStarted(approved.file().isolation(), new RunOutcome.Cancelled()));
    }

    /** A version that may run, exactly as it was approved. */
    private record Approved(
            AutomationFile file, int version, @Nullable Long experimentId) {}

    private Approved approved(Automation automation, Optional<IsolationLevel> isolation) {
        String id = automation.id();
        if (automation.state() == AutomationState.RETIRED) throw AutomationStore.retired(id);
        Optional<Experiment> experiment = database.read(handle -> experiments.underWay(handle, id));
        int version = experiment
                .map(each -> database.read(handle -> ExperimentStore.next(handle, each)))
                .orElse(automation.deployedVersion().orElse(0));
        if (!automation.state().runs() || version == 0)
            throw UserException.notAllowed(
                    "The automation " + id + " does not run",
                    "it is " + automation.state().id() + ", and nobody has approved it since",
                    "'rehearse " + id + "' shows what it does, 'automations approve " + id + "' lets it run");
        String script = store.script(id, version);
        Path path = store.file(id, version);
        if (isEdited(path, script))
            throw UserException.notAllowed(
                    "The automation " + id + " does not run",
                    path + " was edited since it was approved",
                    "'rehearse " + id + "' and 'automations approve " + id + "' take the new text over");
        AutomationFile file =
                noLooser(automation, AutomationFile.parse(path.toString(), script, config.sandbox()), isolation);
        return new Approved(file, version, experiment.map(Experiment::id).orElse(null));
    }

    /**
     * Goes on with the latest run of a workflow that did not succeed: the steps that did keep their results, the others run
     * with the parameters and in the working directory of that run.
     *
     * @throws UserException if it may not run, if there is nothing to go on with, or if the script has changed since
     */
    public ScriptRunner.Run resume(String id, RunListener listener) {
        config.sandbox().requireEnabled();
        return inTurn(approved(store.get(id), Optional.empty()), id, listener, () -> {
            Approved now = approved(store.get(id), Optional.empty());
            return resume(packages.found(now.file()), id, id, now.version(), now.experimentId(), listener);
        });
    }

    /**
     * As {@link #resume}, for a script that a person names.
     *
     * @throws UserException likewise
     */
    public ScriptRunner.Run resumeFile(Path path, RunListener listener) {
        config.sandbox().requireEnabled();
        AutomationFile file = packages.found(AutomationFile.load(path, config.sandbox()));
        return resume(file, file.trustDomain(), "", null, null, listener);
    }

    private ScriptRunner.Run resume(
            AutomationFile file,
            String trustDomain,
            String id,
            @Nullable Integer version,
            @Nullable Long experimentId,
            RunListener listener) {
        WorkflowRunner.Resumption resumption = workflows.resumption(trustDomain, AutomationStore.sha256(file.text()));
        Map<String, Object> values =
                file.valuesOfJson(AutomationFile.object(resumption.parametersJson()), runners.today());
        var entry = new RunBook.Entry(id, version, experimentId, file, values, RunRequest.Mode.COMMIT, Occasion.PERSON);
        return start(entry, trustDomain, resumption.workingDirectory(), Optional.of(resumption), listener);
    }

    private static boolean isEdited(Path file, String approved) {
        return !AutomationStore.readText(file).equals(approved);
    }

    /** Whether the text of a run differs by now from that of its file; a file that is gone was edited, too. */
    private static boolean wasEdited(RunBook.Entry entry) {
        Path file = Path.of(entry.file().file());
        return Files.notExists(file) || isEdited(file, entry.file().text());
    }

    /**
     * Starts a script that a person names.
     *
     * @throws UserException if the file has mistakes, or the parameters do not fit
     */
    public ScriptRunner.Run startFile(Path path, RunOrder order) {
        config.sandbox().requireEnabled();
        AutomationFile read = packages.found(AutomationFile.load(path, config.sandbox()));
        AutomationFile file = order.isolation().map(read::at).orElse(read);
        return start(entry("", null, null, file, order), file.trustDomain(), order);
    }

    /**
     * Starts a script for real that is kept elsewhere, once whoever brings it has made sure that it was approved there.
     *
     * @throws UserException if the parameters do not fit
     */
    public ScriptRunner.Run startApprovedElsewhere(AutomationFile file, RunOrder order) {
        config.sandbox().requireEnabled();
        return start(entry(file.id(), null, null, file, order), "fleet:" + AutomationStore.sha256(file.text()), order);
    }

    private ScriptRunner.Run start(
            RunBook.Entry entry,
            String trustDomain,
            Path workingDirectory,
            Optional<WorkflowRunner.Resumption> resumption,
            RunListener listener) {
        var reuse = entry.mode() == RunRequest.Mode.COMMIT ? RunRequest.Reuse.SHARED : RunRequest.Reuse.FRESH;
        var surroundings = new Surroundings(userHome, workingDirectory.toAbsolutePath());
        RunRequest request = entry.file()
                .request(
                        entry.parameters(),
                        entry.mode(),
                        reuse,
                        trustDomain,
                        surroundings,
                        AutomationFile.Staged.NOTHING);
        String runId = book.begin(entry, request);
        try {
            ScriptRunner.Run run =
                    start(entry, request.withRunId(runId), resumption, new Watched(listener, runId, progress));
            return new RecordedRun(run, report -> book.end(entry, runId, report, AutomationRuns::wasEdited));
        } catch (RuntimeException e) {
            book.abandon(entry, runId, e);
            throw e;
        }
    }

    /** A rehearsal of all steps is one run; for real each step is one. */
    private ScriptRunner.Run start(
            RunBook.Entry entry,
            RunRequest request,
            Optional<WorkflowRunner.Resumption> resumption,
            RunListener listener) {
        AutomationFile file = entry.file();
        if (file.steps().isEmpty() || entry.mode() == RunRequest.Mode.REHEARSE) return tryTwice(request, listener);
        String sha256 = AutomationStore.sha256(file.text());
        var workflow = new WorkflowRunner.Request(request.trustDomain(), sha256, request, file.steps());
        return resumption
                .map(earlier -> workflows.resume(workflow, earlier, this::tryTwice, listener))
                .orElseGet(() -> workflows.start(workflow, this::tryTwice, listener));
    }

    private ScriptRunner.Run tryTwice(RunRequest request, RunListener listener) {
        ScriptRunner.Run first = runners.start(request, listener);
        boolean filesOnly = request.isolation() == IsolationLevel.FULL;
        return filesOnly ? new SecondTry(first, () -> runners.start(request, listener)) : first;
    }

    /** How the steps of a run went, in the order in which they began; empty if it was no workflow's. */
    public List<StepReport> steps(String runId) {
        return workflows.steps(runId);
    }

    /** The latest runs for real, oldest first. */
    public List<RunRecord> latest(String id, int limit) {
        return kept.latest(id, limit);
    }

    /** The runs that the log tells of. */
    public RunLog log() {
        return new RunLog(audit);
    }

    /** Runs that programs ask for. */
    public RequestedRuns requested() {
        return requested;
    }

    /** What takes back the changes of runs. */
    public RunUndo undo(FileTransactions transactions) {
        return new RunUndo(transactions, audit, kept, open, clock);
    }

    /** Writes what was measured of runs and waits to be written. */
    public void flush() {
        timings.flush(database);
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

    /** Tells those who watch all runs, too. */
    private record Watched(RunListener listener, String runId, List<ProgressListener> watchers) implements RunListener {
        @Override
        public void output(RunReport.OutputLine line) {
            listener.output(line);
            for (ProgressListener each : watchers) each.said(runId, line);
        }

        @Override
        public void progress(double share, String text) {
            listener.progress(share, text);
            for (ProgressListener each : watchers) each.progressed(runId, share, text);
        }
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
}
