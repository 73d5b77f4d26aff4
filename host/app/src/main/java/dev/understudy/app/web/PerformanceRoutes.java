package dev.understudy.app.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.PerformanceShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.Analytics;
import dev.understudy.core.performance.DurationStatistics;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.Recommendation;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What is asked of workflows: real-time analytics, one workflow, and advice. */
final class PerformanceRoutes {
    /** A workflow that was executed since is active. */
    private static final Duration ACTIVE = Duration.ofDays(1);

    private static final int MAX_RECOMMENDATIONS = 100;
    private static final int MAX_STEP_TRENDS = 12;

    private final Understudy understudy;
    private final AnalyticsCache cache;
    private final Supplier<HostLoad> load;

    /** @param load of the machine as last measured */
    PerformanceRoutes(Understudy understudy, AnalyticsCache cache, Supplier<HostLoad> load) {
        this.understudy = understudy;
        this.cache = cache;
        this.load = load;
    }

    List<Route> all() {
        return List.of(
                Route.get("/api/analytics", this::analytics),
                Route.get("/api/workflows", this::workflows),
                Route.get("/api/workflows/{name}", this::workflow),
                Route.get("/api/recommendations", this::recommendations),
                Route.post("/api/recommendations/{id}/accept", this::accept));
    }

    private Analytics analyticsOf(Context context) {
        String period = context.queryParam("period");
        if (period == null) return cache.get(AnalyticsCache.DEFAULT_PERIOD);
        if (!AnalyticsCache.PERIODS.contains(period))
            throw new Failure.Answer(new Failure(
                    400,
                    "The parameter 'period' is not taken",
                    "it must be one of " + String.join(", ", AnalyticsCache.PERIODS),
                    "Leave it out, or mend it"));
        return cache.get(period);
    }

    private void analytics(Context context) {
        Analytics analytics = analyticsOf(context);
        var json = JsonNodeFactory.instance.objectNode();
        json.put("from", analytics.period().from().toString());
        json.put("to", analytics.period().to().toString());
        json.set("system_health", health(analytics));
        json.set("top_workflows", shapes(analytics.topWorkflows()));
        json.set("bottleneck_workflows", shapes(analytics.bottleneckWorkflows()));
        json.set("candidate_workflows", shapes(analytics.candidates()));
        json.set("trends", trends(analytics));
        var problems = json.putArray("problems");
        analytics.problems().forEach(problems::add);
        Answers.json(context, json);
    }

