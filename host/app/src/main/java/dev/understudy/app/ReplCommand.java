package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "repl",
        description = {
            "Try JavaScript, Python or Bash in the sandbox: state lasts from line to line, nothing of yours is changed.",
            "Words begin with %: '%help' lists them, '%py' goes on in Python, '%grant write PATH' grants, '%changes' shows"
                    + " what would be changed, '%commit' makes it so, '%save NAME' makes an automation of what was typed."
                    + " From a pipe it reads without prompts: echo '1+1' | understudy repl"
        })
final class ReplCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "LANGUAGE",
            defaultValue = "js",
            description = "js, python or bash (default: ${DEFAULT-VALUE}).")
    String language;

    @Option(
            names = "--read",
            paramLabel = "PATH",
            description = "A file or folder that may be read; may be given several times.")
    List<Path> reads = List.of();

    @Option(
            names = "--write",
            paramLabel = "PATH",
            description = "A file or folder that may be changed; may be given several times.")
    List<Path> writes = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = root.console();
        ReplLanguage chosen = ReplLanguage.of(language)
                .orElseThrow(() -> UserException.badInput(
                        "There is no REPL for '" + language + "'",
                        "only js, python and bash have one",
                        "Choose one of them"));
        try (Understudy understudy = root.open()) {
            var terms = new ReplTerms(
                    understudy.config().sandbox().isolationLevel(),
                    understudy.config().sandbox().limits(),
                    new Grants(absolute(reads), absolute(writes), List.of(), List.of()),
                    Invocation.current().folder());
            var repl = new ReplOnEngine(understudy, root.commandPrefix(), () -> {
                var room = new ReplRoom(understudy, terms, chosen);
                Invocation.current().share(room);
                return room;
            });
            return repl.run(console, Invocation.current());
        }
    }

    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }
}
