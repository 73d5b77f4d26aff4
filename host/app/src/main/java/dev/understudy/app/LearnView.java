package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.AutomationShape;
import dev.understudy.app.shape.PatternShape;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.engine.LearnReport;
import dev.understudy.core.engine.LearnReport.Learnt;
import dev.understudy.core.engine.LearnReport.Rejected;
import dev.understudy.core.patterns.Nearest;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the main job's outcome is shown: as JSON of the documented shape, and as tables. */
final class LearnView {
    private static final int PATTERNS_SHOWN = 15;
    private static final int REJECTED_SHOWN = 10;
    private static final String MORE = ", …";
    private static final int NEAREST_SHOWN = 3;

    /** With fewer patterns, it is said what came nearest. */
    private static final int FEW_PATTERNS = 3;

    private LearnView() {}

    static ObjectNode json(LearnReport report) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("tasks", ImportView.json(report.imports()));
        var patterns = json.putArray("patterns");
        for (TaskPattern pattern : report.patterns()) {
            ObjectNode object =
                    PatternShape.json(pattern).put("looksOnly", report.looking().contains(pattern.id()));
            String head = report.variants().get(pattern.id());
            if (head != null) object.put("variantOf", head);
            patterns.add(object);
        }
        var automations = json.putArray("automations");
        for (Learnt learnt : report.automations()) {
            ObjectNode object = AutomationShape.json(learnt.automation());
            object.put("description", learnt.file().description());
            object.put("patternId", learnt.pattern().id());
            var alternatives = object.putArray("alternatives");
            learnt.alternatives().forEach(alternatives::add);
            automations.add(object);
        }
        var rejected = json.putArray("rejected");
        for (Rejected each : report.rejected())
            rejected.addObject()
                    .put("patternId", each.pattern().id())
                    .put("taskType", each.pattern().taskType())
                    .put("reason", each.reason());
        var nearest = json.putArray("nearest");
        for (Nearest each : report.nearest())
            nearest.addObject().put("task", each.text()).put("how", each.how()).put("setting", each.setting());
        var problems = json.putArray("problems");
        report.problems().forEach(problems::add);
        return json;
    }

    static void print(RootCommand root, LearnReport report) {
        Console console = root.console();
        ImportView.print(console, report.imports());
        printPatterns(root, report);
        printAutomations(console, report.automations());
        printAlternatives(root, report.automations());
        printRejected(
                console,
                report.rejected().stream()
                        .filter(each -> isListed(report, each.pattern()))
                        .toList());
        PatternsCommand.warn(console, report.problems());
        printNext(root, report);
    }

    /** Whether a pattern is a routine of its own. */
    private static boolean isListed(LearnReport report, TaskPattern pattern) {
        return !report.looking().contains(pattern.id()) && !report.variants().containsKey(pattern.id());
    }

    private static void printPatterns(RootCommand root, LearnReport report) {
        Console console = root.console();
        List<TaskPattern> worthwhile = report.patterns().stream()
                .filter(pattern -> isListed(report, pattern))
                .toList();
        if (worthwhile.isEmpty()) console.out().println("\nNothing that changes anything repeats often enough yet.");
        else heading(console, "What repeats", worthwhile.size());
        PatternView.print(console, worthwhile.subList(0, Math.min(worthwhile.size(), PATTERNS_SHOWN)), "  ");
        if (worthwhile.size() > PATTERNS_SHOWN)
            console.out()
                    .println(Style.DIM.of(
                            console,
                            "  … " + (worthwhile.size() - PATTERNS_SHOWN) + " more: " + root.commandPrefix()
                                    + " patterns"));
        if (!report.variants().isEmpty())
            console.out()
                    .println(Style.DIM.of(
                            console, "  … and " + report.variants().size() + " that are variants or parts of these"));
        printLooking(
                console,
                report.patterns().stream()
                        .filter(pattern -> report.looking().contains(pattern.id()))
                        .toList());
        if (worthwhile.size() < FEW_PATTERNS) printNearest(console, report.nearest());
    }

    /** In one line, what a person would not call a routine. */
    private static void printLooking(Console console, List<TaskPattern> looking) {
        if (looking.isEmpty()) return;
        var line = new StringBuilder("  … and " + looking.size() + " that only look, move about or are done by hand: ");
        List<String> types = looking.stream()
                .map(pattern -> Console.printable(pattern.taskType()))
                .distinct()
                .toList();
        int shown = 0;
        while (shown < types.size()
                && (shown == 0 || line.length() + types.get(shown).length() + 2 * MORE.length() <= console.width()))
            line.append(shown == 0 ? "" : ", ").append(types.get(shown++));
        console.out().println(Style.DIM.of(console, line + (shown < types.size() ? MORE : "")));
    }

    private static void printNearest(Console console, List<Nearest> nearest) {
        if (nearest.isEmpty()) return;
        console.out().println("\n" + Style.BOLD.of(console, "Nearest to it"));
        for (Nearest each : nearest.subList(0, Math.min(nearest.size(), NEAREST_SHOWN)))
            console.out()
                    .println("  " + Console.printable(Console.shortened(each.text())) + ": " + each.how()
                            + Style.DIM.of(
                                    console, "; repetitive_task_detection." + each.setting() + " would show it"));
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
        printNeverCompared(console, automations);
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

    /** A rehearsal that only its template has judged proves less, so it is said. */
    private static void printNeverCompared(Console console, List<Learnt> automations) {
        String ids = automations.stream()
                .map(Learnt::automation)
                .filter(automation -> automation
                        .rehearsal()
                        .filter(score -> !score.compared().any())
                        .isPresent())
                .map(Automation::id)
                .collect(Collectors.joining(", "));
        if (ids.isEmpty()) return;
        console.out().println("  " + Style.YELLOW.of(console, RehearsalResult.NEVER + ":"));
        Table.wrap(Console.printable(ids), console.width() - 4)
                .forEach(line -> console.out().println("    " + line));
    }

    /** Where more than one template could serve, the person chooses. */
    private static void printAlternatives(RootCommand root, List<Learnt> automations) {
        for (Learnt learnt : automations) {
            if (learnt.alternatives().isEmpty()) continue;
            Automation automation = learnt.automation();
            root.console()
                    .out()
                    .println("  " + automation.id() + " is by the template " + automation.template() + "; "
                            + String.join(", ", learnt.alternatives()) + " could serve, too: "
                            + root.commandPrefix() + " create "
                            + learnt.pattern().id() + " --template "
                            + learnt.alternatives().getFirst());
        }
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
