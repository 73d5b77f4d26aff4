package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.system.PersonsLocale;
import dev.understudy.sandbox.control.ProcessStarter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "customize",
        description = {
            "Open an automation's script in your editor ($VISUAL or $EDITOR) and keep what you make of it as a new version.",
            "It is rehearsed, and runs once you approve it; until then the version before goes on."
        })
final class CustomizeCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "ID")
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Understudy understudy = root.open()) {
            AutomationService service = understudy.automations();
            Automation before = service.get(id);
            String name = String.valueOf(before.file().getFileName());
            Path draft = understudy.home().folder("drafts").resolve(id + name.substring(name.lastIndexOf('.')));
            // What was typed last time and had mistakes is gone on with.
            if (Files.notExists(draft)) {
                DataHome.createPrivateFile(draft);
                Files.writeString(draft, service.script(id, before.version()));
            }
            edit(draft);
            Automation after = keep(service, draft);
            Files.delete(draft);
            boolean changed = after.version() != before.version();
            Optional<RehearsalResult> rehearsal = Optional.empty();
            if (changed && understudy.config().automationCreation().testBeforeDeploy())
                rehearsal = Optional.of(rehearse(service));
            if (json) printJson(service.get(id), changed);
            else print(service.get(id), changed, rehearsal);
            boolean passed = rehearsal
                    .filter(it -> it.total() == 0 || it.passed() < it.total())
                    .isEmpty();
            return passed ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private RehearsalResult rehearse(AutomationService service) throws InterruptedException {
        try (var progress = new Progress(root.console())) {
            progress.step("Rehearsing " + id);
            return service.rehearsals().rehearse(id);
        }
    }

    /** A text with mistakes stays where it is, so that nothing typed is lost. */
    private Automation keep(AutomationService service, Path draft) throws IOException {
        try {
            return service.life().addVersion(id, draft.toString(), Files.readString(draft));
        } catch (UserException e) {
            root.console()
                    .err()
                    .println("understudy: No version was made of it. Your text is kept in " + draft + "; '"
                            + root.commandPrefix() + " customize " + id + "' opens it again.");
            throw e;
        }
    }

    private static void edit(Path file) throws IOException, InterruptedException {
        String editor = editor();
        // The variable may hold arguments, like "code --wait"; so a shell reads it, as git has it done.
        var builder =
                new ProcessBuilder(List.of("/bin/sh", "-c", editor + " \"$@\"", editor, file.toString())).inheritIO();
        PersonsLocale.restore(builder.environment());
        int exitCode;
        try (var starter = new ProcessStarter()) {
            exitCode = starter.start(builder).waitFor();
        }
        if (exitCode != 0)
            throw UserException.failed(
                    "No version was made",
                    "the editor '" + editor + "' ended with exit code " + exitCode,
                    "Your text is kept in " + file + "; set VISUAL or EDITOR if this is not your editor");
    }

    private static String editor() {
        for (String variable : List.of("VISUAL", "EDITOR")) {
            String set = Invocation.current().environment().get(variable);
            if (set != null && !set.isBlank()) return set;
        }
        throw UserException.badInput(
                "No editor can be opened", "neither VISUAL nor EDITOR is set", "Set one, like EDITOR=nano");
    }

    private void printJson(Automation automation, boolean changed) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("changed", changed);
        object.set("automation", AutomationShape.json(automation));
        Json.print(root.console(), object);
    }

    private void print(Automation automation, boolean changed, Optional<RehearsalResult> rehearsal) {
        Console console = root.console();
        if (!changed) {
            console.out().println("The text is as it was, so no version was made.");
            return;
        }
        console.out().println(id + " has version " + automation.version() + " now.");
        rehearsal.ifPresent(result -> AutomationView.printRehearsal(console, result, automation));
        String next =
                rehearsal.isEmpty() || AutomationView.isReady(automation) ? " automations approve " : " customize ";
        console.out().println("Next: " + root.commandPrefix() + next + id);
        automation
                .deployedVersion()
                .filter(_ -> automation.state().runs())
                .ifPresent(version -> console.out().println("Until you approve it, version " + version + " runs."));
    }
}
