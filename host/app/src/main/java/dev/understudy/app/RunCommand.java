package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.UserException;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
            names = "--resume",
            description = "Go on with the latest run that failed, after its last good step and with its parameters.")
    boolean resume;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (Understudy understudy = root.open()) {
            ScriptRunner.Run run = start(understudy.automations(), new LiveOutput(root.console()));
            // Ctrl-C ends the script, not just this process: its descendants would live on without a jail around them.
            var cancel = new Thread(run::cancel);
            Runtime.getRuntime().addShutdownHook(cancel);
            RunReport report = run.await();
            Runtime.getRuntime().removeShutdownHook(cancel);
            print(report, understudy.automations().steps(report.runId()));
            understudy.sandbox().awaitPreparation();
            return ExitCode.of(report.outcome());
        }
    }

    private void print(RunReport report, List<StepReport> steps) {
        Console console = root.console();
        if (json) {
            Json.print(console, RunView.json(report, steps));
            return;
        }
        RunView.printSteps(console, steps);
        RunView.print(console, report, dryRun ? RunView.Diffs.SHOWN : RunView.Diffs.LEFT_OUT);
        if (dryRun && report.changes().isEmpty()) console.out().println("Nothing would be changed.");
        String error = RunView.error(report.outcome());
        if (error != null)
            console.err().println("understudy: " + Console.printable(error) + (error.endsWith(".") ? "" : "."));
    }

    private ScriptRunner.Run start(AutomationService automations, RunListener listener) {
        if (resume) return resume(automations, listener);
        var mode = dryRun ? RunRequest.Mode.REHEARSE : RunRequest.Mode.COMMIT;
        Path here = Path.of("").toAbsolutePath();
        return isFile(idOrFile)
                ? automations.runFile(Path.of(idOrFile), parameters, mode, here, listener)
                : automations.run(idOrFile, parameters, mode, here, listener);
    }

    private ScriptRunner.Run resume(AutomationService automations, RunListener listener) {
        if (dryRun || !parameters.isEmpty())
            throw UserException.badInput(
                    "--resume stands alone",
                    "a run goes on with the parameters that it began with, and for real",
                    "Leave out --dry-run and -p");
        return isFile(idOrFile)
                ? automations.resumeFile(Path.of(idOrFile), listener)
                : automations.resume(idOrFile, listener);
    }

    /** A name with a dot or a slash cannot be an id, so it is taken for a path even where nothing is. */
    private static boolean isFile(String text) {
        try {
            return text.contains("/") || text.contains(".") || Files.isRegularFile(Path.of(text));
        } catch (InvalidPathException e) {
            throw UserException.badInput(
                    "'" + text + "' is neither an automation nor a file",
                    String.valueOf(e.getReason()),
                    "Check the name");
        }
    }

    /** Shows progress while the run is under way, on a terminal only. */
    private static final class LiveOutput implements RunListener {
        private final Progress progress;

        LiveOutput(Console console) {
            progress = new Progress(console);
        }

        @Override
        public void output(RunReport.OutputLine line) {
            progress.close();
        }

        @Override
        public void progress(double share, String text) {
            progress.step(Math.round(share * 100) + " %  " + text);
        }
    }
}
