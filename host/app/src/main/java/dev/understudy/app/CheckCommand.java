package dev.understudy.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.problem.Mistake;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "check",
        description = {
            "Check script files without running them: metadata, grants and syntax.",
            "Each mistake is one line with its place: file:line:column."
        })
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "FILE", arity = "1..*")
    List<Path> files = List.of();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        var results = new ArrayList<CheckResult>();
        try (Understudy understudy = root.open();
                var progress = new Progress(root.console())) {
            for (Path file : files) {
                String name = Invocation.current().typed(file);
                progress.step("Checking " + name);
                results.add(understudy.automations().rehearsals().check(file, name));
            }
        }
        boolean clean = results.stream().allMatch(result -> result.mistakes().isEmpty());
        if (json) printJson(results);
        else results.forEach(this::print);
        return clean ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private void print(CheckResult result) {
        Console console = root.console();
        printMistakes(console, console.err(), result.file(), result.mistakes());
        if (result.mistakes().isEmpty()) console.out().println(result.file() + ": no mistakes found.");
        result.unchecked().ifPresent(why -> console.out().println(result.file() + ": " + Console.printable(why) + "."));
    }

    /** Each mistake of a script file, and below it the line in which it is, with a caret. */
    static void printMistakes(Console console, PrintStream to, String file, List<Mistake> mistakes) {
        List<String> lines = mistakes.isEmpty() ? List.of() : lines(file);
        for (Mistake mistake : mistakes) {
            to.println(Console.printable(mistake.toString()));
            if (mistake.line() < 1 || mistake.line() > lines.size()) continue;
            for (String line : ScriptError.excerpt(lines.get(mistake.line() - 1), mistake.column()))
                to.println(Style.DIM.of(console, Console.printable(line)));
        }
    }

    /** Of the file as it is now; none if that cannot be read any more. */
    private static List<String> lines(String file) {
        try {
            return Files.readString(Invocation.current().path(file)).lines().toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private void printJson(List<CheckResult> results) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("files");
        for (CheckResult result : results) {
            var entry = array.addObject().put("file", result.file());
            entry.put("ok", result.mistakes().isEmpty());
            mistakes(entry.putArray("mistakes"), result.mistakes());
            entry.put("unchecked", result.unchecked().orElse(null));
        }
        Json.print(root.console(), object);
    }

    /** Each with the fields {@code file}, {@code line}, {@code column}, {@code key}, {@code found} and {@code allowed}. */
    static void mistakes(ArrayNode array, List<Mistake> mistakes) {
        for (Mistake mistake : mistakes)
            array.addObject()
                    .put("file", mistake.file())
                    .put("line", mistake.line())
                    .put("column", mistake.column())
                    .put("key", mistake.key())
                    .put("found", mistake.found())
                    .put("allowed", mistake.allowed());
    }
}
