package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @Option(
            names = "--trusted",
            description =
                    "JavaScript in the host's own process, with all rights of yours and 'understudy' as the engine itself:"
                            + " no sandbox, no rehearsal, no undo. At a terminal only.")
    boolean trusted;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = root.console();
        ReplLanguage chosen = ReplLanguage.of(language)
                .orElseThrow(() -> UserException.badInput(
                        "There is no REPL for '" + language + "'",
                        "only js, python and bash have one",
                        "Choose one of them"));
        if (trusted) requirePerson(console, chosen);
        try (Understudy understudy = root.open()) {
            var terms = new ReplTerms(
                    understudy.config().sandbox().isolationLevel(),
                    understudy.config().sandbox().limits(),
                    new Grants(absolute(reads), absolute(writes), List.of(), List.of()),
                    Invocation.current().folder());
            var repl = new ReplOnEngine(understudy, root.commandPrefix(), () -> {
                if (trusted) {
                    // Nobody joins it: what it may do is what the person at this terminal has asked for.
                    ReplSessions.Opening opening = () -> TrustedSession.open(understudy, RootCommand.installation());
                    return new ReplRoom(understudy, terms, chosen, Map.of(ReplLanguage.JAVASCRIPT, opening));
                }
                var room = new ReplRoom(understudy, terms, chosen);
                Invocation.current().share(room);
                return room;
            });
            return repl.run(console, Invocation.current());
        }
    }

    private static void requirePerson(Console console, ReplLanguage language) {
        if (language != ReplLanguage.JAVASCRIPT)
            throw UserException.badInput(
                    "--trusted does not fit here", "only JavaScript has it", "Leave out " + language.id());
        if (!console.isTerminal())
            throw UserException.notAllowed(
                    "There is no trusted REPL here",
                    "it has all rights of yours, and only a person at a terminal may ask for that",
                    "Leave out --trusted, or type at a terminal");
    }

    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }
}
