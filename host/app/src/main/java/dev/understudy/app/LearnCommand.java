package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.engine.LearnReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "learn",
        description = {
            "Find what you repeat, write an automation for it, rehearse it on a copy of your files.",
            "Without a file it reads the histories of your shells. Nothing of yours is changed."
        })
final class LearnCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "Tasks as JSON Lines, the history of a shell (bash, zsh, fish, tcsh, ksh, nushell, PowerShell, xonsh, atuin), or an event log (XES, CSV).")
    List<Path> files = List.of();

    @Mixin
    EventLogOptions log = new EventLogOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Console console = root.console();
        LearnReport report;
        try (Understudy understudy = root.open();
                var progress = new Progress(console)) {
            List<Path> read = files.isEmpty()
                    ? understudy.discoverHistories(Invocation.current().environment())
                    : files;
            report = understudy.learn(read, log.toImport(), progress::step);
        }
        ImportView.requireSomething(report.imports());
        if (json) {
            ImportView.printSkipped(console, report.imports());
            Json.print(console, LearnView.json(report));
        } else {
            LearnView.print(root, report);
        }
        return ExitCode.DONE;
    }
}
