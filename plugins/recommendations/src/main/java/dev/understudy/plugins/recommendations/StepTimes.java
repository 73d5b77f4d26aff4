package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the executions of one step say together.
 *
 * @param step its name
 * @param count how many there are
 * @param meanMillis mean duration
 * @param medianMillis median duration
 * @param deviationMillis standard deviation of the durations (sample); 0 if there is one only
 * @param perExecution how many of them an execution of the workflow has, on average
 */
record StepTimes(
        String step, int count, double meanMillis, double medianMillis, double deviationMillis, double perExecution) {

    /** One entry a step name, in the order in which they first occur. */
    static List<StepTimes> of(WorkflowHistory history) {
        Map<String, List<StepExecution>> byName = new LinkedHashMap<>();
        for (WorkflowExecution execution : history.executions())
            for (StepExecution step : execution.steps())
                byName.computeIfAbsent(step.name(), _ -> new ArrayList<>()).add(step);
        return byName.entrySet().stream()
                .map(entry -> of(
                        entry.getKey(), entry.getValue(), history.executions().size()))
                .toList();
    }

    private static StepTimes of(String name, List<StepExecution> steps, int executions) {
        double[] millis =
                steps.stream().mapToDouble(StepExecution::durationMillis).toArray();
        return new StepTimes(
                name,
                millis.length,
                Statistics.mean(millis),
                Statistics.median(millis),
                Statistics.deviation(millis),
                millis.length / (double) executions);
    }

    /** How much shorter an execution would be on average, in milliseconds, if the step took what the function says. */
    static double savedMillis(WorkflowHistory history, ToDoubleFunction<StepExecution> durationMillis) {
        return history.executions().stream()
                .map(Replay::new)
                .mapToDouble(replay -> Math.max(0, replay.recordedMillis() - replay.millisWith(durationMillis)))
                .average()
                .orElse(0);
    }

    double savedMillisIfInstant(WorkflowHistory history) {
        return savedMillis(history, each -> each.name().equals(step) ? 0 : each.durationMillis());
    }
}
