package dev.understudy.core.performance;

import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.AcceptedAdvice.Verdict;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the recorded executions say together, as of one moment.
 *
 * @param stamp of the history that it was made of
 * @param period that it covers
 * @param workflows most to gain first
 * @param processes that are known by their metrics alone, most to gain first
 * @param performance of all workflows over time, oldest first
 * @param effects of the advice that was followed, latest first
 * @param efficiency what executions used, over time, oldest first
 * @param problems plugins that failed, one line each
 */
public record Analytics(
        String stamp,
        Period period,
        List<WorkflowAnalysis> workflows,
        List<WorkflowAnalysis> processes,
        List<Performance> performance,
        List<Effect> effects,
        List<Efficiency> efficiency,
        List<String> problems) {
    private static final int TOP = 5;
    private static final int CANDIDATES = 10;

    public Analytics {
        workflows = List.copyOf(workflows);
        processes = List.copyOf(processes);
        performance = List.copyOf(performance);
        effects = List.copyOf(effects);
        efficiency = List.copyOf(efficiency);
        problems = List.copyOf(problems);
    }

    /**
     * One part of the trend of all workflows together.
     *
     * @param at its beginning
     * @param executions how many
     * @param meanMillis how long they took
     * @param successRate share of them that succeeded, from 0.0 to 1.0
     */
    public record Performance(Instant at, long executions, double meanMillis, double successRate) {}

    /**
     * One part of the trend of what was used, of those executions of which it was measured.
     *
     * @param at its beginning
     * @param cpuMillisPerExecution processor time
     * @param memoryPercent mean over the steps of the greatest share of what they were allotted
     * @param executions how many it rests on
     */
    public record Efficiency(Instant at, double cpuMillisPerExecution, double memoryPercent, long executions) {}

    /**
     * Looks at everything; takes up to seconds.
     *
     * @param periodText for example {@code 30d}
     */
    public static Analytics of(
            PerformanceHistory history, PerformanceService service, AcceptedAdvice accepted, String periodText) {
        String stamp = history.stamp();
        Period period = Period.of(periodText, history);
        List<WorkflowAnalysis> workflows = service.analyseAll(period.from(), period.to());
        return new Analytics(
                stamp,
                period,
                workflows,
                service.analyseProcesses(period.from(), period.to()),
                performance(history, workflows, period),
                accepted.effects(),
                efficiency(history, workflows, period),
                service.problems());
    }

    /** Workflows and processes, in this order. */
    public List<WorkflowAnalysis> all() {
        return Stream.concat(workflows.stream(), processes.stream()).toList();
    }

    /** The best five: highest score first, those that run short of what they are allotted left out. */
    public List<WorkflowAnalysis> topWorkflows() {
        return all().stream()
                .filter(each -> !each.isShortOfResources())
                .sorted(Comparator.comparingDouble(
                                (WorkflowAnalysis each) -> each.potential().optimizationScore())
                        .thenComparingLong(each -> each.executions().count())
                        .reversed())
                .limit(TOP)
                .toList();
    }

    /** The five that lose most by a bottleneck over all their executions. */
    public List<WorkflowAnalysis> bottleneckWorkflows() {
        return all().stream()
                .filter(each -> !each.bottlenecks().isEmpty())
                .sorted(Comparator.comparingDouble(Analytics::lostMillis).reversed())
                .limit(TOP)
                .toList();
    }

    private static double lostMillis(WorkflowAnalysis analysis) {
        return analysis.executions().count()
                * analysis.bottlenecks().stream()
                        .mapToDouble(Bottleneck::impactMillis)
                        .max()
                        .orElse(0);
    }

    /** The ten with most to gain. */
    public List<WorkflowAnalysis> candidates() {
        return all().stream()
                .filter(each -> each.potential().total() > 0)
                .sorted(Comparator.comparingDouble(
                                (WorkflowAnalysis each) -> each.potential().total())
                        .reversed())
                .limit(CANDIDATES)
                .toList();
    }

    /** The mean of all scores, from 0 to 100; NaN if there is none. */
    public double averageScore() {
        return all().stream()
                .mapToDouble(each -> each.potential().optimizationScore())
                .average()
                .orElse(Double.NaN);
    }

    /** How many pieces of advice were followed, and had executions enough since to be measured. */
    public long optimizationsApplied() {
        return effects.stream()
                .filter(each -> each.verdict() != Verdict.TOO_EARLY)
                .count();
    }

    private static List<Performance> performance(
            PerformanceHistory history, List<WorkflowAnalysis> workflows, Period period) {
        var sums = new TreeMap<Instant, double[]>();
        for (WorkflowAnalysis each : workflows)
            for (Trend.Part part : Trend.of(history, each.workflow(), period)) {
                double[] sum = sums.computeIfAbsent(part.from(), _ -> new double[3]);
                long count = part.statistics().count();
                sum[0] += count;
                sum[1] += count * part.statistics().meanMillis();
                sum[2] += count * part.statistics().successRate();
            }
        var trend = new ArrayList<Performance>();
        sums.forEach((at, sum) -> trend.add(new Performance(at, Math.round(sum[0]), sum[1] / sum[0], sum[2] / sum[0])));
        return trend;
    }

    /** What the executions of one part used. */
    private static final class Use {
        private double cpuMillis;
        private long executions;
        private double memoryPercent;
        private long memorySteps;

        void add(WorkflowExecution execution) {
            double cpu = 0;
            boolean known = false;
            for (StepExecution step : execution.steps()) {
                if (!Double.isNaN(step.use().cpuPercent())) {
                    cpu += step.use().cpuPercent() / 100 * step.durationMillis();
                    known = true;
                }
                if (!Double.isNaN(step.use().memoryPercent())) {
                    memoryPercent += step.use().memoryPercent();
                    memorySteps++;
                }
            }
            if (!known) return;
            cpuMillis += cpu;
            executions++;
        }
    }

    private static List<Efficiency> efficiency(
            PerformanceHistory history, List<WorkflowAnalysis> workflows, Period period) {
        List<Instant> parts = Trend.parts(period);
        var uses = new TreeMap<Instant, Use>();
        for (Instant part : parts) uses.put(part, new Use());
        for (WorkflowAnalysis each : workflows)
            for (WorkflowExecution execution : history.executions(each.workflow(), period.from(), period.to())
                    .executions()) {
                var part = uses.floorEntry(execution.start());
                if (part != null) part.getValue().add(execution);
            }
        var trend = new ArrayList<Efficiency>();
        uses.forEach((at, use) -> {
            if (use.executions > 0)
                trend.add(new Efficiency(
                        at,
                        use.cpuMillis / use.executions,
                        use.memorySteps == 0 ? Double.NaN : use.memoryPercent / use.memorySteps,
                        use.executions));
        });
        return trend;
    }
}
