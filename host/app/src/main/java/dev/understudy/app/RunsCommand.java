package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.LoggedRun;
import dev.understudy.core.automation.RunLog;
import dev.understudy.sandbox.control.RunRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "runs",
        description = {
            "List runs, newest first: by hand and by triggers, of automations and of script files.",
            "--interrupted lists those that a crash or a kill cut short, what is known of each, and the command that repeats"
                    + " it. A triggered one that provably changed nothing is run again by 'up' itself."
        })
final class RunsCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--interrupted", description = "Only runs that were cut short, with what is known of each.")
    boolean interrupted;

    @Option(names = "--automation", paramLabel = "ID", description = "Only runs of this automation.")
    @Nullable
    String automation;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(
            names = {"-l", "--long"},
            description = "Show parameters, working directory and errors, too.")
    boolean detailed;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        List<LoggedRun> runs;
        try (Understudy understudy = root.open()) {
            RunLog log = understudy.automations().runs().log();
            Predicate<LoggedRun> wanted =
                    run -> automation == null || run.automationId().orElse("").equals(automation);
            int most = Math.max(0, limit);
            runs = interrupted ? log.interrupted(most, wanted) : log.latest(most, wanted);
        }
        if (json) printJson(runs);
        else if (runs.isEmpty())
            root.console().out().println(interrupted ? "No run was cut short." : "Nothing has run yet.");
        else if (interrupted || detailed) runs.forEach(this::printDetail);
        else print(runs);
        return ExitCode.DONE;
    }

    private void printJson(List<LoggedRun> runs) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("runs");
        for (LoggedRun run : runs) {
            ObjectNode each = HostShape.json(run);
            each.put("file", run.file().orElse(null));
            each.put("folder", run.folder().orElse(null));
            each.set("parameters", Json.MAPPER.valueToTree(run.parameters()));
            each.put("isolation", run.isolation().map(level -> level.id()).orElse(null));
            each.put("repeats", run.repeats().orElse(null));
            each.put("repeatedAs", run.repeatedAs().orElse(null));
            if (run.interrupted()) {
                each.put("changedNothing", run.untouched());
                each.put("known", run.whatItMayHaveChanged() + ".");
                var command = new RepeatCommand(run, root.commandPrefix());
                each.put("command", command.text());
                var secrets = each.putArray("secrets");
                command.secrets().forEach(secrets::add);
            }
            array.add(each);
        }
        Json.print(root.console(), object);
    }

    private void print(List<LoggedRun> runs) {
        var table = new Table(
                Table.Column.left("run"),
                Table.Column.left("when"),
                Table.Column.left("outcome"),
                Table.Column.right("took"),
                Table.Column.right("changed"),
                Table.Column.left("what"),
                Table.Column.wrapped("by"));
        for (LoggedRun run : runs)
            table.row(
                    new Table.Cell(run.runId(), Style.BOLD),
                    VersionsView.time(run.started()),
                    outcome(run),
                    run.duration().map(Quantities::duration).orElse(""),
                    run.changed().map(count -> Integer.toString(count)).orElse(""),
                    what(run),
                    run.by()
                            + (run.mode() == RunRequest.Mode.REHEARSE ? ", dry run" : "")
                            + (run.repeats().isPresent() ? ", again" : ""));
        table.print(root.console(), "");
    }

    private static Table.Cell outcome(LoggedRun run) {
        String outcome = run.outcome().orElse("under way").replace('_', ' ');
        return switch (outcome) {
            case "succeeded" -> new Table.Cell(outcome, Style.GREEN);
            case "under way", "cancelled" -> new Table.Cell(outcome);
            default -> new Table.Cell(outcome, Style.RED);
        };
    }

    private static String what(LoggedRun run) {
        return run.automationId()
                .or(run::file)
                .map(name -> Console.shortened(name))
                .orElse("");
    }

    private void printDetail(LoggedRun run) {
        Console console = root.console();
        console.out()
                .println(Style.BOLD.of(console, run.runId()) + "  " + Console.printable(what(run))
                        + run.version().map(version -> ", version " + version).orElse("") + ", "
                        + outcome(run).text());
        var facts = new Table(Table.Column.left(""), Table.Column.wrapped(""));
        fact(facts, "started", VersionsView.time(run.started()) + " by " + run.by());
        run.folder().ifPresent(folder -> fact(facts, "in", Console.shortened(folder)));
        if (!run.parameters().isEmpty())
            fact(facts, "parameters", Json.MAPPER.valueToTree(run.parameters()).toString());
        if (!run.error().isEmpty()) fact(facts, "error", run.error());
        run.repeats().ifPresent(earlier -> fact(facts, "repeats", earlier + ", which had changed nothing"));
        facts.print(console, "    ");
        if (run.interrupted()) printInterruption(run);
    }

    private static void fact(Table facts, String name, String text) {
        facts.row(new Table.Cell(name, Style.DIM), text);
    }

    private void printInterruption(LoggedRun run) {
        Console console = root.console();
        console.out().println("    " + Console.printable(run.whatItMayHaveChanged()) + ".");
        if (run.repeatedAs().isPresent()) {
            console.out().println("    It was run again as " + run.repeatedAs().get() + ".");
            return;
        }
        var command = new RepeatCommand(run, root.commandPrefix());
        console.out().println("    To repeat it: " + Style.BOLD.of(console, Console.printable(command.text())));
        for (String secret : command.secrets())
            console.out()
                    .println("    Add -p " + Console.printable(secret)
                            + "=…; its value is a secret, which is not kept.");
    }
}
