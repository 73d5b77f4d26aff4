package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceHistory.ProcessStatistics;
import dev.understudy.core.performance.Period;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Recommendation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code report} says.
 *
 * @param period as the person wrote it
 * @param stretch that it covers
 * @param workflows most to gain first
 * @param effects of the recommendations that were followed
 * @param history from which the trends are taken
 */
record PerformanceReport(
        String period,
        Period stretch,
        List<WorkflowAnalysis> workflows,
        List<Effect> effects,
        PerformanceHistory history) {
    long executions() {
        return workflows.stream().mapToLong(each -> each.executions().count()).sum();
    }

    double meanMillis() {
        long count = executions();
        return count == 0
                ? Double.NaN
                : workflows.stream()
                                .mapToDouble(each -> each.executions().meanMillis()
                                        * each.executions().count())
                                .sum()
                        / count;
    }

    double successRate() {
        long count = executions();
        return count == 0
                ? Double.NaN
                : workflows.stream()
                                .mapToDouble(each -> each.executions().successRate()
                                        * each.executions().count())
                                .sum()
                        / count;
    }

    /** Recommendations that were followed and have improved something. */
    long improvements() {
        return effects.stream()
                .filter(each -> each.verdict() == Verdict.IMPROVED)
                .count();
    }

    /** What the executions since would have taken longer if no recommendation had been followed; less than 0 if shorter. */
    double savedMillis() {
        return effects.stream().mapToDouble(Effect::savedMillis).sum();
    }

    /** Of which metrics were recorded in this time, with what they say. */
    List<ProcessStatistics> processes() {
        return history.processes().stream()
                .map(each -> new ProcessStatistics(each, history.processStatistics(each, stretch.from(), stretch.to())))
                .filter(each -> each.statistics().count() > 0)
                .toList();
    }

    private Set<String> slowProcesses() {
        return history.slowProcesses(stretch.from(), stretch.to()).stream()
                .map(ProcessStatistics::process)
                .collect(Collectors.toSet());
    }

    List<Recommendation> opportunities() {
        return workflows.stream()
                .flatMap(each -> each.recommendations().stream())
                .sorted(Comparator.comparingDouble((Recommendation each) ->
                                each.expectedImprovement().estimate())
                        .reversed())
                .toList();
    }

    /** The workflow's executions in stretches of equal length, oldest first; stretches without any are left out. */
    List<Trend.Part> trend(String workflow) {
        return Trend.of(history, workflow, stretch);
    }

    void print(Console console) {
        console.out()
                .println(Style.BOLD.of(console, "Summary") + " of " + period + " until "
                        + stretch.to().toString().substring(0, 16).replace('T', ' ') + " UTC");
        if (workflows.isEmpty()) {
            console.out().println("  No executions were recorded in this time.");
            printProcesses(console);
            return;
        }
        console.out()
                .println("  " + executions() + " executions of "
                        + (workflows.size() == 1 ? "one workflow, " : workflows.size() + " workflows, ")
                        + PerformanceView.millis(meanMillis()) + " on average, "
                        + PerformanceView.percent(successRate()) + " successful");
        console.out()
                .println("  " + improvements() + " of " + effects.size()
                        + " followed recommendations have improved something, "
                        + saved() + opportunities().size() + " opportunities are left");
        console.out().println();
        PerformanceView.printList(console, workflows);
        for (WorkflowAnalysis each : workflows) {
            console.out().println();
            PerformanceView.print(console, each);
        }
        printProcesses(console);
    }

    private String saved() {
        double millis = savedMillis();
        if (millis == 0) return "";
        return PerformanceView.millis(Math.abs(millis)) + (millis > 0 ? " were saved, " : " were lost, ");
    }

    private void printProcesses(Console console) {
        List<ProcessStatistics> measured = processes();
        if (measured.isEmpty()) return;
        Set<String> slow = slowProcesses();
        console.out().println();
        console.out().println(Style.BOLD.of(console, "Processes"));
        var table = new Table(
                Table.Column.wrapped("process"),
                Table.Column.right("times"),
                Table.Column.right("mean"),
                Table.Column.right("median"),
                Table.Column.right("p95"),
                Table.Column.right("p99"),
                Table.Column.right("max"),
                Table.Column.right("success"),
                Table.Column.right("bottlenecks"),
                Table.Column.left(""));
        for (ProcessStatistics each : measured)
            table.row(
                    each.process(),
                    each.statistics().count(),
                    PerformanceView.millis(each.statistics().meanMillis()),
                    PerformanceView.millis(each.statistics().medianMillis()),
                    PerformanceView.millis(each.statistics().p95Millis()),
                    PerformanceView.millis(each.statistics().p99Millis()),
                    PerformanceView.millis(each.statistics().maxMillis()),
                    PerformanceView.percent(each.statistics().successRate()),
                    each.statistics().bottlenecks(),
                    slow.contains(each.process()) ? "slow" : "");
        table.print(console, "  ");
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("from", stretch.from().toString());
        json.put("to", stretch.to().toString());
        var summary = json.putObject("executiveSummary");
        summary.put("executions", executions());
        if (executions() > 0) {
            summary.put("averageMillis", meanMillis());
            summary.put("successRate", successRate());
        }
        summary.put("recommendationsFollowed", effects.size());
        summary.put("recommendationsThatImproved", improvements());
        summary.put("savedMillis", savedMillis());
        summary.put("opportunities", opportunities().size());
        var array = json.putArray("workflows");
        for (WorkflowAnalysis each : workflows) {
            ObjectNode workflow = PerformanceShape.json(each);
            var trend = workflow.putArray("trend");
            for (Trend.Part part : trend(each.workflow()))
                trend.addObject()
                        .put("from", part.from().toString())
                        .put("executions", part.statistics().count())
                        .put("meanMillis", part.statistics().meanMillis())
                        .put("successRate", part.statistics().successRate());
            array.add(workflow);
        }
        Set<String> slow = slowProcesses();
        var processes = json.putArray("processes");
        for (ProcessStatistics each : processes())
            processes.add(PerformanceShape.json(each.statistics())
                    .put("process", each.process())
                    .put("slow", slow.contains(each.process())));
        return json;
    }

    /** One line a workflow and step; the whole workflow has an empty step. */
    String csv() {
        var text = new StringBuilder(
                "workflow,step,count,success_rate,mean_ms,median_ms,p95_ms,p99_ms,min_ms,max_ms,variance_ms2,bottlenecks\n");
        for (WorkflowAnalysis each : workflows) {
            line(text, each.workflow(), "", each.executions());
            each.steps().forEach((step, statistics) -> line(text, each.workflow(), step, statistics));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String workflow, String step, DurationStatistics found) {
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
            found.varianceMillis2()
        }) text.append(',').append(Double.isNaN(figure) ? "" : String.format(Locale.ROOT, "%.6g", figure));
        text.append(',').append(found.bottlenecks()).append('\n');
    }

    /** As RFC 4180 has it, and so that a spreadsheet takes no name for a formula. */
    private static String quoted(String text) {
        String safe = text.matches("[=+\\-@\\t\\r].*") ? "'" + text : text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
