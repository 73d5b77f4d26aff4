package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.pf4j.Extension;

/** Steps above the configured thresholds: mean duration, processor time, memory. */
@Extension
public final class SlowSteps implements BottleneckDetector {
    @Override
    public String name() {
        return "thresholds";
    }

    @Override
    public List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds) {
        var found = new ArrayList<Bottleneck>();
        for (StepTimes step : StepTimes.of(history)) {
            double limit = thresholds.bottleneck().toNanos() / 1e6;
            if (step.meanMillis() > limit)
                found.add(bottleneck(
                        history,
                        step,
                        "above_threshold",
                        step.step() + " takes " + Text.millis(step.meanMillis()) + " on average, more than "
                                + Text.millis(limit),
                        "mean_ms",
                        step.meanMillis()));
            mean(history, step, ResourceUse::cpuPercent)
                    .ifPresent(cpu ->
                            addIfScarce(found, history, step, "cpu", "processor time", cpu, thresholds.cpuPercent()));
            mean(history, step, ResourceUse::memoryPercent)
                    .ifPresent(memory ->
                            addIfScarce(found, history, step, "memory", "memory", memory, thresholds.memoryPercent()));
        }
        found.sort(Comparator.comparingDouble(Bottleneck::impactMillis).reversed());
        return List.copyOf(found);
    }

    private void addIfScarce(
            List<Bottleneck> found,
            WorkflowHistory history,
            StepTimes step,
            String word,
            String name,
            double percent,
            double limit) {
        if (percent <= limit) return;
        found.add(bottleneck(
                history,
                step,
                word + "_above_threshold",
                step.step() + " uses " + Text.figure(percent) + " % of its " + name + " on average, more than "
                        + Text.figure(limit) + " %",
                word + "_percent",
                percent));
    }

    private static OptionalDouble mean(WorkflowHistory history, StepTimes step, ToDoubleFunction<ResourceUse> figure) {
        return history.executions().stream()
                .flatMap(execution -> execution.steps().stream())
                .filter(each -> each.name().equals(step.step()))
                .map(StepExecution::use)
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .average();
    }

    private Bottleneck bottleneck(
            WorkflowHistory history, StepTimes step, String kind, String description, String figure, double value) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put(figure, value);
        figures.put("executions", (double) step.count());
        return new Bottleneck(
                name(),
                history.workflow(),
                step.step(),
                kind,
                description,
                step.savedMillisIfInstant(history),
                figures);
    }
}
