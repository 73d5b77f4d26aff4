package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.watch.FolderWatch;
import dev.understudy.sandbox.control.tester.TestListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "dev",
        description = {
            "Stay beside a script while you write it: at each save it is checked and its [[tests]] are run in the sandbox,"
                    + " and you see what each case prints and what it would change.",
            "Nothing of yours is changed. A save while the tests run has them begin anew. Ends with Ctrl-C."
        })
final class DevCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The script.")
    Path file;

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "A parameter for the cases that leave it out; may be given several times.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print each save as JSON, one line each.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Path watched = real();
        var ended = new CountDownLatch(1);
        DevReport report =
                json ? new DevJson(root.console(), file.toString()) : new DevView(root.console(), file.toString());
        try (var _ = Invocation.current().ending().whenAsked(ended::countDown);
                Understudy understudy = root.open();
                var rounds = new Rounds(() -> round(understudy.automations(), report));
                var _ = FolderWatch.start(folderOf(watched), watched::equals, rounds::begin)) {
            if (root.console().isTerminal())
                root.console().err().println(Style.DIM.of(root.console(), "Watching " + file + "; Ctrl-C ends."));
            ended.await();
        }
        return ExitCode.DONE;
    }

    /** What is written when the person saves: where the name is a link, what it leads to. */
    private Path real() {
        try {
            Path real = file.toRealPath();
            if (Files.isRegularFile(real)) return real;
        } catch (IOException _) {
            // It is told below.
        }
        throw UserException.badInput(
                file + " cannot be watched",
                Files.exists(file) ? "it is no file" : "there is no such file",
                "'new automation NAME' writes a beginning");
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        if (folder == null) throw new IllegalStateException(file + " is real and lies nowhere");
        return folder;
    }

    private void round(AutomationService automations, DevReport report) throws InterruptedException {
        try {
            report.saved();
            CheckResult checked =
                    automations.rehearsals().check(file, Invocation.current().typed(file));
            report.checked(checked);
            if (!checked.mistakes().isEmpty()) return;
            TestRun run = automations
                    .rehearsals()
                    .testBeingWritten(file, parameters, Invocation.current().folder(), TestListener.SILENT);
            report.tested(run);
        } catch (UserException e) {
            report.failed(e);
        }
    }
}
