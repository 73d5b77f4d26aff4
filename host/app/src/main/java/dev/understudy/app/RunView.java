package dev.understudy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.workflow.StepReport;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a run is shown: as JSON of the documented shape, and as text. */
final class RunView {
    static final int DIFF_LINES_SHOWN = 40;

    private RunView() {}

    /** A limit that was hit, in words: the name as the metadata has it, what was allowed and what was used. */
    private record Limit(String name, long allowed, long used, String unit) {
        static @Nullable Limit of(RunOutcome outcome) {
            if (!(outcome instanceof RunOutcome.LimitExceeded exceeded)) return null;
            return switch (exceeded) {
                case RunOutcome.LimitExceeded.WallTime it ->
                    new Limit("wall", it.limit().toMillis(), it.used().toMillis(), "ms");
                case RunOutcome.LimitExceeded.CpuTime it ->
                    new Limit("cpu", it.limit().toMillis(), it.used().toMillis(), "ms");
                case RunOutcome.LimitExceeded.Memory it ->
                    new Limit("memory", it.limitBytes(), it.usedBytes(), "bytes");
                case RunOutcome.LimitExceeded.Processes it -> new Limit("processes", it.limit(), it.used(), "count");
                case RunOutcome.LimitExceeded.Output it ->
                    new Limit("output", it.limitBytes(), it.usedBytes(), "bytes");
                case RunOutcome.LimitExceeded.Disk it -> new Limit("disk", it.limitBytes(), it.usedBytes(), "bytes");
                case RunOutcome.LimitExceeded.OpenFiles it -> new Limit("files", it.limit(), it.used(), "count");
            };
        }

        String text() {
            return "the limit of " + quantity(allowed) + " " + label() + " was exceeded (used: " + quantity(used) + ")";
        }

        private String label() {
            return switch (name) {
                case "wall" -> "wall time";
                case "cpu" -> "CPU time";
                case "files" -> "open files";
                default -> name;
            };
        }

        private String quantity(long value) {
            return switch (unit) {
                case "ms" -> Quantities.duration(Duration.ofMillis(value));
                case "bytes" -> Quantities.bytes(value);
                default -> Long.toString(value);
            };
        }
    }

