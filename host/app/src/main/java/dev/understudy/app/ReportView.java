package dev.understudy.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.core.Report;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.ResourceStatistics;
import dev.understudy.core.performance.WorkflowAnalysis;
import java.util.Locale;

/**
 * How {@code report} shows what it says.
 *
 * @param period as the person wrote it
 * @param report what is said
 * @param kept figures over all that is kept
 */
record ReportView(String period, PerformanceReport report, Report kept) {
    private static final double[] NOT_MEASURED = {
        Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN
    };

    void print(Console console) {
        console.out()
                .println(Style.BOLD.of(console, "Summary") + " of " + period + " until "
                        + report.period().to().toString().substring(0, 16).replace('T', ' ') + " UTC");
        if (report.workflows().isEmpty()) {
            console.out().println("  No executions were recorded in this time.");
            printProcesses(console);
            return;
        }
        PerformanceReport.ExecutiveSummary summary = report.summary();
        console.out()
                .println("  " + summary.totalExecutions() + " executions of "
                        + (report.workflows().size() == 1
                                ? "one workflow, "
                                : report.workflows().size() + " workflows, ")
                        + PerformanceView.millis(summary.averageMillis()) + " on average, "
                        + PerformanceView.percent(summary.successRate()) + " successful");
        console.out()
                .println("  " + summary.recommendationsThatImproved() + " of " + summary.recommendationsFollowed()
                        + " followed recommendations have improved something, "
                        + saved(summary.savedMillis()) + summary.opportunities() + " opportunities are left");
        console.out().println();
        PerformanceView.printList(console, report.workflows());
        for (WorkflowAnalysis each : report.workflows()) {
            console.out().println();
            PerformanceView.print(console, each);
        }
        printProcesses(console);
    }

    private static String saved(double millis) {
        if (millis == 0) return "";
        return PerformanceView.millis(Math.abs(millis)) + (millis > 0 ? " were saved, " : " were lost, ");
    }

    private void printProcesses(Console console) {
        if (report.processes().isEmpty()) return;
        console.out().println();
        console.out().println(Style.BOLD.of(console, "Processes"));
        var table = new Table(
                Table.Column.right("score"),
                Table.Column.right("times"),
                Table.Column.right("mean"),
                Table.Column.right("p95"),
                Table.Column.right("success"),
                Table.Column.right("CPU"),
                Table.Column.right("CPU p95"),
                Table.Column.right("memory"),
                Table.Column.right("memory p95"),
                Table.Column.right("I/O"),
                Table.Column.right("bottlenecks"),
                Table.Column.left(""),
                Table.Column.wrapped("process"));
        for (WorkflowAnalysis each : report.processes())
            table.row(
                    Math.round(each.potential().optimizationScore()),
                    each.executions().count(),
                    PerformanceView.millis(each.executions().meanMillis()),
                    PerformanceView.millis(each.executions().p95Millis()),
                    PerformanceView.percent(each.executions().successRate()),
                    PerformanceView.percent(each.use().cpuPercent().mean() / 100),
                    PerformanceView.percent(each.use().cpuPercent().p95() / 100),
                    PerformanceView.percent(each.use().memoryPercent().mean() / 100),
                    PerformanceView.percent(each.use().memoryPercent().p95() / 100),
                    PerformanceView.bytes(each.use().ioBytes().mean()),
                    each.executions().bottlenecks(),
                    report.slowProcesses().contains(each.workflow()) ? "slow" : "",
                    each.workflow());
        table.print(console, "  ");
        PerformanceView.printRecommendations(console, PerformanceService.mostWorthMaking(report.processesAlone()));
    }

    ObjectNode json() {
        ObjectNode json = PerformanceShape.json(report);
        json.putObject("automation")
                .put("tasks", kept.tasks())
                .put("repetitive_patterns", kept.repetitivePatterns())
                .put("high_potential_patterns", kept.highPotentialPatterns())
                .put("automations_created", kept.automationsCreated())
                .put("automations_deployed", kept.automationsDeployed());
        return json;
    }

    /** One line a workflow and step, and a process; the whole has an empty step, and says what was used. */
    String csv() {
        var text = new StringBuilder(
                "workflow,step,count,success_rate,mean_ms,median_ms,p95_ms,p99_ms,min_ms,max_ms,variance_s2,bottlenecks"
                        + ",cpu_percent,cpu_percent_p95,memory_percent,memory_percent_p95,cpu_wasted_share,memory_wasted_share"
                        + ",io_bytes_per_execution,io_bytes_per_execution_p95\n");
        for (WorkflowAnalysis each : report.workflows()) {
            line(text, each.workflow(), "", each.executions(), used(each.use()));
            each.steps().forEach((step, statistics) -> line(text, each.workflow(), step, statistics, NOT_MEASURED));
        }
        for (WorkflowAnalysis each : report.processesAlone())
            line(text, each.workflow(), "", each.executions(), used(each.use()));
        return text.toString();
    }

    private static double[] used(ResourceStatistics use) {
        return new double[] {
            use.cpuPercent().mean(),
            use.cpuPercent().p95(),
            use.memoryPercent().mean(),
            use.memoryPercent().p95(),
            use.cpuWastedShare(),
            use.memoryWastedShare(),
            use.ioBytes().mean(),
            use.ioBytes().p95()
        };
    }

    private static void line(
            StringBuilder text, String workflow, String step, DurationStatistics found, double[] used) {
        text.append(quoted(workflow))
                .append(',')
                .append(quoted(step))
                .append(',')
                .append(found.count());
        for (double figure : new double[] {
            found.successRate(),
            found.meanMillis(),
            found.medianMillis(),
            found.p95Millis(),
            found.p99Millis(),
            found.minMillis(),
            found.maxMillis(),
            found.varianceSeconds2()
        }) figure(text, figure);
        text.append(',').append(found.bottlenecks());
        for (double figure : used) figure(text, figure);
        text.append('\n');
    }

    private static void figure(StringBuilder text, double figure) {
        text.append(',').append(Double.isNaN(figure) ? "" : String.format(Locale.ROOT, "%.6g", figure));
    }

    /** As RFC 4180 has it, and so that a spreadsheet takes no name for a formula. */
    private static String quoted(String text) {
        String safe = text.matches("[=+\\-@\\t\\r].*") ? "'" + text : text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
