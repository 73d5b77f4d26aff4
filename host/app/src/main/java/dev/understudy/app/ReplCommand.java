package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
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
            if (!understudy.config().sandbox().enabled())
                throw UserException.notAllowed(
                        "Nothing runs",
                        "the sandbox is switched off (sandbox.enabled: false)",
                        "Switch it on to run scripts");
            var terms = new ReplTerms(
                    understudy.config().sandbox().isolationLevel(),
                    understudy.config().sandbox().limits(),
                    new Grants(absolute(reads), absolute(writes), List.of(), List.of()),
                    Invocation.current().folder());
            try (var facts = new ReplFacts(understudy);
                    var sessions = new ReplSessions(understudy.sandbox(), facts, terms, chosen)) {
                sessions.warmUp();
                int exitCode = console.isTerminal()
                        ? onTerminal(understudy, sessions)
                        : repl(understudy, sessions, () -> 0).runFromPipe();
                int lost = sessions.changes().size();
                if (lost > 0)
                    console.err()
                            .println("understudy: " + lost + (lost == 1 ? " change was" : " changes were")
                                    + " not committed, and thrown away.");
                return exitCode;
            }
        }
    }

    private Repl repl(Understudy understudy, ReplSessions sessions, IntSupplier width) {
        var printer = new ReplPrinter(root.console(), width);
        return new Repl(root.console(), new ReplWords(root, understudy, sessions, printer));
    }

    private int onTerminal(Understudy understudy, ReplSessions sessions) throws IOException, InterruptedException {
        Console console = root.console();
        console.out()
                .println(Style.DIM.of(
                        console,
                        "Understudy " + Version.text() + ", "
                                + sessions.language().id() + " in a sandbox. %help lists the words, Ctrl-D ends."));
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            return repl(understudy, sessions, terminal::getColumns)
                    .run(
                            terminal,
                            new Repl.Comfort(
                                    new ReplCompleter(sessions, understudy),
                                    new ReplHighlighter(sessions::language),
                                    understudy.home().folder("repl").resolve("history")));
        }
    }

    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }
}