    static String outcomeName(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> "succeeded";
            case RunOutcome.Failed _ -> "failed";
            case RunOutcome.LimitExceeded _ -> "limit_exceeded";
            case RunOutcome.Refused _ -> "refused";
            case RunOutcome.Cancelled _ -> "cancelled";
        };
    }

    /** Why it did not succeed, in one line; null if it did. */
    static @Nullable String error(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> null;
            case RunOutcome.Failed failed -> failed.error();
            case RunOutcome.Refused refused ->
                refused.mend().isEmpty() ? refused.reason() : refused.reason() + "; " + refused.mend();
            case RunOutcome.Cancelled _ -> "cancelled";
            case RunOutcome.LimitExceeded exceeded -> {
                Limit limit = Limit.of(exceeded);
                yield limit == null ? "" : limit.text();
            }
        };
    }

    static ObjectNode json(RunReport report) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("outcome", outcomeName(report.outcome()));
        json.set("result", result(report.outcome()));
        json.put("error", error(report.outcome()));
        Limit limit = Limit.of(report.outcome());
        if (limit == null) {
            json.putNull("limit");
        } else {
            json.putObject("limit")
                    .put("name", limit.name())
                    .put("allowed", limit.allowed())
                    .put("used", limit.used())
                    .put("unit", limit.unit());
        }
        json.put("isolation", report.isolation().id());
        json.put("tier", report.tier().id());
        json.put("durationMillis", report.duration().toNanos() / 1_000_000.0);
        json.set("changes", changes(report.changes()));
        json.put("runId", report.runId());
        var output = json.putArray("output");
        report.output()
                .forEach(line ->
                        output.addObject().put("channel", line.channel()).put("text", line.text()));
        json.putObject("usage")
                .put("cpuMillis", report.usage().cpuTime().toNanos() / 1_000_000.0)
                .put("peakMemoryBytes", report.usage().peakMemoryBytes())
                .put("outputBytes", report.usage().outputBytes())
                .put("diskBytes", report.usage().diskBytes())
                .put("processes", report.usage().processes())
                .put("openFiles", report.usage().openFiles());
        return json;
    }

    /** A run with its steps, if it had any. */
    static ObjectNode json(RunReport report, List<StepReport> steps) {
        ObjectNode json = json(report);
        if (steps.isEmpty()) return json;
        var array = json.putArray("steps");
        for (StepReport step : steps)
            array.addObject()
                    .put("name", step.name())
                    .put("outcome", step.outcome())
                    .put("attempts", step.attempts())
                    .put("error", step.error())
                    .put("runId", step.runId())
                    .put("durationMillis", step.duration().toMillis());
        return json;
    }

    /** One line a step. */
    static void printSteps(Console console, List<StepReport> steps) {
        for (StepReport step : steps) {
            Style style = step.succeeded() ? Style.GREEN : Style.RED;
            String attempts = step.attempts() == 1 ? "" : ", " + step.attempts() + " attempts";
            console.out()
                    .println("  " + style.of(console, step.outcome()) + "  " + step.name() + "  "
                            + Style.DIM.of(console, Quantities.duration(step.duration()) + attempts)
                            + (step.error().isEmpty() ? "" : "  " + Console.printable(step.error())));
        }
    }

    private static JsonNode result(RunOutcome outcome) {
        if (!(outcome instanceof RunOutcome.Succeeded succeeded)) return NullNode.getInstance();
        try {
            return Json.MAPPER.readTree(succeeded.resultJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sandbox gave a result that is no JSON", e);
        }
    }

    static ArrayNode changes(List<FileChange> changes) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (FileChange change : changes) {
            var json = array.addObject()
                    .put("path", change.path().toString())
                    .put("kind", kind(change))
                    .put("directory", change.directory())
                    .put("sizeBefore", change.sizeBefore())
                    .put("sizeAfter", change.sizeAfter());
            change.diff().ifPresent(diff -> json.put("diff", diff));
        }
        return array;
    }

    private static String kind(FileChange change) {
        return change.kind().name().toLowerCase(Locale.ROOT);
    }

    /** Prints what the script printed, what it changed and its result; how it failed is said by {@link ScriptError}. */
    static void print(Console console, RunReport report, Diffs diffs) {
        String error = error(report.outcome());
        for (RunReport.OutputLine line : report.output()) {
            if (error != null && ScriptError.says(error, line)) continue;
            var stream = line.channel().equals("stdout") ? console.out() : console.err();
            String prefix = line.channel().equals("stdout") || line.channel().equals("stderr")
                    ? ""
                    : Style.DIM.of(console, line.channel() + ": ");
            stream.println(prefix + Console.printable(line.text()));
        }
        printChanges(console, report.changes(), diffs);
        if (report.outcome() instanceof RunOutcome.Succeeded succeeded)
            console.out().println(succeeded.resultJson());
    }

    /** Says how a run failed that was not asked to print JSON. */
    static void printError(Console console, String name, RunReport report) {
        String error = error(report.outcome());
        if (error == null) return;
        ScriptError said = ScriptError.of(name, error + raisedBy(report.outcome()), report);
        console.err().println(Console.printable(said.headline()));
        said.below().forEach(line -> console.err().println(Style.DIM.of(console, Console.printable(line))));
    }

    /** Which key of the metadata gives more of what a run had too little of. */
    private static String raisedBy(RunOutcome outcome) {
        Limit limit = Limit.of(outcome);
        return limit == null ? "" : "; limits = { " + limit.name() + " = … } in its head raises it";
    }

    enum Diffs {
        SHOWN,
        LEFT_OUT
    }

    static void printChanges(Console console, List<FileChange> changes, Diffs diffs) {
        for (FileChange change : changes) {
            console.out()
                    .println("  " + style(change).of(console, mark(change))
                            + Console.printable(Console.shortened(change.path().toString()))
                            + (change.directory() ? "/" : "  " + Style.DIM.of(console, size(change))));
            if (diffs == Diffs.SHOWN) change.diff().ifPresent(diff -> printDiff(console, diff));
        }
    }

    static String mark(FileChange change) {
        return switch (change.kind()) {
            case CREATED -> "+ created ";
            case CHANGED -> "~ changed ";
            case DELETED -> "- deleted ";
        };
    }

    static Style style(FileChange change) {
        return switch (change.kind()) {
            case CREATED -> Style.GREEN;
            case CHANGED -> Style.YELLOW;
            case DELETED -> Style.RED;
        };
    }

    static String size(FileChange change) {
        return switch (change.kind()) {
            case CREATED -> Quantities.bytes(change.sizeAfter());
            case CHANGED -> Quantities.bytes(change.sizeBefore()) + " → " + Quantities.bytes(change.sizeAfter());
            case DELETED -> Quantities.bytes(change.sizeBefore());
        };
    }

    /** By the sign with which a line of a diff begins. */
    static Style diffStyle(String line) {
        return line.startsWith("+") ? Style.GREEN : line.startsWith("-") ? Style.RED : Style.DIM;
    }

    private static void printDiff(Console console, String diff) {
        List<String> lines = diff.lines().toList();
        for (String line : lines.subList(0, Math.min(lines.size(), DIFF_LINES_SHOWN))) {
            console.out().println("      " + diffStyle(line).of(console, Console.printable(line)));
        }
        if (lines.size() > DIFF_LINES_SHOWN)
            console.out().println("      … " + (lines.size() - DIFF_LINES_SHOWN) + " more lines (--json has them all)");
    }
}
