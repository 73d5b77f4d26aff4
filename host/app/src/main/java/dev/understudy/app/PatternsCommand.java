package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.core.Understudy;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "patterns", description = "List what repeats in the history, with the figures behind each potential.")
final class PatternsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(
            names = {"-l", "--long"},
            description = "Show variables and the figures behind each potential.")
    boolean detailed;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Console console = root.console();
        List<TaskPattern> patterns;
        List<String> problems;
        try (Understudy understudy = root.open()) {
            patterns = understudy.patterns();
            problems = understudy.patternProblems();
        }
        warn(console, problems);
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("patterns");
            patterns.forEach(pattern -> array.add(PatternShape.json(pattern)));
            var failed = object.putArray("problems");
            problems.forEach(failed::add);
            Json.print(console, object);
        } else if (patterns.isEmpty()) {
            console.out().println("Nothing repeats yet. Bring tasks in with: " + root.commandPrefix() + " learn");
        } else if (detailed) {
            patterns.forEach(pattern -> PatternView.printDetail(console, pattern));
        } else {
            PatternView.print(console, patterns, "");
        }
        return ExitCode.DONE;
    }

    /** Names the plugins whose part is missing. */
    static void warn(Console console, List<String> problems) {
        for (String problem : problems) console.err().println("understudy: " + Console.printable(problem) + ".");
    }
}
