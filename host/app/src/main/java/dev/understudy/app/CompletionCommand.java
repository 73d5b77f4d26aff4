package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        subcommands = CompletionCommand.NamesCommand.class,
        description = "Print shell completion, for example: source <(understudy completion bash)")
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", arity = "0..1", description = "One of ${COMPLETION-CANDIDATES}.")
    Completion.@Nullable Shell shell;

    @Override
    public Integer call() {
        if (shell == null)
            throw UserException.badInput(
                    "No shell was named", "each has a completion of its own", "Write completion bash, zsh or fish");
        root.console().out().print(Completion.of(shell, CommandLineInterface.create(root.console())));
        return ExitCode.DONE;
    }

    /** Asked by the completion of each shell, once a key is pressed. */
    @Command(name = "names", hidden = true, description = "Print what the host has names for, one a line.")
    static final class NamesCommand implements Callable<Integer> {
        private static final int MOST_RUNS = 50;

        @ParentCommand
        CompletionCommand parent;

        @Parameters(paramLabel = "KIND", description = "One of ${COMPLETION-CANDIDATES}.")
        Completion.Names kind;

        @Override
        public Integer call() {
            try (Understudy understudy = parent.root.open()) {
                Stream<String> names = switch (kind) {
                    case automations -> understudy.automations().list().stream().map(each -> each.id());
                    case runs ->
                        understudy.automations().runs().log().latest(MOST_RUNS, _ -> true).stream()
                                .map(each -> each.runId());
                    case patterns -> understudy.patterns().stream().map(each -> each.id());
                    case plugins -> understudy.plugins().list().stream().map(each -> each.id());
                };
                names.forEach(name -> parent.root.console().out().println(Console.printable(name)));
            }
            return ExitCode.DONE;
        }
    }
}
