package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.Folded;
import dev.understudy.core.performance.PerformanceReport;
import dev.understudy.core.performance.ResourceStatistics;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Workflows, what holds them up, and advice as JSON. */
public final class PerformanceShape {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PerformanceShape() {}

    /** What many durations say together. */
    public static ObjectNode json(DurationStatistics statistics) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("count", statistics.count());
        put(json, "success_rate", statistics.successRate());
        put(json, "mean_ms", statistics.meanMillis());
        put(json, "median_ms", statistics.medianMillis());
        put(json, "p95_ms", statistics.p95Millis());
        put(json, "p99_ms", statistics.p99Millis());
        put(json, "min_ms", statistics.minMillis());
        put(json, "max_ms", statistics.maxMillis());
        put(json, "variance_s2", statistics.varianceSeconds2());
        json.put("bottleneck_count", statistics.bottlenecks());
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

    /** One bottleneck. */
    public static ObjectNode json(Bottleneck bottleneck) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("step", bottleneck.step());
        json.put("kind", bottleneck.kind());
        json.put("detector", bottleneck.detector());
        json.put("description", bottleneck.description());
        json.put("impact_ms", bottleneck.impactMillis());
        figures(json, "figures", bottleneck.figures());
        return json;
    }

    /** A bottleneck, with what says the same about its step. */
    public static ObjectNode json(Folded<Bottleneck> folded) {
        ObjectNode json = json(folded.strongest());
        var also = json.putArray("also");
        folded.also().forEach(each -> also.add(json(each)));
        return json;
    }

    /** One thing that gets worse. */
    public static ObjectNode json(Degradation degradation) {
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

    /** One piece of advice. */
    public static ObjectNode json(Recommendation recommendation) {
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
                    .<ObjectNode>set("arguments", JSON.valueToTree(change.arguments()));
        figures(json, "evidence", recommendation.evidence());
        return json;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** What was used. */
    public static ObjectNode json(ResourceStatistics use) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("measured", use.measured());
        put(json, "cpu_percent_mean", use.cpuPercent().mean());
        put(json, "cpu_percent_p95", use.cpuPercent().p95());
        put(json, "memory_percent_mean", use.memoryPercent().mean());
        put(json, "memory_percent_p95", use.memoryPercent().p95());
        put(json, "cpu_ms_per_execution", use.cpuMillisPerExecution());
        put(json, "cpu_wasted_share", use.cpuWastedShare());
        put(json, "memory_wasted_share", use.memoryWastedShare());
        put(json, "io_bytes_per_execution", use.ioBytes().mean());
        put(json, "io_bytes_per_execution_p95", use.ioBytes().p95());
        return json;
    }

    /** The executive summary, the workflows and the processes. */
    public static ObjectNode json(PerformanceReport report) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("from", report.period().from().toString());
        json.put("to", report.period().to().toString());
        PerformanceReport.ExecutiveSummary summary = report.summary();
        var summed = json.putObject("executive_summary");
        summed.put("total_executions", summary.totalExecutions());
        put(summed, "average_execution_time_ms", summary.averageMillis());
        put(summed, "success_rate", summary.successRate());
        summed.put("recommendations_followed", summary.recommendationsFollowed());
        summed.put("recommendations_that_improved", summary.recommendationsThatImproved());
        summed.put("cost_savings_ms", summary.savedMillis());
        summed.put("optimization_opportunities", summary.opportunities());
        var workflows = json.putArray("workflows");
        for (WorkflowAnalysis each : report.workflows()) {
            ObjectNode workflow = json(each);
            var trend = workflow.putArray("trend");
            for (Trend.Part part : report.trends().getOrDefault(each.workflow(), List.of())) {
                ObjectNode point = trend.addObject()
                        .put("from", part.from().toString())
                        .put("executions", part.statistics().count());
                put(point, "mean_ms", part.statistics().meanMillis());
                put(point, "success_rate", part.statistics().successRate());
            }
            workflows.add(workflow);
        }
        var processes = json.putArray("processes");
        for (WorkflowAnalysis each : report.processes()) {
            // Its figures stand beside its name, as they always have.
            ObjectNode process = json(each.executions());
            process.put("process", each.workflow());
            process.put("slow", report.slowProcesses().contains(each.workflow()));
            ObjectNode judged = json(each);
            judged.remove(List.of("workflow", "executions", "steps"));
            process.setAll(judged);
            processes.add(process);
        }
        var recommendations = json.putArray("recommendations");
        report.recommendations().forEach(each -> recommendations.add(json(each)));
        var problems = json.putArray("problems");
        report.problems().forEach(problems::add);
        return json;
    }

    /** All that is known of a workflow. */
    public static ObjectNode json(WorkflowAnalysis analysis) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("workflow", analysis.workflow());
        json.set("executions", json(analysis.executions()));
        var steps = json.putArray("steps");
        analysis.steps().forEach((name, statistics) -> {
            ObjectNode step = json(statistics);
            step.put("name", name);
            steps.add(step);
        });
        json.set("resource_use", json(analysis.use()));
        json.putObject("normal")
                .put(
                        "max_duration_ms",
                        analysis.normal().thresholds().maxDuration().toNanos() / 1e6)
                .put("origin", lower(analysis.normal().origin()));
        json.put("optimization_potential", analysis.potential().total());
        json.put("optimization_score", analysis.potential().optimizationScore());
        json.putObject("parts")
                .put("performance", analysis.potential().performance())
                .put("reliability", analysis.potential().reliability())
                .put("resources", analysis.potential().resources());
        var bottlenecks = json.putArray("bottlenecks");
        analysis.foldedBottlenecks().forEach(each -> bottlenecks.add(json(each)));
        var degradations = json.putArray("degradations");
        for (Folded<Degradation> each : analysis.foldedDegradations()) {
            ObjectNode degradation = json(each.strongest());
            var also = degradation.putArray("also");
            each.also().forEach(other -> also.add(json(other)));
            degradations.add(degradation);
        }
        var recommendations = json.putArray("recommendations");
        analysis.recommendations().forEach(each -> recommendations.add(json(each)));
        return json;
    }
}
