package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.core.LearnReport;
import dev.understudy.core.LearnReport.Learnt;
import dev.understudy.core.LearnReport.Rejected;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Optional;

/** How the main job's outcome is shown: as JSON of the documented shape, and as tables. */
final class LearnView {
    private static final int PATTERNS_SHOWN = 15;
    private static final int REJECTED_SHOWN = 10;

    private LearnView() {}

    static ObjectNode json(LearnReport report) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("tasks", ImportView.json(report.imports()));
        var patterns = json.putArray("patterns");
        for (TaskPattern pattern : report.patterns()) patterns.add(PatternShape.json(pattern));
        var automations = json.putArray("automations");
        for (Learnt learnt : report.automations()) {
            ObjectNode object = AutomationShape.json(learnt.automation());
            object.put("description", learnt.file().description());
            object.put("patternId", learnt.pattern().id());
            automations.add(object);
        }
        var rejected = json.putArray("rejected");
        for (Rejected each : report.rejected())
            rejected.addObject()
                    .put("patternId", each.pattern().id())
                    .put("taskType", each.pattern().taskType())
                    .put("reason", each.reason());
        var problems = json.putArray("problems");
        report.problems().forEach(problems::add);
        return json;
    }

    static void print(RootCommand root, LearnReport report) {
        Console console = root.console();
        ImportView.print(console, report.imports());
        printPatterns(console, report.patterns());
        printAutomations(console, report.automations());
        printRejected(console, report.rejected());
        for (String problem : report.problems()) console.err().println("understudy: " + Console.printable(problem));
        printNext(root, report);
    }

    private static void printPatterns(Console console, List<TaskPattern> patterns) {
        if (patterns.isEmpty()) {
            console.out().println("\nNothing repeats often enough yet (repetitive_task_detection.min_occurrences).");
            return;
        }
        heading(console, "What repeats", patterns.size());
        PatternView.print(console, patterns.subList(0, Math.min(patterns.size(), PATTERNS_SHOWN)), "  ");
        if (patterns.size() > PATTERNS_SHOWN)
            console.out()
                    .println(Style.DIM.of(
                            console, "  … " + (patterns.size() - PATTERNS_SHOWN) + " more: understudy patterns"));
    }

    private static void printAutomations(Console console, List<Learnt> automations) {
        if (automations.isEmpty()) return;
        heading(console, "Automations written for it", automations.size());
        var table = new Table(
                Table.Column.left("automation"),
                Table.Column.left("language"),
                Table.Column.left("rehearsal"),
                Table.Column.left("state"),
                Table.Column.wrapped("what it does"));
        for (Learnt learnt : automations) {
            Automation automation = learnt.automation();
            table.row(
                    new Table.Cell(automation.id(), Style.BOLD),
                    automation.language(),
                    AutomationView.rehearsal(automation),
                    AutomationView.state(automation),
                    Console.shortened(learnt.file().description()));
        }
        table.print(console, "  ");
        for (Learnt learnt : automations)
            learnt.rehearsal()
                    .ifPresent(rehearsal -> rehearsal.cases().stream()
                            .filter(each -> !each.passed())
                            .findFirst()
                            .ifPresent(each -> console.out()
                                    .println(Style.RED.of(
                                                    console,
                                                    "  " + learnt.automation().id() + ", case '"
                                                            + Console.printable(each.name()) + "': ")
                                            + Console.printable(each.problems().getFirst()))));
    }

    private static void printRejected(Console console, List<Rejected> rejected) {
        if (rejected.isEmpty()) return;
        heading(console, "Left alone", rejected.size());
        var table = new Table(Table.Column.wrapped("task"), Table.Column.wrapped("why"));
        for (Rejected each : rejected.subList(0, Math.min(rejected.size(), REJECTED_SHOWN)))
            table.row(PatternText.shape(each.pattern()), new Table.Cell(each.reason(), Style.DIM));
        table.print(console, "  ");
        if (rejected.size() > REJECTED_SHOWN)
            console.out()
                    .println(Style.DIM.of(
                            console, "  … " + (rejected.size() - REJECTED_SHOWN) + " more (--json has them all)"));
    }

    private static void printNext(RootCommand root, LearnReport report) {
        Console console = root.console();
        Optional<Automation> ready = report.automations().stream()
                .map(Learnt::automation)
                .filter(automation -> automation.state() == AutomationState.REHEARSED)
                .findFirst();
        if (ready.isEmpty()) return;
        String id = ready.get().id();
        console.out().println("\n" + Style.BOLD.of(console, "Next"));
        var table = new Table(Table.Column.left(""), Table.Column.left(""));
        table.row(
                root.commandPrefix() + " automations show " + id,
                new Table.Cell("the script, and what it would change", Style.DIM));
        table.row(
                root.commandPrefix() + " automations approve " + id,
                new Table.Cell("let it run from now on", Style.DIM));
        table.print(console, "  ");
    }

    private static void heading(Console console, String text, int count) {
        console.out().println("\n" + Style.BOLD.of(console, text) + Style.DIM.of(console, " (" + count + ")"));
    }
}