    private ObjectNode health(Analytics analytics) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put(
                "active_workflows",
                understudy.performance().activeWorkflows(Instant.now().minus(ACTIVE)));
        put(json, "average_score", analytics.averageScore());
        json.put("optimizations_applied", analytics.optimizationsApplied());
        HostLoad now = load.get();
        ObjectNode use = json.putObject("resource_utilization");
        put(use, "cpu_percent", now.cpuPercent());
        put(use, "memory_percent", now.memoryPercent());
        put(use, "io_bytes_per_second", now.ioBytesPerSecond());
        put(use, "network_bytes_per_second", now.networkBytesPerSecond());
        put(use, "host_cpu_percent", now.hostCpuPercent());
        use.put("heap_bytes", now.heapBytes());
        use.put("workload", now.workload().isEmpty() ? null : now.workload());
        return json;
    }

    private static ArrayNode shapes(List<WorkflowAnalysis> analyses) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (WorkflowAnalysis each : analyses) {
            ObjectNode json = array.addObject();
            json.put("workflow", each.workflow());
            json.put("executions", each.executions().count());
            put(json, "mean_ms", each.executions().meanMillis());
            put(json, "p95_ms", each.executions().p95Millis());
            put(json, "success_rate", each.executions().successRate());
            json.put("score", each.potential().optimizationScore());
            json.put("potential", each.potential().total());
            json.putObject("parts")
                    .put("performance", each.potential().performance())
                    .put("reliability", each.potential().reliability())
                    .put("resources", each.potential().resources());
            var bottlenecks = json.putArray("bottlenecks");
            each.foldedBottlenecks().forEach(bottleneck -> bottlenecks.add(PerformanceShape.json(bottleneck)));
            json.put("recommendations", each.recommendations().size());
        }
        return array;
    }

    private static ObjectNode trends(Analytics analytics) {
        var json = JsonNodeFactory.instance.objectNode();
        var performance = json.putArray("performance");
        for (Analytics.Performance each : analytics.performance()) {
            ObjectNode part = performance.addObject().put("at", each.at().toString());
            put(part, "mean_ms", each.meanMillis());
            put(part, "success_rate", each.successRate());
            part.put("executions", each.executions());
        }
        var effectiveness = json.putArray("effectiveness");
        for (Effect each : analytics.effects().reversed()) effectiveness.add(shape(each));
        var efficiency = json.putArray("resource_efficiency");
        for (Analytics.Efficiency each : analytics.efficiency()) {
            ObjectNode part = efficiency.addObject().put("at", each.at().toString());
            put(part, "cpu_ms_per_execution", each.cpuMillisPerExecution());
            put(part, "memory_percent", each.memoryPercent());
            part.put("executions", each.executions());
        }
        return json;
    }

    private static ObjectNode shape(Effect effect) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("at", effect.acceptedAt().toString())
                .put("recommendation_id", effect.recommendationId())
                .put("workflow", effect.workflow())
                .put("description", effect.description())
                .put("expected_improvement", effect.expected());
        put(json, "actual_improvement", effect.actual());
        put(json, "accuracy", effect.accuracy());
        return json.put("executions_since", effect.executionsSince())
                .put("verdict", effect.verdict().name().toLowerCase(Locale.ROOT));
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isNaN(value)) json.putNull(name);
        else json.put(name, value);
    }

    private void workflows(Context context) {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("workflows", shapes(analyticsOf(context).all()));
        Answers.json(context, json);
    }

    private void workflow(Context context) {
        String name = context.pathParam("name");
        Analytics analytics = analyticsOf(context);
        WorkflowAnalysis analysis = analytics.all().stream()
                .filter(each -> each.workflow().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure.Answer(Failure.notFound(
                        "There is no workflow '" + name + "' in this period", "/api/workflows lists all")));
        ObjectNode json = PerformanceShape.json(analysis);
        json.set("trend", shape(Trend.of(understudy.performance(), name, analytics.period())));
        var steps = json.putArray("step_trends");
        for (String step : stepsToChart(analysis))
            steps.addObject()
                    .put("step", step)
                    .set("trend", shape(Trend.ofStep(understudy.performance(), name, step, analytics.period())));
        Answers.json(context, json);
    }

    /** Those that get worse, then those that take longest in all. */
    private static List<String> stepsToChart(WorkflowAnalysis analysis) {
        return analysis.steps().entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<String, DurationStatistics> each) -> !getsWorse(analysis, each.getKey()))
                        .thenComparingDouble(each ->
                                -each.getValue().meanMillis() * each.getValue().count()))
                .map(Map.Entry::getKey)
                .limit(MAX_STEP_TRENDS)
                .toList();
    }

    private static boolean getsWorse(WorkflowAnalysis analysis, String step) {
        return analysis.degradations().stream()
                .anyMatch(each -> each.series().startsWith(step + " of " + analysis.workflow() + ":"));
    }

    private static ArrayNode shape(List<Trend.Part> trend) {
        var json = JsonNodeFactory.instance.arrayNode();
        for (Trend.Part part : trend)
            json.addObject()
                    .put("at", part.from().toString())
                    .put("executions", part.statistics().count())
                    .put("mean_ms", part.statistics().meanMillis())
                    .put("p95_ms", part.statistics().p95Millis())
                    .put("success_rate", part.statistics().successRate());
        return json;
    }

    private List<Recommendation> best(Context context) {
        return PerformanceService.mostWorthMaking(analyticsOf(context).all());
    }

    private void recommendations(Context context) {
        int limit = Answers.integer(context, "limit", MAX_RECOMMENDATIONS, 0, MAX_RECOMMENDATIONS);
        var json = JsonNodeFactory.instance.objectNode();
        var array = json.putArray("recommendations");
        best(context).stream().limit(limit).forEach(each -> array.add(PerformanceShape.json(each)));
        Answers.json(context, json);
    }

    private void accept(Context context) {
        String id = context.pathParam("id");
        Recommendation recommendation = best(context).stream()
                .filter(each -> each.recommendationId().equals(id))
                .findFirst()
                .orElseThrow(() -> new Failure.Answer(
                        Failure.notFound("There is no recommendation '" + id + "'", "/api/recommendations lists all")));
        Instant now = Instant.now();
        understudy.acceptedAdvice().accept(recommendation, now);
        understudy
                .automations()
                .audit()
                .add(
                        AuditKind.RECOMMENDATION_ACCEPTED,
                        "",
                        Map.of("recommendation", id, "workflow", recommendation.workflow(), "by", AutomationRoutes.BY));
        cache.refresh();
        Answers.json(
                context,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("recommendation_id", id)
                        .put("accepted_at", now.toString()));
    }
}
