package dev.understudy.core.performance;

import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the steps of a workflow's executions used, of those of which it was measured and that are kept as they came. What was not
 * measured is {@link Double#NaN}.
 *
 * @param measured how many steps
 * @param cpuPercent use of processor time, in percent of what was allotted
 * @param memoryPercent greatest use of memory, in percent of what was allotted
 * @param cpuMillisPerExecution processor time of an execution
 * @param cpuWastedShare which part of the processor time that was allotted lay idle, from 0.0 to 1.0, long steps counting more;
 *     NaN for a process, to which nothing is allotted
 * @param memoryWastedShare the same of memory
 * @param ioBytes read from and written to disks by an execution, over those of which that was measured
 */
public record ResourceStatistics(
        long measured,
        Spread cpuPercent,
        Spread memoryPercent,
        double cpuMillisPerExecution,
        double cpuWastedShare,
        double memoryWastedShare,
        Spread ioBytes) {

    /**
     * How much, and how much at times.
     *
     * @param mean mean over the steps, each counted as often as it ran, or over the executions
     * @param p95 95th percentile, by the nearest rank
     */
    public record Spread(double mean, double p95) {
        private static final Spread UNKNOWN = new Spread(Double.NaN, Double.NaN);

        private static Spread of(double[] values) {
            if (values.length == 0) return UNKNOWN;
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(
                    Arrays.stream(sorted).average().orElse(Double.NaN),
                    sorted[(int) Math.ceil(0.95 * sorted.length) - 1]);
        }
    }

    static ResourceStatistics of(WorkflowHistory history) {
        List<StepExecution> measured = history.executions().stream()
                .flatMap(execution -> execution.steps().stream())
                .filter(step -> step.use().isKnown())
                .toList();
        boolean allotted = !history.isOfProcess();
        return new ResourceStatistics(
                measured.size(),
                Spread.of(known(measured, step -> step.use().cpuPercent())),
                Spread.of(known(measured, step -> step.use().memoryPercent())),
                cpuMillis(history),
                allotted ? wasted(measured, step -> step.use().cpuPercent()) : Double.NaN,
                allotted ? wasted(measured, step -> step.use().memoryPercent()) : Double.NaN,
                Spread.of(perExecution(history, step -> step.use().ioBytes())));
    }

    private static double[] known(List<StepExecution> steps, ToDoubleFunction<StepExecution> figure) {
        return steps.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    private static double cpuMillis(WorkflowHistory history) {
        return Arrays.stream(perExecution(history, step -> step.use().cpuPercent() / 100 * step.durationMillis()))
                .average()
                .orElse(Double.NaN);
    }

    /** Summed over the steps of each execution that has one of which it is known. */
    private static double[] perExecution(WorkflowHistory history, ToDoubleFunction<StepExecution> figure) {
        var sums = new ArrayList<Double>();
        for (WorkflowExecution execution : history.executions()) {
            double[] figures = known(execution.steps(), figure);
            if (figures.length > 0) sums.add(Arrays.stream(figures).sum());
        }
        return sums.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double wasted(List<StepExecution> steps, ToDoubleFunction<StepExecution> percent) {
        double idle = 0;
        double whole = 0;
        for (StepExecution step : steps) {
            double used = percent.applyAsDouble(step);
            if (Double.isNaN(used)) continue;
            idle += Math.max(0, 1 - used / 100) * step.durationMillis();
            whole += step.durationMillis();
        }
        return whole == 0 ? Double.NaN : idle / whole;
    }
}
