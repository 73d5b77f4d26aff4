package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.automation.RehearsalResult.CaseResult;
import dev.understudy.sandbox.control.RunReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rehearse",
        description = "Run an automation's test cases on a copy of the files and show what each would change.")
final class RehearseCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Parameters(paramLabel = "ID")
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        RehearsalResult result;
        Automation automation;
        try (Understudy understudy = root.open();
                var progress = new Progress(root.console())) {
            progress.step("Rehearsing " + id);
            result = understudy.automations().rehearsals().rehearse(id);
            automation = understudy.automations().get(id);
        }
        if (json) printJson(result, automation);
        else print(result, automation);
        return result.total() > 0 && result.passed() == result.total() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void printJson(RehearsalResult result, Automation automation) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("id", result.automationId());
        object.put("version", result.version());
        object.put("passed", result.passed());
        object.put("total", result.total());
        object.put("source", result.source().id());
        AutomationShape.putDeployable(object, automation);
        AutomationShape.putCompared(object, result.compared());
        var cases = object.putArray("cases");
        for (CaseResult each : result.cases()) {
            var entry = cases.addObject().put("name", each.name()).put("passed", each.passed());
            var problems = entry.putArray("problems");
            each.problems().forEach(problems::add);
            entry.set("run", RunView.json(each.report()));
        }
        Json.print(root.console(), object);
    }

    private void print(RehearsalResult result, Automation automation) {
        Console console = root.console();
        for (CaseResult each : result.cases()) {
            console.out()
                    .println((each.passed() ? Style.GREEN.of(console, "passed ") : Style.RED.of(console, "failed "))
                            + Console.printable(each.name())
                            + Style.DIM.of(
                                    console,
                                    "  " + Quantities.duration(each.report().duration())));
            for (String problem : each.problems())
                console.out().println("  " + Style.RED.of(console, Console.printable(problem)));
            for (RunReport.OutputLine line : each.report().output())
                if (line.channel().equals("stderr"))
                    console.out().println("  " + Style.DIM.of(console, "stderr: ") + Console.printable(line.text()));
            RunView.printChanges(console, each.report().changes(), RunView.Diffs.SHOWN);
        }
        if (result.total() == 0) {
            console.out()
                    .println("It has no test cases, and a parameter without a default: add [[tests]] to its metadata.");
            return;
        }
        console.out()
                .println("\n" + result.passed() + " of " + result.total()
                        + " cases passed. Your files are as they were.");
        console.out().println(AutomationView.compared(console, result.compared()));
        AutomationView.printProvesLittle(console, result.source().id());
        AutomationView.printVerdict(console, automation.rehearsal());
        if (AutomationView.isReady(automation))
            console.out().println("Next: " + root.commandPrefix() + " automations approve " + result.automationId());
    }
}
