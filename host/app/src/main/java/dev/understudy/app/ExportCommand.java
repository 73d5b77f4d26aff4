package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.automation.OwnScripts.Existing;
import dev.understudy.core.automation.OwnScripts.Exported;
import dev.understudy.core.problem.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "export",
        description = {
            "Write automations' newest versions as files with their metadata: export ID DIR, or export --all DIR.",
            "Adopting what was exported changes nothing."
        })
final class ExportCommand implements Callable<Integer> {
    @ParentCommand
    AutomationsCommand automations;

    @Parameters(paramLabel = "ID… DIR", arity = "1..*", description = "Automations, and the folder to write into.")
    List<String> arguments;

    @Option(names = "--all", description = "All that are not rejected or retired.")
    boolean all;

    @Option(names = "--force", description = "Replace files that hold something else.")
    boolean force;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        RootCommand root = automations.root;
        Path folder = Invocation.current().path(arguments.getLast());
        List<String> named = arguments.subList(0, arguments.size() - 1);
        if (all != named.isEmpty())
            throw UserException.badInput(
                    "There is nothing to export",
                    all ? "--all means every automation, and some are named, too" : "no automation was named",
                    "Write export ID DIR, or export --all DIR");
        List<Exported> exported;
        try (Understudy understudy = root.open()) {
            var service = understudy.automations();
            List<String> ids = !all
                    ? named
                    : service.list().stream()
                            .filter(automation -> automation.state() != AutomationState.RETIRED
                                    && automation.state() != AutomationState.REJECTED)
                            .map(Automation::id)
                            .toList();
            exported = ids.stream()
                    .map(id -> service.ownScripts().export(id, folder, force ? Existing.REPLACE : Existing.KEEP))
                    .toList();
        }
        if (json || automations.json) printJson(root, exported);
        else print(root, exported);
        return ExitCode.DONE;
    }

    private static void printJson(RootCommand root, List<Exported> exported) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("exported");
        for (Exported each : exported)
            array.addObject()
                    .put("file", Invocation.current().typed(each.file()))
                    .put("outcome", each.outcome().name().toLowerCase(Locale.ROOT));
        Json.print(root.console(), object);
    }

    private static void print(RootCommand root, List<Exported> exported) {
        for (Exported each : exported)
            root.console()
                    .out()
                    .println(
                            switch (each.outcome()) {
                                case WRITTEN -> "Wrote " + Invocation.current().typed(each.file());
                                case UNCHANGED -> Invocation.current().typed(each.file()) + " is as it was";
                            });
        if (exported.isEmpty()) root.console().out().println("There are no automations.");
    }
}
