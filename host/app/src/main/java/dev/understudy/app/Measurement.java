package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.core.Understudy;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.testing.MeasuredUse;
import dev.understudy.core.testing.MeasuredUse.Entry;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code run --measure}: runs a script several times and proposes limits. */
final class Measurement {
    private final Console console;
    private final Understudy understudy;
    private final RunCommand command;

    Measurement(Console console, Understudy understudy, RunCommand command) {
        this.console = console;
        this.understudy = understudy;
        this.command = command;
    }

    int call() throws InterruptedException {
        AutomationService automations = understudy.automations();
        Limits current = current(automations);
        List<RunReport> reports = runAll(automations);
        RunReport last = reports.getLast();
        if (!(last.outcome() instanceof RunOutcome.Succeeded)) {
            command.print(last);
            return ExitCode.of(last.outcome());
        }
        MeasuredUse use = MeasuredUse.of(reports, current);
        if (command.json) printJson(use, last);
        else print(use);
        return ExitCode.DONE;
    }

    /** The measured runs, up to the first that does not succeed. */
    private List<RunReport> runAll(AutomationService automations) throws InterruptedException {
        Mode mode = command.keepChanges ? Mode.COMMIT : Mode.REHEARSE;
        var reports = new ArrayList<RunReport>();
        try (var progress = new Progress(console)) {
            // The first run waits for a cell to start, which is no use of the script's.
            progress.step("Running it once before the measured runs");
            RunReport report = command.run(automations, Mode.REHEARSE, RunListener.SILENT);
            if (!(report.outcome() instanceof RunOutcome.Succeeded)) return List.of(report);
            while (report.outcome() instanceof RunOutcome.Succeeded && reports.size() < command.runs) {
                progress.step("Measuring run " + (reports.size() + 1) + " of " + command.runs);
                report = command.run(automations, mode, RunListener.SILENT);
                reports.add(report);
            }
        }
        return reports;
    }

    private Limits current(AutomationService automations) {
        return RunCommand.isFile(command.idOrFile)
                ? AutomationFile.load(
                                Invocation.current().path(command.idOrFile),
                                understudy.config().sandbox())
                        .limits()
                : automations.read(automations.get(command.idOrFile)).limits();
    }

    private void print(MeasuredUse use) {
        var table = new Table(
                Table.Column.left("limit"),
                Table.Column.right("used at most"),
                Table.Column.right("allowed now"),
                Table.Column.right("proposed"));
        for (Entry entry : use.entries())
            table.row(
                    entry.name(),
                    quantity(entry, entry.used()),
                    quantity(entry, entry.current()),
                    quantity(entry, entry.proposed()));
        table.print(console, "  ");
        String kept = command.keepChanges ? "Their changes were made." : "Nothing was changed.";
        console.out().println("\n" + use.runs() + " runs. " + kept + " Proposed is " + MeasuredUse.RULE + ".");
        console.out().println("For its metadata:\n\n" + use.metadataLine());
    }

    private static String quantity(Entry entry, long value) {
        return switch (entry.unit()) {
            case MILLISECONDS -> Quantities.duration(Duration.ofMillis(value));
            case BYTES -> Quantities.bytes(value);
            case COUNT -> Long.toString(value);
        };
    }

    private void printJson(MeasuredUse use, RunReport report) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("runs", use.runs());
        json.put("changesKept", command.keepChanges);
        json.put("isolation", report.isolation().id());
        json.put("tier", report.tier().id());
        var limits = json.putArray("limits");
        for (Entry entry : use.entries())
            limits.addObject()
                    .put("name", entry.name())
                    .put("unit", unit(entry.unit()))
                    .put("used", entry.used())
                    .put("allowed", entry.current())
                    .put("proposed", entry.proposed());
        json.put("line", use.metadataLine());
        json.put("rule", MeasuredUse.RULE);
        Json.print(console, json);
    }

    private static String unit(MeasuredUse.Unit unit) {
        return switch (unit) {
            case MILLISECONDS -> "ms";
            case BYTES -> "bytes";
            case COUNT -> "count";
        };
    }
}
