package dev.understudy.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print shell completion, for example: source <(understudy completion bash)")
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    Completion.Shell shell;

    @Override
    public Integer call() {
        root.console().out().print(Completion.of(shell, CommandLineInterface.create(root.console())));
        return ExitCode.DONE;
    }
}
