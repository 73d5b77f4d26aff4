package dev.understudy.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.advice.AdviceService.Outcome;
import dev.understudy.core.automation.AdviceApplier.Application;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.Experiment;
import dev.understudy.spi.performance.Recommendation;
import java.util.List;

/** What came of applying a recommendation: a version, or a patch for somebody else. */
final class AppliedView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AppliedView() {}

    /**
     * {@code {recommendation_id, workflow, applied, …}}: of a version {@code automation, version, changes, rehearsal, experiment};
     * of settings {@code configuration, version, changes}; of parameters {@code parameters, changes}; of what is left to others
     * {@code reason, patch: [{action, arguments}]}.
     */
    static ObjectNode json(Recommendation recommendation, Outcome applied) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("recommendation_id", recommendation.recommendationId())
                .put("workflow", recommendation.workflow())
                .put("description", recommendation.description())
                .put("applied", !(applied instanceof Outcome.Left));
        switch (applied) {
            case Outcome.Version(var version) -> {
                object.put("automation", version.automation().id())
                        .put("version", version.automation().version());
                var changes = object.putArray("changes");
                version.changes().forEach(changes::add);
                object.putObject("rehearsal")
                        .put("passed", version.rehearsal().passed())
                        .put("total", version.rehearsal().total());
                version.comparison()
                        .ifPresentOrElse(
                                experiment -> object.putObject("experiment")
                                        .put("a", experiment.a().version())
                                        .put("b", experiment.b().version())
                                        .put("runs_each", experiment.runsEach()),
                                () -> object.putNull("experiment"));
            }
            case Outcome.Settings settings -> {
                object.put("configuration", settings.file().toString()).put("version", settings.version());
                object.set("changes", JSON.valueToTree(settings.changes()));
            }
            case Outcome.Parameters parameters -> {
                object.set("parameters", JSON.valueToTree(parameters.names()));
                object.set("changes", JSON.valueToTree(parameters.changes()));
            }
            case Outcome.Left left -> {
                object.put("reason", left.why());
                var patch = object.putArray("patch");
                for (Recommendation.Change each : recommendation.specificChanges())
                    patch.addObject().put("action", each.action()).set("arguments", JSON.valueToTree(each.arguments()));
            }
        }
        return object;
    }

    static void print(RootCommand root, Recommendation recommendation, Outcome applied) {
        Console console = root.console();
        switch (applied) {
            case Outcome.Version(var version) -> print(root, version);
            case Outcome.Settings settings -> {
                console.out()
                        .println("The configuration "
                                + Console.printable(settings.file().toString())
                                + " has a new version, the one before is kept:");
                printSet(root, recommendation, settings.changes());
                console.out().println("A host or 'up' that runs reads it when it starts again.");
            }
            case Outcome.Parameters parameters -> {
                console.out().println("Set, with what they held kept:");
                printSet(root, recommendation, parameters.changes());
            }
            case Outcome.Left left -> {
                console.out().println("Nothing was changed: " + Console.printable(left.why()) + ".");
                console.out().println(Console.printable(recommendation.description()));
                for (Recommendation.Change each : recommendation.specificChanges()) {
                    console.out().println("  " + Style.BOLD.of(console, Console.printable(each.action())));
                    each.arguments()
                            .forEach((name, value) ->
                                    console.out().println("    " + Console.printable(name + ": " + text(value))));
                }
                console.out()
                        .println("As JSON: add --json. Once it is done: " + root.commandPrefix() + " recommend accept "
                                + recommendation.recommendationId());
            }
        }
    }

    private static void printSet(RootCommand root, Recommendation recommendation, List<String> changes) {
        Console console = root.console();
        for (String each : changes) console.out().println("  " + Console.printable(each));
        console.out()
                .println("'recommend effects' compares the executions since with those before. To take it back: "
                        + root.commandPrefix() + " recommend undo " + recommendation.recommendationId());
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static void print(RootCommand root, Application.NewVersion version) {
        Console console = root.console();
        Automation automation = version.automation();
        console.out()
                .println(automation.id() + " has a version " + automation.version() + ", whose rehearsal passed "
                        + version.rehearsal().passed() + " of "
                        + version.rehearsal().total() + ":");
        for (String each : version.changes()) console.out().println("  " + Console.printable(each));
        if (version.comparison().isPresent()) {
            Experiment experiment = version.comparison().get();
            console.out()
                    .println("It runs in turn with version " + experiment.a().version() + ", " + experiment.runsEach()
                            + " times each; then the better one stays. 'recommend effects' tells what it brings.");
            return;
        }
        AutomationView.printVerdict(console, automation.rehearsal());
        console.out()
                .println("Next: " + root.commandPrefix() + " automations show " + automation.id() + " --version "
                        + automation.version());
    }
}
