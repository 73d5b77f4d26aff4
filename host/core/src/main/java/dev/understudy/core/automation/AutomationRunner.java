package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Overlap;
import dev.understudy.core.workflow.WorkflowRunner;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts automations and script files, and keeps the books of it. Safe for use by several threads. */
final class AutomationRunner {
    private final Config config;
    private final Database database;
    private final AutomationStore store;
    private final ExperimentStore experiments;
    private final RunBook book;
    private final Runners runners;
    private final WorkflowRunner workflows;
    private final Turns turns;
    private final Path userHome;
    private final List<ProgressListener> progress = new CopyOnWriteArrayList<>();

    AutomationRunner(
            Config config,
            Database database,
            AutomationStore store,
            ExperimentStore experiments,
            RunBook book,
            Runners runners,
            WorkflowRunner workflows,
            Turns turns,
            Path userHome) {
        this.config = config;
        this.database = database;
        this.store = store;
        this.experiments = experiments;
        this.book = book;
        this.runners = runners;
        this.workflows = workflows;
        this.turns = turns;
        this.userHome = userHome;
    }

    /** Has somebody told of how far runs are. */
    void watch(ProgressListener listener) {
        progress.add(listener);
    }

    ScriptRunner.Run run(
            Automation automation,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            @Nullable IsolationLevel isolation,
            Path workingDirectory,
            RunListener listener,
            Occasion occasion) {
        String id = automation.id();
        return switch (mode) {
            case REHEARSE -> {
                AutomationFile file =
                        noLooser(automation, AutomationFile.load(automation.file(), config.sandbox()), isolation);
                var entry = new RunBook.Entry(
                        id,
                        automation.version(),
                        null,
                        file,
                        file.valuesOf(parameters, runners.today()),
                        mode,
                        occasion);
                yield start(entry, id, workingDirectory, listener);
            }
            case COMMIT -> runApproved(automation, parameters, isolation, workingDirectory, listener, occasion);
        };
    }

    private static AutomationFile noLooser(
            Automation automation, AutomationFile file, @Nullable IsolationLevel isolation) {
        if (isolation == null) return file;
        // The levels are in order: each allows all that the one before it allows.
        if (isolation.compareTo(file.isolation()) > 0)
            throw UserException.notAllowed(
                    "The automation " + automation.id() + " does not run at isolation " + isolation.id(),
                    "it is kept at " + file.isolation().id() + ", which allows less",
                    "Change its metadata, rehearse it and approve it again");
        return file.at(isolation);
    }

    private ScriptRunner.Run runApproved(
            Automation automation,
            Map<String, String> parameters,
            @Nullable IsolationLevel isolation,
            Path workingDirectory,
            RunListener listener,
            Occasion occasion) {
        Approved approved = approved(automation, isolation);
        // What does not fit is said at once, not when the turn has come.
        approved.file().valuesOf(parameters, runners.today());
        return inTurn(approved, automation.id(), listener, () -> {
            Approved now = approved(current(automation.id()), isolation);
            var entry = new RunBook.Entry(
                    automation.id(),
                    now.version(),
                    now.experimentId(),
                    now.file(),
                    now.file().valuesOf(parameters, runners.today()),
                    RunRequest.Mode.COMMIT,
                    occasion);
            return start(entry, automation.id(), workingDirectory, listener);
        });
    }

    private Automation current(String id) {
        return store.find(id).orElseThrow(() -> AutomationStore.unknown(id));
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

    private Approved approved(Automation automation, @Nullable IsolationLevel isolation) {
        String id = automation.id();
        if (automation.state() == AutomationState.RETIRED) throw AutomationService.retired(id);
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

    /** Goes on with the latest run of a workflow that did not succeed. */
    ScriptRunner.Run resume(Automation automation, RunListener listener, Occasion occasion) {
        String id = automation.id();
        return inTurn(approved(automation, null), id, listener, () -> {
            Approved now = approved(current(id), null);
            return resume(now.file(), id, id, now.version(), now.experimentId(), listener, occasion);
        });
    }

    /** As {@link #resume}, for a script that a person names. */
    ScriptRunner.Run resumeFile(Path path, RunListener listener, Occasion occasion) {
        AutomationFile file = AutomationFile.load(path, config.sandbox());
        return resume(file, AutomationService.trustDomain(file), "", null, null, listener, occasion);
    }

    private ScriptRunner.Run resume(
            AutomationFile file,
            String trustDomain,
            String id,
            @Nullable Integer version,
            @Nullable Long experimentId,
            RunListener listener,
            Occasion occasion) {
        WorkflowRunner.Resumption resumption = workflows.resumption(trustDomain, AutomationStore.sha256(file.text()));
        Map<String, Object> values =
                file.valuesOfJson(AutomationFile.object(resumption.parametersJson()), runners.today());
        var entry = new RunBook.Entry(id, version, experimentId, file, values, RunRequest.Mode.COMMIT, occasion);
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

    ScriptRunner.Run runFile(
            Path path,
            Map<String, String> parameters,
            RunRequest.Mode mode,
            @Nullable IsolationLevel isolation,
            Path workingDirectory,
            RunListener listener,
            Occasion occasion) {
        AutomationFile read = AutomationFile.load(path, config.sandbox());
        AutomationFile file = isolation == null ? read : read.at(isolation);
        var entry = new RunBook.Entry("", null, null, file, file.valuesOf(parameters, runners.today()), mode, occasion);
        return start(entry, AutomationService.trustDomain(file), workingDirectory, listener);
    }

    private ScriptRunner.Run start(
            RunBook.Entry entry, String trustDomain, Path workingDirectory, RunListener listener) {
        return start(entry, trustDomain, workingDirectory, Optional.empty(), listener);
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
            return new RecordedRun(run, report -> book.end(entry, runId, report, AutomationRunner::wasEdited));
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
