package dev.understudy.core.performance;

import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.core.performance.PerformanceHistory.ProcessStatistics;
import dev.understudy.spi.performance.Recommendation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code report} says of workflows and processes in a stretch of time.
 *
 * @param period that it covers
 * @param workflows most to gain first
 * @param processes that were measured in this time, in the order of the alphabet; such as are workflows as well are among both
 * @param slowProcesses names of those that take longer than the configured threshold on average
 * @param trends of each workflow by its name, oldest part first
 * @param effects of the recommendations that were followed, latest first
 * @param problems plugins that failed, one line each
 */
public record PerformanceReport(
        Period period,
        List<WorkflowAnalysis> workflows,
        List<WorkflowAnalysis> processes,
        Set<String> slowProcesses,
        Map<String, List<Trend.Part>> trends,
        List<Effect> effects,
        List<String> problems) {
    public PerformanceReport {
        workflows = List.copyOf(workflows);
        processes = List.copyOf(processes);
        slowProcesses = Set.copyOf(slowProcesses);
        trends = Map.copyOf(trends);
        effects = List.copyOf(effects);
        problems = List.copyOf(problems);
    }

    /**
     * The few figures for those who read no more.
     *
     * @param totalExecutions of all workflows
     * @param averageMillis how long they took; NaN if there are none
     * @param successRate share of them that succeeded, from 0.0 to 1.0; NaN if there are none
     * @param recommendationsFollowed how many
     * @param recommendationsThatImproved how many of them have been measured to have improved something
     * @param savedMillis what the executions since would have taken longer if none had been followed; less than 0 if shorter
     * @param opportunities how many recommendations there are
     */
    public record ExecutiveSummary(
            long totalExecutions,
            double averageMillis,
            double successRate,
            long recommendationsFollowed,
            long recommendationsThatImproved,
            double savedMillis,
            long opportunities) {}

    /**
     * Looks at everything; takes up to seconds.
     *
     * @param workflows those to report on, by {@link PerformanceService#analyseAll} or {@link PerformanceService#analyse}
     */
    public static PerformanceReport of(
            Period period,
            List<WorkflowAnalysis> workflows,
            PerformanceHistory history,
            PerformanceService service,
            AcceptedAdvice accepted) {
        var trends = new LinkedHashMap<String, List<Trend.Part>>();
        for (WorkflowAnalysis each : workflows) trends.put(each.workflow(), Trend.of(history, each.workflow(), period));
        List<WorkflowAnalysis> processes = history.processes().stream()
                .map(each -> service.analyseProcess(each, period.from(), period.to()))
                .filter(each -> each.executions().count() > 0)
                .toList();
        Set<String> slow = history.slowProcesses(period.from(), period.to()).stream()
                .map(ProcessStatistics::process)
                .collect(Collectors.toSet());
        return new PerformanceReport(
                period, workflows, processes, slow, trends, accepted.effects(), service.problems());
    }

    /** The figures of all workflows together. */
    public ExecutiveSummary summary() {
        long count =
                workflows.stream().mapToLong(each -> each.executions().count()).sum();
        return new ExecutiveSummary(
                count,
                mean(count, DurationStatistics::meanMillis),
                mean(count, DurationStatistics::successRate),
                effects.size(),
                effects.stream()
                        .filter(each -> each.verdict() == Verdict.IMPROVED)
                        .count(),
                effects.stream().mapToDouble(Effect::savedMillis).sum(),
                recommendations().size());
    }

    private double mean(long count, ToDoubleFunction<DurationStatistics> figure) {
        if (count == 0) return Double.NaN;
        return workflows.stream()
                        .map(WorkflowAnalysis::executions)
                        .mapToDouble(each -> figure.applyAsDouble(each) * each.count())
                        .sum()
                / count;
    }

    /** Processes that are known by their metrics alone. */
    public List<WorkflowAnalysis> processesAlone() {
        Set<String> names = workflows.stream().map(WorkflowAnalysis::workflow).collect(Collectors.toSet());
        return processes.stream()
                .filter(each -> !names.contains(each.workflow()))
                .toList();
    }

    /** All advice, what is most worth making first. */
    public List<Recommendation> recommendations() {
        return PerformanceService.mostWorthMaking(
                Stream.concat(workflows.stream(), processesAlone().stream()).toList());
    }
}
