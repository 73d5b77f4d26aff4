package dev.understudy.app;

import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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
        console.out()
                .println("score " + Math.round(analysis.potential().optimizationScore()) + " of 100: to gain are "
                        + percent(analysis.potential().performance()) + " in time, "
                        + percent(analysis.potential().reliability()) + " in reliability, "
                        + percent(analysis.potential().resources()) + " in resources");
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
        section(
                console,
                "Bottlenecks",
                analysis.bottlenecks().stream().map(Bottleneck::description).toList());
        section(
                console,
                "Getting worse",
                analysis.degradations().stream()
                        .map(each -> each.description() + " (probability " + percent(each.probability()) + ")")
                        .toList());
        printRecommendations(console, analysis.recommendations());
    }

    private static void section(Console console, String title, List<String> lines) {
        if (lines.isEmpty()) return;
        console.out().println(Style.BOLD.of(console, title));
        for (String line : lines) console.out().println("  - " + Console.printable(line) + ".");
    }

    static void printRecommendations(Console console, List<Recommendation> recommendations) {
        if (recommendations.isEmpty()) return;
        console.out().println(Style.BOLD.of(console, "Worth changing"));
        var table = new Table(
                Table.Column.left("expected"),
                Table.Column.left("effort"),
                Table.Column.left("risk"),
                Table.Column.wrapped("what"),
                Table.Column.wrapped("id"));
        for (Recommendation each : recommendations)
            table.row(
                    interval(each.expectedImprovement()),
                    lower(each.effort()),
                    lower(each.risk()),
                    each.description(),
                    each.recommendationId());
        table.print(console, "  ");
    }
}
