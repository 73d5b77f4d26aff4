package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.sandbox.control.files.UnifiedDiff;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "diff", description = "Show what differs between two versions of an automation, as a unified diff.")
final class DiffCommand implements Callable<Integer> {
    @ParentCommand
    AutomationsCommand automations;

    @Parameters(index = "0", paramLabel = "ID")
    String id;

    @Parameters(index = "1", paramLabel = "FROM", description = "A version's number.")
    int from;

    @Parameters(index = "2", paramLabel = "TO", description = "Another one.")
    int to;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        RootCommand root = automations.root;
        Optional<String> diff;
        try (Understudy understudy = root.open()) {
            AutomationService service = understudy.automations();
            diff = UnifiedDiff.of(
                    id + " version " + from, service.script(id, from), id + " version " + to, service.script(id, to));
        }
        if (json || automations.json)
            Json.print(
                    root.console(),
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("id", id)
                            .put("from", from)
                            .put("to", to)
                            .put("diff", diff.orElse("")));
        else if (diff.isEmpty()) root.console().out().println("Versions " + from + " and " + to + " are the same.");
        else print(root.console(), diff.get());
        return ExitCode.DONE;
    }

    /** A unified diff in its colours. */
    static void print(Console console, String diff) {
        diff.lines().forEach(line -> printLine(console, line));
    }

    private static void printLine(Console console, String line) {
        String text = Console.printable(line);
        boolean name = line.startsWith("+++") || line.startsWith("---");
        Style style =
                name ? Style.BOLD : line.startsWith("+") ? Style.GREEN : line.startsWith("-") ? Style.RED : Style.DIM;
        boolean context = line.startsWith(" ");
        console.out().println(context ? text : style.of(console, text));
    }
}
