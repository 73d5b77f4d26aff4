package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    static ObjectNode json(DurationStatistics statistics) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("count", statistics.count());
        put(json, "successRate", statistics.successRate());
        put(json, "meanMillis", statistics.meanMillis());
        put(json, "medianMillis", statistics.medianMillis());
        put(json, "p95Millis", statistics.p95Millis());
        put(json, "p99Millis", statistics.p99Millis());
        put(json, "minMillis", statistics.minMillis());
        put(json, "maxMillis", statistics.maxMillis());
        put(json, "varianceMillis2", statistics.varianceMillis2());
        json.put("bottleneckCount", statistics.bottlenecks());
        return json;
    }

    private static void put(ObjectNode json, String key, double value) {
        if (Double.isNaN(value)) json.putNull(key);
        else json.put(key, value);
    }

    private static void figures(ObjectNode json, String key, Map<String, Double> figures) {
        var object = json.putObject(key);
        figures.forEach((name, value) -> put(object, name, value));
    }

    static ObjectNode json(Bottleneck bottleneck) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("step", bottleneck.step());
        json.put("kind", bottleneck.kind());
        json.put("detector", bottleneck.detector());
        json.put("description", bottleneck.description());
        json.put("impactMillis", bottleneck.impactMillis());
        figures(json, "figures", bottleneck.figures());
        return json;
    }

    static ObjectNode json(Degradation degradation) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("kind", degradation.kind());
        json.put("predictor", degradation.predictor());
        json.put("series", degradation.series());
        json.put("description", degradation.description());
        json.put("probability", degradation.probability());
        json.put("since", degradation.since().toString());
        degradation.crossing().ifPresent(when -> json.put("crossing", when.toString()));
        figures(json, "figures", degradation.figures());
        return json;
    }

    static ObjectNode json(Recommendation recommendation) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("recommendation_id", recommendation.recommendationId());
        json.put("rule", recommendation.rule());
        json.put("workflow", recommendation.workflow());
        json.put("type", recommendation.type());
        json.put("description", recommendation.description());
        Interval expected = recommendation.expectedImprovement();
        json.put("expected_improvement", expected.estimate());
        json.putObject("expected_interval").put("low", expected.low()).put("high", expected.high());
        json.put("objective", lower(recommendation.objective()));
        json.put("implementation_effort", lower(recommendation.effort()));
        json.put("risk_level", lower(recommendation.risk()));
        var changes = json.putArray("specific_changes");
        for (Recommendation.Change change : recommendation.specificChanges())
            changes.addObject()
                    .put("action", change.action())
                    .<ObjectNode>set("arguments", Json.MAPPER.valueToTree(change.arguments()));
        figures(json, "evidence", recommendation.evidence());
        return json;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static ObjectNode json(WorkflowAnalysis analysis) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("workflow", analysis.workflow());
        json.set("executions", json(analysis.executions()));
        var steps = json.putArray("steps");
        analysis.steps().forEach((name, statistics) -> {
            ObjectNode step = json(statistics);
            step.put("name", name);
            steps.add(step);
        });
        json.put("optimizationPotential", analysis.potential().total());
        json.put("optimizationScore", analysis.potential().optimizationScore());
        json.putObject("parts")
                .put("performance", analysis.potential().performance())
                .put("reliability", analysis.potential().reliability())
                .put("resources", analysis.potential().resources());
        var bottlenecks = json.putArray("bottlenecks");
        analysis.bottlenecks().forEach(each -> bottlenecks.add(json(each)));
        var degradations = json.putArray("degradations");
        analysis.degradations().forEach(each -> degradations.add(json(each)));
        var recommendations = json.putArray("recommendations");
        analysis.recommendations().forEach(each -> recommendations.add(json(each)));
        return json;
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
