package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.TargetParameters.Found;
import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "set",
        description = {
            "Set parameters by hand, with what they held kept for 'tune restore'.",
            "Says what it would do and changes nothing, unless --write is given."
        })
final class TuneSetCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "NAME=VALUE", arity = "1..*", description = "For example vm.swappiness=10.")
    Map<String, String> values;

    @Option(names = "--write", description = "Do it.")
    boolean write;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** What is to be set, and to what. */
    private record Step(Found found, String value) {
        String name() {
            return found.parameter().name();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = (RootCommand) spec.root().userObject();
        try (Understudy understudy = root.open()) {
            TargetParameters all = TargetParameters.of(understudy);
            var steps = new ArrayList<Step>();
            values.forEach((name, text) -> steps.add(step(all.get(name), text)));
            if (write) write(understudy, steps);
            if (json) printJson(root.console(), steps);
            else print(root, steps);
        }
        return ExitCode.DONE;
    }

    private static Step step(Found found, String text) {
        TunableParameter parameter = found.parameter();
        Object value = DimensionText.parse(parameter.dimension(), text)
                .orElseThrow(() -> UserException.badInput(
                        parameter.name() + " cannot be '" + text + "'",
                        "that is outside of what is known to be safe: " + parameter.meaning(),
                        "Give one of " + DimensionText.allowed(parameter.dimension())));
        return new Step(found, found.target().format(parameter.dimension(), value));
    }

    private static void write(Understudy understudy, List<Step> steps) throws InterruptedException {
        for (Step step : steps)
            if (!step.found().parameter().changeable())
                throw UserException.notAllowed(
                        step.name() + " cannot be changed here",
                        step.found().parameter().refusal(),
                        "Nothing was changed");
        var byTarget = steps.stream()
                .collect(Collectors.groupingBy(step -> step.found().target(), LinkedHashMap::new, Collectors.toList()));
        try (Session session = understudy.parameterJournal().begin("tune set")) {
            for (var entry : byTarget.entrySet()) {
                var wanted = new LinkedHashMap<String, String>();
                for (Step step : entry.getValue()) wanted.put(step.name(), step.value());
                session.set(entry.getKey(), wanted);
            }
            for (var entry : byTarget.entrySet())
                session.keep(
                        entry.getKey(),
                        entry.getValue().stream().map(Step::name).toList());
        } catch (IOException e) {
            throw UserException.failed(
                    "The parameters could not be set",
                    String.valueOf(e.getMessage()),
                    "All hold what they held before",
                    e);
        }
    }

    private void print(RootCommand root, List<Step> steps) {
        Console console = root.console();
        var table = new Table(
                Table.Column.left("parameter"),
                Table.Column.right(write ? "was" : "is"),
                Table.Column.right(write ? "is" : "would be"),
                Table.Column.wrapped("meaning"));
        for (Step step : steps)
            table.row(
                    step.name(),
                    step.found().parameter().value(),
                    step.value(),
                    step.found().parameter().meaning());
        table.print(console, "");
        for (Step step : steps) {
            TunableParameter parameter = step.found().parameter();
            if (!parameter.administrator().isEmpty())
                console.out()
                        .println(Console.printable("An administrator has set " + step.name() + " in "
                                + parameter.administrator() + ": that holds again after a restart."));
            if (!write && !parameter.changeable())
                console.out().println(Console.printable("It cannot be changed here: " + parameter.refusal()));
        }
        String names = steps.stream().map(Step::name).collect(Collectors.joining(" "));
        if (write) {
            console.out().println("To undo it: " + root.commandPrefix() + " tune restore " + names);
            return;
        }
        console.out().println("Nothing was changed. To do it, with what they hold kept: add --write. Or by hand:");
        for (Step step : steps)
            console.out().println("  " + Console.printable(step.found().target().command(step.name(), step.value())));
    }

    private void printJson(Console console, List<Step> steps) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("written", write);
        var array = object.putArray("parameters");
        for (Step step : steps)
            array.addObject()
                    .put("target", step.found().target().name())
                    .put("name", step.name())
                    .put("before", step.found().parameter().value())
                    .put("value", step.value())
                    .put("command", step.found().target().command(step.name(), step.value()));
        Json.print(console, object);
    }
}
