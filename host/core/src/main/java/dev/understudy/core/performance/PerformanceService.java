package dev.understudy.core.performance;

import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Point;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.pf4j.ExtensionPoint;

/**
 * Asks the plugins what holds workflows up, what gets worse and what would help. Safe for use by several threads.
 *
 * <p>A plugin that fails is named and left out, and the others go on.
 */
public final class PerformanceService {
    /** Over how many executions an error rate is taken. */
    private static final int ERROR_WINDOW = 20;

    /** Freed resources count a quarter of saved time, since nobody waits for them. */
    private static final double WEIGHT_OF_RESOURCES = 0.25;

    private final PerformanceHistory history;
    private final AcceptedAdvice accepted;
    private final Thresholds thresholds;
    private final Supplier<List<Provided<BottleneckDetector>>> detectors;
    private final Supplier<List<Provided<DegradationPredictor>>> predictors;
    private final Supplier<List<Provided<RecommendationRule>>> rules;
    private final Set<String> problems = new LinkedHashSet<>();

    /**
     * @param detectors asked anew each time, so that plugins may come and go; so are {@code predictors} and {@code rules}
     */
    public PerformanceService(
            PerformanceHistory history,
            AcceptedAdvice accepted,
            Thresholds thresholds,
            Supplier<List<Provided<BottleneckDetector>>> detectors,
            Supplier<List<Provided<DegradationPredictor>>> predictors,
            Supplier<List<Provided<RecommendationRule>>> rules) {
        this.history = history;
        this.accepted = accepted;
        this.thresholds = thresholds;
        this.detectors = detectors;
        this.predictors = predictors;
        this.rules = rules;
    }

    /** All that is known of a workflow in a stretch of time. */
    public WorkflowAnalysis analyse(String workflow, Instant from, Instant to) {
        WorkflowHistory executions = history.executions(workflow, from, to);
        List<Bottleneck> bottlenecks = ask(detectors.get(), each -> each.detect(executions, thresholds)).stream()
                .sorted(Comparator.comparingDouble(Bottleneck::impactMillis).reversed())
                .toList();
        List<Recommendation> recommendations = recommendations(executions, bottlenecks);
        DurationStatistics statistics = history.executionStatistics(workflow, from, to);
        return new WorkflowAnalysis(
                workflow,
                statistics,
                history.stepStatistics(workflow, from, to),
                bottlenecks,
                degradations(executions),
                recommendations,
                OptimizationPotential.of(statistics, recommendations, thresholds));
    }

    /** The same of every workflow, most to gain first. */
    public List<WorkflowAnalysis> analyseAll(Instant from, Instant to) {
        return history.workflows().stream()
                .map(workflow -> analyse(workflow, from, to))
                .filter(each -> each.executions().count() > 0)
                .sorted(Comparator.comparingDouble(
                                (WorkflowAnalysis each) -> each.potential().total())
                        .reversed())
                .toList();
    }

    /**
     * The advice in these, what saves most over all executions first. A failure costs the time that its execution took.
     */
    public static List<Recommendation> mostWorthMaking(List<WorkflowAnalysis> analyses) {
        record Weighed(Recommendation recommendation, double millis) {}
        return analyses.stream()
                .flatMap(analysis -> analysis.recommendations().stream()
                        .map(each -> new Weighed(
                                each,
                                each.expectedImprovement().estimate()
                                        * weight(each, analysis)
                                        * analysis.executions().meanMillis()
                                        * analysis.executions().count())))
                .sorted(Comparator.comparingDouble(Weighed::millis).reversed())
                .map(Weighed::recommendation)
                .toList();
    }

    private static double weight(Recommendation recommendation, WorkflowAnalysis analysis) {
        return switch (recommendation.objective()) {
            case EXECUTION_TIME -> 1;
            case ERROR_RATE -> 1 - analysis.executions().successRate();
            case RESOURCE_COST -> WEIGHT_OF_RESOURCES;
        };
    }

    private List<Recommendation> recommendations(WorkflowHistory executions, List<Bottleneck> bottlenecks) {
        var found = new ArrayList<Recommendation>();
        Map<String, Double> calibrations = accepted.calibrations();
        rules.get().stream()
                .sorted(Comparator.comparingInt((Provided<RecommendationRule> each) ->
                                each.extension().priority())
                        .reversed())
                .forEach(rule -> found.addAll(
                        ask(List.of(rule), each -> each.evaluate(executions, bottlenecks, thresholds)).stream()
                                .map(each -> AcceptedAdvice.calibrated(each, calibrations))
                                .sorted(Comparator.comparingDouble((Recommendation each) ->
                                                each.expectedImprovement().estimate())
                                        .reversed())
                                .toList()));
        return found;
    }

    private List<Degradation> degradations(WorkflowHistory executions) {
        var found = new ArrayList<Degradation>();
        for (MetricSeries series : List.of(durations(executions), errorRates(executions)))
            found.addAll(ask(predictors.get(), each -> each.predict(series)));
        found.sort(Comparator.comparingDouble(Degradation::probability).reversed());
        return found;
    }

    private MetricSeries durations(WorkflowHistory executions) {
        return new MetricSeries(
                executions.workflow() + ": execution time",
                MetricSeries.Kind.EXECUTION_TIME,
                "ms",
                thresholds.maxDuration().toNanos() / 1e6,
                executions.executions().stream()
                        .map(each -> new Point(each.start(), each.durationMillis()))
                        .toList());
    }

    private MetricSeries errorRates(WorkflowHistory executions) {
        var points = new ArrayList<Point>();
        List<WorkflowExecution> all = executions.executions();
        for (int i = ERROR_WINDOW; i <= all.size(); i += ERROR_WINDOW) {
            List<WorkflowExecution> window = all.subList(i - ERROR_WINDOW, i);
            long failed = window.stream()
                    .filter(each -> each.state() == ExecutionState.FAILED)
                    .count();
            points.add(new Point(window.getLast().start(), failed / (double) ERROR_WINDOW));
        }
        return new MetricSeries(
                executions.workflow() + ": error rate",
                MetricSeries.Kind.ERROR_RATE,
                "",
                1 - thresholds.minSuccessRate(),
                points);
    }

    private interface Question<E, T> {
        List<T> ask(E extension);
    }

    private <E extends ExtensionPoint, T> List<T> ask(List<Provided<E>> extensions, Question<E, T> question) {
        var answers = new ArrayList<T>();
        for (Provided<E> each : extensions) {
            try {
                answers.addAll(question.ask(each.extension()));
            } catch (RuntimeException | LinkageError e) {
                synchronized (problems) {
                    problems.add(("'" + each.name() + "' of the plugin " + each.pluginId() + " failed: "
                                    + e.getClass().getSimpleName() + ": " + e.getMessage())
                            .replaceAll("\\R+", " "));
                }
            }
        }
        return answers;
    }

    /** Plugins that failed, one line each. */
    public List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }
}
