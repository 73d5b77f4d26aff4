package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.ReplSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "repl",
        description = {
            "Try JavaScript or Python in a cell: state lasts from line to line, nothing of yours is changed.",
            "With --write, '.changes' shows what would be changed, and '.commit' makes it so. '.exit' ends."
        })
final class ReplCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "LANGUAGE", defaultValue = "js", description = "js or python (default: ${DEFAULT-VALUE}).")
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
        RunRequest.Language chosen = switch (language) {
            case "js", "javascript" -> RunRequest.Language.JAVASCRIPT;
            case "py", "python" -> RunRequest.Language.PYTHON;
            default ->
                throw UserException.badInput(
                        "There is no REPL for '" + language + "'", "only js and python have one", "Choose one of them");
        };
        try (Understudy understudy = root.open()) {
            if (!understudy.config().sandbox().enabled())
                throw UserException.notAllowed(
                        "Nothing runs",
                        "the sandbox is switched off (sandbox.enabled: false)",
                        "Switch it on to run scripts");
            try (ReplSession session = understudy.sandbox().openSession(request(chosen, understudy.config()))) {
                String name = chosen == RunRequest.Language.PYTHON ? "python" : "js";
                if (console.isTerminal())
                    console.out()
                            .println(Style.DIM.of(
                                    console,
                                    "Understudy " + Version.text() + ", " + name
                                            + " in a cell. Ctrl-D or .exit ends."));
                int exitCode = new Repl(
                                console,
                                new SessionEvaluator(console, session),
                                name,
                                EntryStyle.valueOf(chosen.name()))
                        .run(understudy.home().folder("repl").resolve("history-" + name));
                if (!session.changes().isEmpty())
                    console.err()
                            .println("understudy: " + session.changes().size()
                                    + " changes were not committed, and are thrown away.");
                return exitCode;
            }
        }
    }

    private RunRequest request(RunRequest.Language chosen, Config config) {
        Path here = Path.of("").toAbsolutePath();
        return new RunRequest(
                "repl",
                "repl",
                chosen,
                "",
                "{}",
                RunRequest.ScriptRuntime.POLYGLOT,
                config.sandbox().isolationLevel(),
                config.sandbox().limits(),
                new Grants(absolute(reads), absolute(writes), List.of(), List.of()),
                RunRequest.Mode.COMMIT,
                RunRequest.Reuse.SHARED,
                Map.of(),
                here,
                Set.of());
    }

    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }

    /** Evaluates in the session, but for the two commands about its files. */
    private record SessionEvaluator(Console console, ReplSession session) implements Repl.Evaluator {
        @Override
        public Repl.Evaluation evaluate(String entry) throws IOException, InterruptedException {
            return switch (entry.strip()) {
                case ".changes" -> {
                    RunView.printChanges(console, session.changes(), RunView.Diffs.SHOWN);
                    yield new Repl.Evaluation.Value("");
                }
                case ".commit" ->
                    session.commit()
                            .<Repl.Evaluation>map(Repl.Evaluation.Failed::new)
                            .orElse(new Repl.Evaluation.Value(""));
                default -> evaluateScript(entry);
            };
        }

        private Repl.Evaluation evaluateScript(String entry) throws IOException, InterruptedException {
            return switch (session.evaluate(entry, new Printer(console))) {
                case ReplSession.Reply.Value value -> new Repl.Evaluation.Value(value.text());
                case ReplSession.Reply.Incomplete _ -> new Repl.Evaluation.Incomplete();
                case ReplSession.Reply.Failed failed ->
                    new Repl.Evaluation.Failed(
                            failed.detail().isBlank()
                                    ? failed.error()
                                    : failed.error() + "\n" + failed.detail().strip());
                case ReplSession.Reply.Lost lost ->
                    new Repl.Evaluation.Failed(RunView.error(lost.outcome()) + "; the session starts anew.");
            };
        }

        @Override
        public void interrupt() {
            session.interrupt();
        }
    }

    /** Prints what a script prints, as it does. */
    private record Printer(Console console) implements RunListener {
        @Override
        public void output(RunReport.OutputLine line) {
            var stream = line.channel().equals("stdout") ? console.out() : console.err();
            stream.println(Console.printable(line.text()));
        }
    }
}
