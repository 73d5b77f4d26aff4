package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.Drafter.Creation;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.TaskPattern;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "create",
        description = {
            "Have an automation written for one pattern, by the template that you choose.",
            "One that another template wrote and nobody has approved yet becomes a new version. 'learn' does this for all"
                    + " patterns that are worth it and names the templates that could serve."
        })
final class CreateCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "PATTERN", description = "The id of a pattern, as 'patterns --json' has it.")
    String patternId;

    @Option(names = "--template", paramLabel = "NAME", description = "The template (default: the first that can).")
    @Nullable
    String template;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        try (Understudy understudy = root.open()) {
            TaskPattern pattern = understudy.patterns().stream()
                    .filter(each -> each.id().equals(patternId))
                    .findFirst()
                    .orElseThrow(() -> UserException.badInput(
                            "There is no pattern " + patternId,
                            "nothing that repeats has this id",
                            "'patterns --json' lists them all"));
            AutomationService service = understudy.automations();
            return tell(
                    template == null
                            ? service.drafter().create(pattern)
                            : service.drafter().create(pattern, template));
        }
    }

    private int tell(Creation creation) {
        return switch (creation) {
            case Creation.Rejected no ->
                throw UserException.notAllowed(
                        "No automation was written", no.reason(), "'create " + patternId + " --template NAME' insists");
            case Creation.Created created -> {
                if (json) printJson(created);
                else print(created);
                yield ExitCode.DONE;
            }
        };
    }

    private void printJson(Creation.Created created) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("change", created.change().name().toLowerCase(Locale.ROOT));
        object.set("automation", AutomationShape.json(created.automation()));
        var alternatives = object.putArray("alternatives");
        created.alternatives().forEach(alternatives::add);
        Json.print(root.console(), object);
    }

    private void print(Creation.Created created) {
        Console console = root.console();
        Automation automation = created.automation();
        String done = switch (created.change()) {
            case NEW -> " was written";
            case NEW_VERSION -> " has version " + automation.version() + " now";
            case NONE -> " is as it was";
        };
        console.out()
                .println(Style.BOLD.of(console, automation.id()) + done + ", by the template " + automation.template()
                        + ".");
        if (!created.alternatives().isEmpty())
            console.out().println("Others that could serve: " + String.join(", ", created.alternatives()));
        console.out().println("Next: " + root.commandPrefix() + " rehearse " + automation.id());
    }
}
