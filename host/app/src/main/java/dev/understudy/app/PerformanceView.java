package dev.understudy.app;

import dev.understudy.core.performance.Folded;
import dev.understudy.core.performance.Normal;
import dev.understudy.core.performance.ResourceStatistics;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Grade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How workflows, bottlenecks and advice are shown. */
final class PerformanceView {
    private PerformanceView() {}

    static String millis(double millis) {
        if (Double.isNaN(millis)) return "-";
        if (millis < 10) return String.format(Locale.ROOT, "%.2f ms", millis);
        return Quantities.duration(Duration.ofNanos(Math.round(millis * 1e6)));
    }

    static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String interval(Interval interval) {
        return String.format(
                Locale.ROOT, "%.0f %% (%.0f to %.0f)", interval.estimate(), interval.low(), interval.high());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void printList(Console console, List<WorkflowAnalysis> analyses) {
        var table = new Table(
                Table.Column.right("score"),
                Table.Column.right("executions"),
                Table.Column.right("mean"),
                Table.Column.right("p95"),
                Table.Column.right("success"),
                Table.Column.wrapped("workflow"),
                Table.Column.wrapped("most worth changing"));
        for (WorkflowAnalysis each : analyses)
            table.row(
                    Math.round(each.potential().optimizationScore()),
                    each.executions().count(),
                    millis(each.executions().meanMillis()),
                    millis(each.executions().p95Millis()),
                    percent(each.executions().successRate()),
                    each.workflow(),
                    each.recommendations().isEmpty()
                            ? ""
                            : each.recommendations().getFirst().type() + ": "
                                    + interval(each.recommendations().getFirst().expectedImprovement()));
        table.print(console, "");
    }

    static void print(Console console, WorkflowAnalysis analysis) {
        console.out()
                .println(Style.BOLD.of(console, Console.printable(analysis.workflow())) + "  "
                        + analysis.executions().count() + " executions, mean "
                        + millis(analysis.executions().meanMillis()) + ", p95 "
                        + millis(analysis.executions().p95Millis()) + ", "
                        + percent(analysis.executions().successRate()) + " successful");
        if (analysis.normal().origin() != Normal.Origin.CONFIGURED)
            console.out()
                    .println("up to "
                            + Quantities.duration(analysis.normal().thresholds().maxDuration())
                            + (analysis.normal().origin() == Normal.Origin.SET
                                    ? " are set for it"
                                    : " are usual for it"));
        used(analysis.use()).ifPresent(line -> console.out().println(line));
        console.out()
                .println("score " + Math.round(analysis.potential().optimizationScore()) + " of 100: to gain are "
                        + percent(analysis.potential().performance()) + " in time, "
                        + percent(analysis.potential().reliability()) + " in reliability, "
                        + percent(analysis.potential().resources()) + " in resources");
        if (!analysis.steps().isEmpty()) printSteps(console, analysis);
        section(
                console,
                "Bottlenecks",
                analysis.foldedBottlenecks().stream()
                        .map(each -> each.strongest().description() + alike(each))
                        .toList());
        section(
                console,
                "Getting worse",
                analysis.foldedDegradations().stream()
                        .map(each -> each.strongest().description() + " (probability "
                                + percent(each.strongest().probability()) + ")" + alike(each))
                        .toList());
        printRecommendations(console, analysis.recommendations());
    }

    private static void printSteps(Console console, WorkflowAnalysis analysis) {
        var table = new Table(
                Table.Column.wrapped("step"),
                Table.Column.right("times"),
                Table.Column.right("mean"),
                Table.Column.right("median"),
                Table.Column.right("p95"),
                Table.Column.right("p99"),
                Table.Column.right("success"));
        analysis.steps()
                .forEach((name, step) -> table.row(
                        name,
                        step.count(),
                        millis(step.meanMillis()),
                        millis(step.medianMillis()),
                        millis(step.p95Millis()),
                        millis(step.p99Millis()),
                        percent(step.successRate())));
        table.print(console, "  ");
    }

    /** That others say the same; what they say stands in the JSON. */
    private static String alike(Folded<?> folded) {
        return folded.also().isEmpty() ? "" : " (" + folded.also().size() + " more say so)";
    }

    /** What was used, in a line; empty where nothing was measured. */
    static Optional<String> used(ResourceStatistics use) {
        if (use.measured() == 0) return Optional.empty();
        var parts = new ArrayList<String>();
        part(parts, "processor", use.cpuPercent(), use.cpuWastedShare());
        part(parts, "memory", use.memoryPercent(), use.memoryWastedShare());
        var used = new ArrayList<String>();
        if (!parts.isEmpty()) used.add("uses of what it is allotted: " + String.join("; ", parts));
        if (!Double.isNaN(use.ioBytes().mean()))
            used.add("reads and writes " + bytes(use.ioBytes().mean()) + " in an execution (p95 "
                    + bytes(use.ioBytes().p95()) + ")");
        return Optional.of(String.join("; ", used));
    }

    /** An amount; "-" for what was not measured. */
    static String bytes(double bytes) {
        return Double.isNaN(bytes) ? "-" : Quantities.bytes(Math.round(bytes));
    }

    private static void part(List<String> parts, String name, ResourceStatistics.Spread used, double wasted) {
        if (Double.isNaN(used.mean())) return;
        parts.add(name + " " + percent(used.mean() / 100) + " (p95 " + percent(used.p95() / 100) + ")"
                + (Double.isNaN(wasted) ? "" : ", " + percent(wasted) + " wasted"));
    }

    private static void section(Console console, String title, List<String> lines) {
        if (lines.isEmpty()) return;
        console.out().println(Style.BOLD.of(console, title));
        for (String line : lines) console.out().println("  - " + Console.printable(line) + ".");
    }

    /** What may be wrong stands apart, below what is not. */
    static void printRecommendations(Console console, List<Recommendation> recommendations) {
        print(console, "Worth changing", recommendations.stream().filter(each -> each.risk() != Grade.HIGH));
        print(
                console,
                "Possible, but of a high risk",
                recommendations.stream().filter(each -> each.risk() == Grade.HIGH));
    }

    /** Each id on a line of its own, whole however narrow the console is, so that it can be copied. */
    private static void print(Console console, String title, Stream<Recommendation> stream) {
        List<Recommendation> recommendations = stream.toList();
        if (recommendations.isEmpty()) return;
        console.out().println(Style.BOLD.of(console, title));
        for (Recommendation each : recommendations) {
            var table = new Table(
                    Table.Column.left("expected"),
                    Table.Column.left("effort"),
                    Table.Column.left("risk"),
                    Table.Column.wrapped("what"));
            table.row(
                    interval(each.expectedImprovement()), lower(each.effort()), lower(each.risk()), each.description());
            table.print(console, "  ");
            console.out().println("  " + Style.DIM.of(console, Console.printable(each.recommendationId())));
        }
    }
}
