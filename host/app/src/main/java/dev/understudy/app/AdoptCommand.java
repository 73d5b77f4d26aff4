package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.OwnScripts.Adopted;
import dev.understudy.core.automation.RehearsalResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "adopt",
        description = {
            "Make an automation of a script file of your own, with versions, triggers, comparison and rollback, and rehearse"
                    + " it with its [[tests]].",
            "A script without metadata gets what its name and its text show: language, parameters, the paths and programs"
                    + " that it names; what was written is said.",
            "A file that has changed since becomes a new version, which runs once you approve it; one that has not changes"
                    + " nothing. Your file stays where it is. Folders under automations.watch are adopted by 'up'."
        })
final class AdoptCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Script files; 'check FILE' says what is wrong in one.")
    List<Path> files;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** What became of a file: where its automation stands after its rehearsal, if there was one. */
    private record Outcome(Adopted adopted, Automation automation, Optional<RehearsalResult> rehearsal) {
        boolean good() {
            return rehearsal.isEmpty() || AutomationView.isReady(automation);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        return adopt(root, files, json);
    }

    /** Adopts files, rehearses what is new about them, and says what became of each. */
    static int adopt(RootCommand root, List<Path> files, boolean json) throws InterruptedException {
        try (Understudy understudy = root.open()) {
            return adopt(root.console(), root.commandPrefix(), understudy, files, json);
        }
    }

    /**
     * The same in an engine that is open already.
     *
     * @param commandPrefix how the person types a command on the same data
     */
    static int adopt(Console console, String commandPrefix, Understudy understudy, List<Path> files, boolean json)
            throws InterruptedException {
        var outcomes = new ArrayList<Outcome>();
        AutomationService service = understudy.automations();
        for (Adopted adopted : service.ownScripts().adopt(files)) {
            String id = adopted.automation().id();
            boolean rehearses = adopted.automation().rehearsal().isEmpty()
                    && understudy.config().sandbox().enabled();
            Optional<RehearsalResult> rehearsal =
                    rehearses ? Optional.of(rehearse(console, service, id)) : Optional.empty();
            outcomes.add(new Outcome(adopted, service.get(id), rehearsal));
        }
        if (json) printJson(console, outcomes);
        else outcomes.forEach(outcome -> print(console, commandPrefix, outcome));
        return outcomes.stream().allMatch(Outcome::good) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static RehearsalResult rehearse(Console console, AutomationService service, String id)
            throws InterruptedException {
        try (var progress = new Progress(console)) {
            progress.step("Rehearsing " + id);
            return service.rehearsals().rehearse(id);
        }
    }

    private static void printJson(Console console, List<Outcome> outcomes) {
        var object = JsonNodeFactory.instance.objectNode();
        var array = object.putArray("adopted");
        for (Outcome outcome : outcomes) {
            var entry = array.addObject()
                    .put("change", outcome.adopted().change().name().toLowerCase(Locale.ROOT))
                    .put(
                            "source",
                            outcome.rehearsal().map(it -> it.source().id()).orElse(null));
            var head = entry.putArray("head");
            outcome.adopted().head().forEach(head::add);
            entry.set("automation", AutomationShape.json(outcome.automation()));
        }
        Json.print(console, object);
    }

    private static void print(Console console, String commandPrefix, Outcome outcome) {
        Automation automation = outcome.automation();
        String id = automation.id();
        console.out().println(Style.BOLD.of(console, id) + " " + said(outcome.adopted()));
        printHead(console, outcome.adopted());
        outcome.adopted().unchecked().ifPresent(why -> console.out().println("Mind that " + why + "."));
        outcome.rehearsal().ifPresent(result -> AutomationView.printRehearsal(console, result, automation));
        if (automation.rehearsal().isEmpty())
            console.out().println("Nothing was rehearsed: the sandbox is switched off (sandbox.enabled: false).");
        if (automation.deployedVersion().equals(Optional.of(automation.version()))) return;
        boolean untested =
                automation.rehearsal().filter(score -> score.total() == 0).isPresent();
        String next = AutomationView.isReady(automation) ? " automations approve " : " rehearse ";
        console.out()
                .println("Next: "
                        + (untested
                                ? "add [[tests]] to the file's metadata, and adopt it again"
                                : commandPrefix + next + id));
        automation
                .deployedVersion()
                .filter(_ -> automation.state().runs())
                .ifPresent(version -> console.out().println("Until you approve it, version " + version + " runs."));
    }

    /** What was written for a script without metadata: a person should know what it asks for. */
    private static void printHead(Console console, Adopted adopted) {
        if (adopted.head().isEmpty()) return;
        console.out()
                .println("It has no metadata, so these were written from its name and what its text shows; 'customize "
                        + adopted.automation().id() + "' changes them:");
        for (String line : adopted.head()) console.out().println(Style.DIM.of(console, "  " + Console.printable(line)));
    }

    private static String said(Adopted adopted) {
        int version = adopted.automation().version();
        return switch (adopted.change()) {
            case NEW -> "is an automation now, at version 1; it does not run before you approve it.";
            case NEW_VERSION -> "has version " + version + " now.";
            case NONE -> "is as it was: version " + version + " has these very bytes, so nothing changes.";
        };
    }
}
