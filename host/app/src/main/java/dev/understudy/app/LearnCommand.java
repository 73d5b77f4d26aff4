package dev.understudy.app;

import dev.understudy.core.LearnReport;
import dev.understudy.core.Understudy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
            description = "Tasks as JSON Lines, or a bash, zsh or fish history.")
    List<Path> files = List.of();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Console console = root.console();
        LearnReport report;
        try (Understudy understudy = root.open();
                var progress = new Progress(console)) {
            List<Path> read = files.isEmpty() ? histories(understudy) : files;
            report = understudy.learn(read, progress::step);
            progress.step("Preparing a faster start, once");
            understudy.sandbox().awaitPreparation();
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

    /** What a shell itself calls its history comes first. */
    static List<Path> histories(Understudy understudy) {
        String own = System.getenv("HISTFILE");
        if (own != null && Files.isRegularFile(Path.of(own))) return List.of(Path.of(own));
        return understudy.discoverHistories();
    }
}
