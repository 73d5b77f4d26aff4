package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.jail.Mechanisms;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description = "Show what this machine can isolate, mechanism by mechanism: each is tried, none is guessed.")
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Mechanisms mechanisms;
        try (Understudy understudy = root.open()) {
            mechanisms = understudy.sandbox().mechanisms();
        }
        if (json) printJson(mechanisms);
        else print(mechanisms);
        boolean all = mechanisms.levels().values().stream().allMatch(Mechanisms.Level::available);
        return all ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void printJson(Mechanisms mechanisms) {
        var object = JsonNodeFactory.instance.objectNode();
        var levels = object.putObject("levels");
        for (IsolationLevel level : IsolationLevel.values()) {
            Mechanisms.Level given = mechanisms.levels().get(level);
            if (given == null) continue;
            var entry = levels.putObject(level.id())
                    .put("available", given.available())
                    .put("tier", given.tier().id());
            var missing = entry.putArray("missing");
            given.missing().forEach(missing::add);
        }
        var list = object.putArray("mechanisms");
        for (Mechanisms.Mechanism mechanism : mechanisms.mechanisms())
            list.addObject()
                    .put("name", mechanism.name())
                    .put("works", mechanism.works())
                    .put("detail", mechanism.detail());
        Json.print(root.console(), object);
    }

    private void print(Mechanisms mechanisms) {
        Console console = root.console();
        console.out().println(Style.BOLD.of(console, "Isolation levels"));
        var levels = new Table(
                Table.Column.left("level"),
                Table.Column.left("here"),
                Table.Column.left("tier"),
                Table.Column.wrapped("missing"));
        for (IsolationLevel level : IsolationLevel.values()) {
            Mechanisms.Level given = mechanisms.levels().get(level);
            if (given == null) continue;
            levels.row(
                    level.id(),
                    given.available() ? new Table.Cell("available", Style.GREEN) : new Table.Cell("refused", Style.RED),
                    given.tier().id(),
                    String.join("; ", given.missing()));
        }
        levels.print(console, "  ");
        console.out().println("\n" + Style.BOLD.of(console, "Mechanisms, tried just now"));
        var table =
                new Table(Table.Column.left("mechanism"), Table.Column.left(""), Table.Column.wrapped("what was seen"));
        for (Mechanisms.Mechanism mechanism : mechanisms.mechanisms())
            table.row(
                    mechanism.name(),
                    mechanism.works() ? new Table.Cell("works", Style.GREEN) : new Table.Cell("does not", Style.YELLOW),
                    mechanism.detail());
        table.print(console, "  ");
        console.out().println("\nTiers: " + tiers());
    }

    private static String tiers() {
        return Tier.ISOLATED.id() + " = namespaces, seccomp and limits around the process; " + Tier.REDUCED.id()
                + " = no private process ids; " + Tier.PROCESS.id()
                + " = a process of its own with the language's own sandbox and no wall of the operating system; "
                + Tier.NONE.id() + " = refused.";
    }
}
