package dev.understudy.core.performance;

import dev.understudy.core.config.Config;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Point;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pf4j.ExtensionPoint;

/**
 * Asks the plugins what holds workflows up, what gets worse and what would help. Safe for use by several threads.
 *
 * <p>A plugin that fails is named and left out, and the others go on.
 */
public final class PerformanceService {
    /** Predictors look at so many steps, those that take longest, and at so many executions of each. */
    private static final int PREDICTED_STEPS = 20;

    private static final int PREDICTED_EXECUTIONS = 500;

    /** Where twenty are looked at, one seems to get worse by chance. */
    private static final double MIN_STEP_PROBABILITY = 0.95;

    /** That something is strange says less than in what way. */
    private static final String ANOMALY = "anomaly";

    /** Freed resources count a quarter of saved time, since nobody waits for them. */
    private static final double WEIGHT_OF_RESOURCES = 0.25;

    private final PerformanceHistory history;
    private final AcceptedAdvice accepted;
    private final Thresholds thresholds;
    private final Map<String, Config.OwnLimits> ownLimits;
    private final Supplier<List<Provided<BottleneckDetector>>> detectors;
    private final Supplier<List<Provided<DegradationPredictor>>> predictors;
    private final Supplier<List<Provided<RecommendationRule>>> rules;
    private final Set<String> problems = new LinkedHashSet<>();

    /**
     * @param config says from where on something counts as slow
     * @param detectors asked anew each time, so that plugins may come and go; so are {@code predictors} and {@code rules}
     */
    public PerformanceService(
            PerformanceHistory history,
            AcceptedAdvice accepted,
            Config config,
            Supplier<List<Provided<BottleneckDetector>>> detectors,
            Supplier<List<Provided<DegradationPredictor>>> predictors,
            Supplier<List<Provided<RecommendationRule>>> rules) {
        this.history = history;
        this.accepted = accepted;
        thresholds = config.thresholds();
        ownLimits = config.performanceAnalysis().workflows();
        this.detectors = detectors;
        this.predictors = predictors;
        this.rules = rules;
    }

    /** All that is known of a workflow in a stretch of time. */
    public WorkflowAnalysis analyse(String workflow, Instant from, Instant to) {
        return analyse(
                history.executions(workflow, from, to),
                history.executionStatistics(workflow, from, to),
                history.stepStatistics(workflow, from, to),
                normal(workflow, history.durationsMillis(workflow, to)));
    }

    private Normal normal(String name, double[] millis) {
        return Normal.of(thresholds, Optional.ofNullable(ownLimits.get(name)), millis);
    }

    private WorkflowAnalysis analyse(
            WorkflowHistory executions,
            DurationStatistics statistics,
            Map<String, DurationStatistics> steps,
            Normal normal) {
        Thresholds limits = normal.thresholds();
        List<Bottleneck> bottlenecks = ask(detectors.get(), each -> each.detect(executions, limits)).stream()
                .sorted(Comparator.comparingDouble(Bottleneck::impactMillis).reversed())
                .toList();
        List<Recommendation> recommendations = recommendations(executions, bottlenecks, limits);
        return new WorkflowAnalysis(
                executions.workflow(),
                statistics,
                steps,
                ResourceStatistics.of(executions),
                normal,
                bottlenecks,
                degradations(executions, limits),
                recommendations,
                OptimizationPotential.of(
                        statistics,
                        recommendations,
                        executions.isOfProcess() ? limits.slowProcess() : limits.maxDuration(),
                        limits.minSuccessRate()));
    }

    /** All that is known of a process by its metrics. */
    public WorkflowAnalysis analyseProcess(String process, Instant from, Instant to) {
        WorkflowHistory known = history.metricsAsExecutions(process, Instant.EPOCH, to);
        return analyse(
                history.metricsAsExecutions(process, from, to),
                history.processStatistics(process, from, to),
                Map.of(),
                normal(
                        process,
                        known.executions().stream()
                                .mapToDouble(WorkflowExecution::durationMillis)
                                .toArray()));
    }

    /** The same of every process that is known by its metrics alone, and not as a workflow as well, most to gain first. */
    public List<WorkflowAnalysis> analyseProcesses(Instant from, Instant to) {
        Set<String> workflows = Set.copyOf(history.workflows());
        return mostToGainFirst(history.processes().stream()
                .filter(process -> !workflows.contains(process))
                .map(process -> analyseProcess(process, from, to)));
    }

    /** The same of every workflow, most to gain first. */
    public List<WorkflowAnalysis> analyseAll(Instant from, Instant to) {
        return mostToGainFirst(history.workflows().stream().map(workflow -> analyse(workflow, from, to)));
    }

