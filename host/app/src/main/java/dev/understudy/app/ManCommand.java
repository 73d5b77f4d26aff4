package dev.understudy.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "man",
        description =
                "Print the man page, made from the descriptions that --help shows. Read it with: understudy man | man -l -")
final class ManCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Override
    public Integer call() {
        root.console()
                .out()
                .print(ManPage.of(CommandLineInterface.create(root.console()).getCommandSpec()));
        return ExitCode.DONE;
    }
}
