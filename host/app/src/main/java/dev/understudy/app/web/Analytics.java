package dev.understudy.app.web;

import dev.understudy.core.Understudy;
import dev.understudy.core.performance.AcceptedAdvice.Effect;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.Period;
import dev.understudy.core.performance.Trend;
import dev.understudy.core.performance.WorkflowAnalysis;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the recorded executions say together, as of one moment.
 *
 * @param stamp of the history that it was made of
 * @param period that it covers
 * @param workflows most to gain first
 * @param activeWorkflows how many were executed in the last day before the newest record
 * @param performance of all workflows over time, oldest first
 * @param effects of the advice that was followed, latest first
 * @param efficiency what executions used, over time, oldest first
 */
record Analytics(
        String stamp,
        Period period,
        List<WorkflowAnalysis> workflows,
        int activeWorkflows,
        List<Performance> performance,
        List<Effect> effects,
        List<Efficiency> efficiency) {
    private static final Duration ACTIVE = Duration.ofDays(1);

    /** One part of the trend of all workflows together. */
    record Performance(Instant at, long executions, double meanMillis, double successRate) {}

    /**
     * One part of the trend of what was used, of those executions of which it was measured.
     *
     * @param cpuMillisPerExecution processor time
     * @param memoryPercent mean over the steps of the greatest share of what they were allotted
     * @param executions how many it rests on
     */
    record Efficiency(Instant at, double cpuMillisPerExecution, double memoryPercent, long executions) {}

    /** Looks at everything; takes up to seconds. */
    static Analytics of(Understudy understudy, String periodText) {
        PerformanceHistory history = understudy.performance();
        String stamp = history.stamp();
        Period period = Period.of(periodText, history);
        List<WorkflowAnalysis> workflows = understudy.performanceService().analyseAll(period.from(), period.to());
        return new Analytics(
                stamp,
                period,
                workflows,
                active(history, workflows, period.to()),
                performance(history, workflows, period),
                understudy.acceptedAdvice().effects(),
                efficiency(history, workflows, period));
    }

    private static int active(PerformanceHistory history, List<WorkflowAnalysis> workflows, Instant to) {
        int active = 0;
        for (WorkflowAnalysis each : workflows)
            if (history.executionStatistics(each.workflow(), to.minus(ACTIVE), to)
                            .count()
                    > 0) active++;
        return active;
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
