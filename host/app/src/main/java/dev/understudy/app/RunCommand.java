package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        description = {
            "Run an approved automation, or a script file.",
            "Its changes are made all together when it has succeeded, and none if it has not."
        })
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "ID_OR_FILE", description = "An automation's id, or the path of a script.")
    String idOrFile;

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "A parameter; may be given several times.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--dry-run", description = "Show what would be changed, and change nothing.")
    boolean dryRun;

    @Option(
            names = "--isolation",
            paramLabel = "LEVEL",
            description =
                    "full, partial or minimal, in place of the script's own; an approved automation only stricter.")
    @Nullable
    IsolationLevel isolation;

    @Option(
            names = "--measure",
            description = "Run it several times, change nothing, and propose limits with a margin over what it used.")
    boolean measure;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many runs to measure (default: ${DEFAULT-VALUE}).")
    int runs;

    @Option(names = "--keep-changes", description = "With --measure: make the changes of each measured run.")
    boolean keepChanges;

    @Option(
            names = "--resume",
            description = "Go on with the latest run that failed, after its last good step and with its parameters.")
    boolean resume;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (measure && (runs < 1 || runs > 1000))
            throw UserException.badInput("--runs is " + runs, "some runs are needed", "Write a number from 1 to 1000");
        if (keepChanges && (dryRun || !measure))
            throw UserException.badInput(
                    "--keep-changes does not fit here",
                    "it says that runs with --measure, which otherwise change nothing, are for real",
                    "Leave it out");
        if (resume && (dryRun || measure || isolation != null || !parameters.isEmpty()))
            throw UserException.badInput(
                    "--resume stands alone",
                    "a run goes on with the parameters that it began with, and for real",
                    "Leave out -p, --dry-run, --measure and --isolation");
        try (Understudy understudy = root.open()) {
            if (measure) return new Measurement(root.console(), understudy, this).call();
            RunReport report;
            try (var live = new LiveOutput(root.console())) {
                report =
                        run(understudy.automations(), dryRun ? RunRequest.Mode.REHEARSE : RunRequest.Mode.COMMIT, live);
            }
            print(report, understudy.automations().runs().steps(report.runId()));
            root.tellNews(understudy);
            return ExitCode.of(report.outcome());
        } catch (UserException e) {
            if (json || e.mistakes().isEmpty() || !isFile(idOrFile)) throw e;
            CheckCommand.printMistakes(root.console(), root.console().err(), idOrFile, e.mistakes());
            return e.category().exitCode();
        }
    }

    /**
     * One run, to its end.
     *
     * @throws InterruptedException if the person has ended it, once the script and all that it started are gone
     */
    RunReport run(AutomationService automations, RunRequest.Mode mode, RunListener listener)
            throws InterruptedException {
        ScriptRunner.Run run = start(automations, mode, listener);
        Ending ending = Invocation.current().ending();
        try (var _ = ending.whenAsked(run::cancel)) {
            RunReport report = run.await();
            if (!ending.asked()) return report;
            print(report);
            throw new InterruptedException("the person has ended it");
        }
    }

    void print(RunReport report) {
        print(report, List.of());
    }

    private void print(RunReport report, List<StepReport> steps) {
        Console console = root.console();
        if (json) {
            Json.print(console, RunView.json(report, steps));
            return;
        }
        RunView.printSteps(console, steps);
        // Before the result, which whoever keeps both streams in one takes from the end.
        if (!dryRun && report.outcome() instanceof RunOutcome.Succeeded)
            console.err()
                    .println(Style.DIM.of(
                            console,
                            "run " + report.runId()
                                    + (report.changes().isEmpty() ? "" : "; to take it back: " + undo(report, steps))));
        RunView.print(console, report, dryRun ? RunView.Diffs.SHOWN : RunView.Diffs.LEFT_OUT);
        if (dryRun && report.changes().isEmpty()) console.out().println("Nothing would be changed.");
        RunView.printError(console, idOrFile, report);
    }

    /** Each step is a run of its own, and what was done last is taken back first. */
    private String undo(RunReport report, List<StepReport> steps) {
        List<String> runs = steps.isEmpty()
                ? List.of(report.runId())
                : steps.reversed().stream()
                        .filter(StepReport::succeeded)
                        .map(StepReport::runId)
                        .toList();
        return runs.stream().map(run -> root.commandPrefix() + " undo " + run).collect(Collectors.joining("; "));
    }

    private ScriptRunner.Run start(AutomationService automations, RunRequest.Mode mode, RunListener listener) {
        if (resume)
            return isFile(idOrFile)
                    ? automations.runs().resumeFile(Invocation.current().path(idOrFile), listener)
                    : automations.runs().resume(idOrFile, listener);
        var order = new RunOrder(
                parameters,
                mode,
                Optional.ofNullable(isolation),
                Invocation.current().folder(),
                listener,
                Occasion.PERSON);
        return isFile(idOrFile)
                ? automations.runs().startFile(Invocation.current().path(idOrFile), order)
                : automations.runs().start(idOrFile, order);
    }

    /** A name with a dot or a slash cannot be an id, so it is taken for a path even where nothing is. */
    static boolean isFile(String text) {
        try {
            return text.contains("/")
                    || text.contains(".")
                    || Files.isRegularFile(Invocation.current().path(text));
        } catch (InvalidPathException e) {
            throw UserException.badInput(
                    "'" + text + "' is neither an automation nor a file",
                    String.valueOf(e.getReason()),
                    "Check the name");
        }
    }

    /** Shows progress while the run is under way, on a terminal only. */
    private static final class LiveOutput implements RunListener, AutoCloseable {
        private final Progress progress;

        LiveOutput(Console console) {
            progress = new Progress(console);
        }

        @Override
        public void waiting(String automationId) {
            progress.step("Waiting for another run of " + automationId + " to end (Ctrl-C ends the wait)");
        }

        @Override
        public void output(RunReport.OutputLine line) {
            progress.close();
        }

        @Override
        public void progress(double share, String text) {
            progress.step(Math.round(share * 100) + " %  " + text);
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
