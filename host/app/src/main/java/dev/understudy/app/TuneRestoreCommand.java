package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.Understudy;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.Standing;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "restore",
        description = {
            "Put parameters back to what they held before tuning: all that still stand changed, or those named.",
            "What somebody else has set since stays; so does what a tuning that runs is trying."
        })
final class TuneRestoreCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Parameters; all that stand changed if none is named.")
    List<String> names = List.of();

    @Option(names = "--list", description = "Only list what stands changed.")
    boolean list;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = (RootCommand) spec.root().userObject();
        Set<String> wanted = new TreeSet<>(names);
        try (Understudy understudy = root.open()) {
            requireKnown(understudy, wanted);
            if (list) {
                show(
                        root.console(),
                        understudy.parameterJournal().standing().stream()
                                .filter(each -> wanted.isEmpty() || wanted.contains(each.parameter()))
                                .toList());
                return ExitCode.DONE;
            }
            List<Restoration> done = understudy.parameterJournal().restore(wanted);
            report(root.console(), done);
            return done.stream().anyMatch(each -> each.outcome() == Outcome.FAILED) ? ExitCode.FAILED : ExitCode.DONE;
        }
    }

    /** That a parameter stands as it was is fine, a name that nobody knows is a slip. */
    private static void requireKnown(Understudy understudy, Set<String> wanted) {
        var unknown = new TreeSet<>(wanted);
        understudy.parameterJournal().standing().forEach(each -> unknown.remove(each.parameter()));
        if (unknown.isEmpty()) return;
        TargetParameters known = TargetParameters.of(understudy);
        unknown.forEach(known::get);
    }

    private void report(Console console, List<Restoration> done) {
        if (json) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("parameters");
            for (Restoration each : done)
                array.addObject()
                        .put("target", each.target())
                        .put("name", each.parameter())
                        .put("before", each.before())
                        .put("set", each.set())
                        .put("found", each.found())
                        .put("outcome", each.outcome().name().toLowerCase(Locale.ROOT))
                        .put("reason", each.reason());
            Json.print(console, object);
            return;
        }
        if (done.isEmpty()) console.out().println("Nothing stands changed.");
        for (Restoration each : done) console.out().println(Console.printable(each.text()) + ".");
    }

    private void show(Console console, List<Standing> standing) {
        if (json) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("parameters");
            for (Standing each : standing)
                array.addObject()
                        .put("target", each.target())
                        .put("name", each.parameter())
                        .put("before", each.before())
                        .put("set", each.set())
                        .put("purpose", each.purpose())
                        .put("since", each.since().toString())
                        .put("state", each.state().name().toLowerCase(Locale.ROOT));
            Json.print(console, object);
            return;
        }
        if (standing.isEmpty()) {
            console.out().println("Nothing stands changed.");
            return;
        }
        var table = new Table(
                Table.Column.left("parameter"),
                Table.Column.right("was"),
                Table.Column.wrapped("set to"),
                Table.Column.left("when"),
                Table.Column.left("by"));
        for (Standing each : standing)
            table.row(
                    each.parameter(),
                    each.before(),
                    each.set(),
                    VersionsView.time(each.since()),
                    switch (each.state()) {
                        case IN_USE -> each.purpose() + ", which runs";
                        case KEPT -> each.purpose();
                        case LEFT -> each.purpose() + ", which could not put it back";
                    });
        table.print(console, "");
    }
}
