package dev.understudy.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "tune",
        description = "What may be tuned on this machine, and back to what it was.",
        subcommands = {TuneParametersCommand.class, TuneSetCommand.class, TuneRestoreCommand.class})
final class TuneCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(root.console().out());
        return ExitCode.DONE;
    }
}
