package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.history.ImportReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "import", description = "Take tasks into the history without looking for patterns.")
final class ImportCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description =
                    "Tasks as JSON Lines, the history of a shell (bash, zsh, fish, tcsh, ksh, nushell, PowerShell, xonsh, atuin), or an event log (XES, CSV); without one, the histories of yours.")
    List<Path> files = List.of();

    @Mixin
    EventLogOptions log = new EventLogOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        var imports = new ArrayList<ImportReport>();
        try (Understudy understudy = root.open();
                var progress = new Progress(console)) {
            for (Path file : files.isEmpty()
                    ? understudy.discoverHistories(Invocation.current().environment())
                    : files) {
                progress.step("Reading " + Invocation.current().typed(file));
                imports.add(understudy.history().importFile(file, log.toImport()));
            }
        }
        ImportView.requireSomething(imports);
        if (json) {
            ImportView.printSkipped(console, imports);
            Json.print(console, ImportView.json(imports));
        } else {
            ImportView.print(console, imports);
        }
        return ExitCode.DONE;
    }
}
