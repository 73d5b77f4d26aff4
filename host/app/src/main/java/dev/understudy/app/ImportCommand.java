package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.history.ImportReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
                    "Tasks as JSON Lines, or the history of a shell (bash, zsh, fish, tcsh, ksh); without one, those of yours.")
    List<Path> files = List.of();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        var imports = new ArrayList<ImportReport>();
        try (Understudy understudy = root.open();
                var progress = new Progress(console)) {
            for (Path file : files.isEmpty() ? understudy.discoverHistories(System.getenv()) : files) {
                progress.step("Reading " + file);
                imports.add(understudy.history().importFile(file));
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
