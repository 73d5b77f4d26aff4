package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.TargetParameters.Offer;
import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.tuning.TunableParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "parameters",
        description = {
            "List the parameters that may be tuned on this machine: what each holds, may hold and means, and whether it can be"
                    + " changed here.",
            "Reads only."
        })
final class TuneParametersCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "WORD", arity = "0..1", description = "Only those whose name or meaning has this word.")
    @Nullable
    String word;

    @Option(names = "--target", paramLabel = "NAME", description = "Only those of this target.")
    @Nullable
    String target;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        RootCommand root = (RootCommand) spec.root().userObject();
        Console console = root.console();
        try (Understudy understudy = root.open()) {
            TargetParameters all = TargetParameters.of(understudy);
            for (String problem : all.problems())
                console.err().println("understudy: " + Console.printable(problem) + ".");
            List<Offer> offers = chosen(all);
            if (json) printJson(console, offers);
            else if (word != null
                    && offers.stream().allMatch(each -> each.parameters().isEmpty()))
                console.out().println("No parameter has '" + Console.printable(word) + "' in its name or meaning.");
            else for (Offer offer : offers) print(console, offer);
        }
        return ExitCode.DONE;
    }

    private List<Offer> chosen(TargetParameters all) {
        var chosen = new ArrayList<Offer>();
        for (Offer offer : all.offers())
            if (target == null || offer.target().name().equals(target))
                chosen.add(new Offer(
                        offer.target(),
                        offer.parameters().stream().filter(this::isMeant).toList()));
        if (chosen.isEmpty() && target != null)
            throw UserException.badInput(
                    "There is no parameter target '" + target + "'",
                    "there are "
                            + all.offers().stream()
                                    .map(each -> each.target().name())
                                    .toList(),
                    "Name one of them");
        return chosen;
    }

    private boolean isMeant(TunableParameter parameter) {
        return word == null
                || parameter.name().contains(word)
                || parameter.meaning().contains(word);
    }

    private static void print(Console console, Offer offer) {
        console.out()
                .println(Style.BOLD.of(console, offer.target().name()) + "  "
                        + Console.printable(offer.target().description()));
        var table = new Table(
                Table.Column.left("parameter"),
                Table.Column.right("is"),
                Table.Column.wrapped("may be"),
                Table.Column.wrapped("meaning"));
        var refusals = new TreeMap<String, Integer>();
        for (TunableParameter each : offer.parameters()) {
            String note = each.administrator().isEmpty() ? "" : " (set in " + each.administrator() + ")";
            table.row(
                    each.changeable() ? each.name() : new Table.Cell(each.name(), Style.DIM),
                    each.value(),
                    DimensionText.allowed(each.dimension()),
                    each.meaning() + note);
            if (!each.changeable()) refusals.merge(each.refusal(), 1, Integer::sum);
        }
        if (!table.isEmpty()) table.print(console, "  ");
        int refused = refusals.values().stream().mapToInt(Integer::intValue).sum();
        if (refused == 0) return;
        console.out()
                .println("  " + refused + " of " + offer.parameters().size()
                        + " cannot be changed here and now, for example:");
        refusals.keySet().stream()
                .limit(3)
                .forEach(refusal -> console.out().println("    " + Console.printable(refusal)));
    }

    private static void printJson(Console console, List<Offer> offers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var targets = json.putArray("targets");
        for (Offer offer : offers) {
            var object = targets.addObject()
                    .put("name", offer.target().name())
                    .put("description", offer.target().description());
            var parameters = object.putArray("parameters");
            for (TunableParameter each : offer.parameters()) {
                var parameter = parameters
                        .addObject()
                        .put("name", each.name())
                        .put("value", each.value())
                        .put("meaning", each.meaning())
                        .put("changeable", each.changeable())
                        .put("refusal", each.refusal())
                        .put("administrator", each.administrator());
                parameter.set("allowed", DimensionText.json(each.dimension()));
            }
        }
        Json.print(console, json);
    }
}
