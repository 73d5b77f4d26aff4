package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
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

    /** One bottleneck. */
    public static ObjectNode json(Bottleneck bottleneck) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("step", bottleneck.step());
        json.put("kind", bottleneck.kind());
        json.put("detector", bottleneck.detector());
        json.put("description", bottleneck.description());
        json.put("impactMillis", bottleneck.impactMillis());
        figures(json, "figures", bottleneck.figures());
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
}