    private static List<WorkflowAnalysis> mostToGainFirst(Stream<WorkflowAnalysis> analyses) {
        return analyses.filter(each -> each.executions().count() > 0)
                .sorted(Comparator.comparingDouble(
                                (WorkflowAnalysis each) -> each.potential().total())
                        .reversed())
                .toList();
    }

    /**
     * The advice in these, what saves most over all executions first, and what may be wrong at the end. A failure costs the time
     * that its execution took.
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
                .sorted(Comparator.comparing(
                                (Weighed each) -> each.recommendation().risk() == Grade.HIGH)
                        .thenComparing(
                                Comparator.comparingDouble(Weighed::millis).reversed()))
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

    private List<Recommendation> recommendations(
            WorkflowHistory executions, List<Bottleneck> bottlenecks, Thresholds limits) {
        var found = new ArrayList<Recommendation>();
        Map<String, Double> calibrations = accepted.calibrations();
        rules.get().stream()
                .sorted(Comparator.comparingInt((Provided<RecommendationRule> each) ->
                                each.extension().priority())
                        .reversed())
                .forEach(rule ->
                        found.addAll(ask(List.of(rule), each -> each.evaluate(executions, bottlenecks, limits)).stream()
                                .map(each -> AcceptedAdvice.calibrated(each, calibrations))
                                .sorted(Comparator.comparingDouble((Recommendation each) ->
                                                each.expectedImprovement().estimate())
                                        .reversed())
                                .toList()));
        // Stable: among themselves they stay as they are.
        found.sort(Comparator.comparing(each -> each.risk() == Grade.HIGH));
        return found;
    }

    private List<Degradation> degradations(WorkflowHistory executions, Thresholds limits) {
        List<StepExecution> whole = executions.executions().stream()
                .map(each -> new StepExecution(
                        executions.workflow(), each.start(), each.end(), each.state(), Map.of(), ResourceUse.UNKNOWN))
                .toList();
        var found = new ArrayList<>(degradations(
                executions.workflow(), whole, limits.maxDuration().toNanos() / 1e6, 1 - limits.minSuccessRate()));
        if (!executions.isOfProcess())
            steps(executions)
                    .forEach((step, each) ->
                            degradations(step + " of " + executions.workflow(), each, Double.NaN, Double.NaN).stream()
                                    .filter(degradation -> degradation.probability() >= MIN_STEP_PROBABILITY)
                                    .forEach(found::add));
        found.sort(Comparator.comparing((Degradation each) -> each.kind().equals(ANOMALY))
                .thenComparing(
                        Comparator.comparingDouble(Degradation::probability).reversed()));
        return found;
    }

    /** The latest executions of the steps that take longest together, by name, oldest first. */
    private static Map<String, List<StepExecution>> steps(WorkflowHistory executions) {
        Map<String, List<StepExecution>> byName = executions.executions().stream()
                .flatMap(each -> each.steps().stream())
                .sorted(Comparator.comparing(StepExecution::start))
                .collect(Collectors.groupingBy(StepExecution::name, LinkedHashMap::new, Collectors.toList()));
        var longest = new LinkedHashMap<String, List<StepExecution>>();
        byName.entrySet().stream()
                .sorted(Comparator.comparingDouble(
                                (Map.Entry<String, List<StepExecution>> each) -> each.getValue().stream()
                                        .mapToDouble(StepExecution::durationMillis)
                                        .sum())
                        .reversed())
                .limit(PREDICTED_STEPS)
                .forEach(each -> longest.put(
                        each.getKey(),
                        each.getValue()
                                .subList(
                                        Math.max(0, each.getValue().size() - PREDICTED_EXECUTIONS),
                                        each.getValue().size())));
        return longest;
    }

    private List<Degradation> degradations(
            String name, List<StepExecution> executions, double maxMillis, double maxErrorRate) {
        var durations = new MetricSeries(
                name + ": execution time",
                MetricSeries.Kind.EXECUTION_TIME,
                "ms",
                maxMillis,
                executions.stream()
                        .map(each -> new Point(each.start(), each.durationMillis()))
                        .toList());
        var failures = new MetricSeries(
                name + ": error rate",
                MetricSeries.Kind.ERROR_RATE,
                "",
                maxErrorRate,
                executions.stream()
                        .map(each -> new Point(each.start(), each.state() == ExecutionState.FAILED ? 1 : 0))
                        .toList());
        return Stream.of(durations, failures)
                .flatMap(series -> ask(predictors.get(), each -> each.predict(series)).stream())
                .toList();
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
