package dev.understudy.app.web;

import dev.understudy.core.Understudy;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.engine.Engine;
import dev.understudy.core.engine.EngineEvent;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.core.plugin.PluginInfo;
import io.javalin.http.Context;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Figures for Prometheus: of this JVM, the machine, automations and workflows. The values of every label are a closed set, or
 * bounded in number as those of workflows are. Safe for use by several threads.
 */
final class Metrics {
    /** Those executed most often; a trace names workflows as it likes. */
    static final int MAX_WORKFLOWS = 20;

    private static final String OTHER = "other";
    private static final Set<String> OUTCOMES =
            Set.of("succeeded", "failed", "limit_exceeded", "refused", "cancelled", "interrupted");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Counter events;
    private final Counter runs;
    private final Histogram runSeconds;

    Metrics(String version) {
        JvmMetrics.builder().register(registry);
        Info.builder()
                .name("understudy_build_info")
                .help("Which Understudy this is.")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        events = Counter.builder()
                .name("understudy_events_total")
                .help("What happened since this host is up, by kind.")
                .labelNames("kind")
                .register(registry);
        runs = Counter.builder()
                .name("understudy_runs_total")
                .help("Runs, also of other processes, that ended since this host is up.")
                .labelNames("outcome")
                .register(registry);
        runSeconds = Histogram.builder()
                .name("understudy_run_duration_seconds")
                .help("How long those runs took.")
                .classicOnly()
                .classicUpperBounds(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300)
                .register(registry);
    }

    /** Counts something that happened. */
    void happened(EngineEvent event) {
        events.labelValues(event.kind().id()).inc();
    }

    /** Counts a run that ended. */
    void ended(String outcome, double seconds) {
        runs.labelValues(OUTCOMES.contains(outcome) ? outcome : OTHER).inc();
        if (!Double.isNaN(seconds)) runSeconds.observe(seconds);
    }

    /** Asks these, too, whenever somebody asks; to be called once. */
    void watch(
            Understudy understudy,
            Engine engine,
            EventStream stream,
            AnalyticsCache analytics,
            Supplier<HostLoad> load) {
        gauge("understudy_automations", "Automations by state.", List.of("state"), gauge -> {
            var counts = new EnumMap<AutomationState, Integer>(AutomationState.class);
            for (AutomationState state : AutomationState.values()) counts.put(state, 0);
            for (Automation each : understudy.automations().list()) counts.merge(each.state(), 1, Integer::sum);
            counts.forEach((state, count) -> gauge.call(count, state.id()));
        });
        gauge("understudy_plugins", "Plugin jars by state.", List.of("state"), gauge -> {
            var counts = new EnumMap<PluginInfo.State, Integer>(PluginInfo.State.class);
            for (PluginInfo.State state : PluginInfo.State.values()) counts.put(state, 0);
            for (PluginInfo each : understudy.plugins().list()) counts.merge(each.state(), 1, Integer::sum);
            counts.forEach((state, count) -> gauge.call(count, state.id()));
        });
        gauge(
                "understudy_triggers",
                "Triggers that are watched.",
                List.of(),
                gauge -> gauge.call(engine.status().triggers()));
        gauge("understudy_event_readers", "Pages that listen.", List.of(), gauge -> gauge.call(stream.readers()));
        gauge(
                "understudy_machine_cpu_ratio",
                "Share of all processors in use.",
                List.of(),
                gauge -> gauge.call(load.get().cpuPercent() / 100));
        gauge(
                "understudy_machine_memory_ratio",
                "Share of the memory in use.",
                List.of(),
                gauge -> gauge.call(load.get().memoryPercent() / 100));
        workflow(
                "understudy_workflow_executions",
                "Executions in the last 30 days of the history.",
                analytics,
                each -> each.executions().count());
        workflow(
                "understudy_workflow_success_ratio",
                "Share of them that succeeded.",
                analytics,
                each -> each.executions().successRate());
        workflow(
                "understudy_workflow_mean_seconds",
                "How long they took on average.",
                analytics,
                each -> each.executions().meanMillis() / 1000);
        workflow(
                "understudy_workflow_p95_seconds",
                "95th percentile of how long they took.",
                analytics,
                each -> each.executions().p95Millis() / 1000);
        workflow(
                "understudy_workflow_score",
                "From 0 to 100: what is left if all that could be gained is taken off.",
                analytics,
                each -> each.potential().optimizationScore());
    }

    private interface Figure {
        double of(WorkflowAnalysis analysis);
    }

    private void workflow(String name, String help, AnalyticsCache analytics, Figure figure) {
        gauge(
                name,
                help,
                List.of("workflow"),
                gauge -> analytics
                        .peek(AnalyticsCache.DEFAULT_PERIOD)
                        .ifPresent(known -> known.workflows().stream()
                                .sorted(Comparator.comparingLong((WorkflowAnalysis each) ->
                                                each.executions().count())
                                        .reversed())
                                .limit(MAX_WORKFLOWS)
                                .forEach(each -> gauge.call(figure.of(each), each.workflow()))));
    }

    private void gauge(String name, String help, List<String> labels, Consumer<GaugeWithCallback.Callback> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(values)
                .register(registry);
    }

    Route route() {
        return Route.get("/metrics", this::answer);
    }

    /** In OpenMetrics where that is asked for, else in the older text format 0.0.4. */
    private void answer(Context context) throws IOException {
        ExpositionFormatWriter writer = formats.findWriter(context.header("Accept"));
        var bytes = new ByteArrayOutputStream();
        writer.write(bytes, registry.scrape());
        context.contentType(writer.getContentType());
        context.result(bytes.toByteArray());
    }
}
