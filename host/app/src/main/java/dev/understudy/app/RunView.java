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
    private static final int DIFF_LINES_SHOWN = 40;

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

    static void print(Console console, RunReport report, Diffs diffs) {
        for (RunReport.OutputLine line : report.output()) {
            var stream = line.channel().equals("stdout") ? console.out() : console.err();
            String prefix = line.channel().equals("stdout") || line.channel().equals("stderr")
                    ? ""
                    : Style.DIM.of(console, line.channel() + ": ");
            stream.println(prefix + Console.printable(line.text()));
        }
        printChanges(console, report.changes(), diffs);
        if (report.outcome() instanceof RunOutcome.Succeeded succeeded)
            console.out().println(succeeded.resultJson());
        if (report.outcome() instanceof RunOutcome.Failed failed
                && !failed.detail().isBlank())
            console.err()
                    .println(Style.DIM.of(
                            console, Console.printable(failed.detail().strip())));
    }

    enum Diffs {
        SHOWN,
        LEFT_OUT
    }

    static void printChanges(Console console, List<FileChange> changes, Diffs diffs) {
        for (FileChange change : changes) {
            String mark = switch (change.kind()) {
                case CREATED -> Style.GREEN.of(console, "+ created ");
                case CHANGED -> Style.YELLOW.of(console, "~ changed ");
                case DELETED -> Style.RED.of(console, "- deleted ");
            };
            String size = switch (change.kind()) {
                case CREATED -> Quantities.bytes(change.sizeAfter());
                case CHANGED -> Quantities.bytes(change.sizeBefore()) + " → " + Quantities.bytes(change.sizeAfter());
                case DELETED -> Quantities.bytes(change.sizeBefore());
            };
            console.out()
                    .println("  " + mark
                            + Console.printable(Console.shortened(change.path().toString()))
                            + (change.directory() ? "/" : "  " + Style.DIM.of(console, size)));
            if (diffs == Diffs.SHOWN) change.diff().ifPresent(diff -> printDiff(console, diff));
        }
    }

    private static void printDiff(Console console, String diff) {
        List<String> lines = diff.lines().toList();
        for (String line : lines.subList(0, Math.min(lines.size(), DIFF_LINES_SHOWN))) {
            String text = Console.printable(line);
            String styled = line.startsWith("+")
                    ? Style.GREEN.of(console, text)
                    : line.startsWith("-") ? Style.RED.of(console, text) : Style.DIM.of(console, text);
            console.out().println("      " + styled);
        }
        if (lines.size() > DIFF_LINES_SHOWN)
            console.out().println("      … " + (lines.size() - DIFF_LINES_SHOWN) + " more lines (--json has them all)");
    }
}
