package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.pf4j.Extension;

/**
 * Steps that take now this long, now that long: {@code high_variance} where the variance in square seconds exceeds half the mean
 * in seconds, and {@code inconsistent_step} where the standard deviation exceeds half the mean. The first is the rule that
 * users of the original know, which measures in seconds and would say something else in any other unit; the second says
 * the same in each. Both take the deviation of a sample.
 */
@Extension
public final class InconsistentSteps implements BottleneckDetector {
    private static final int MIN_EXECUTIONS = 3;
    private static final double MAX_VARIATION = 0.5;

    @Override
    public String name() {
        return "inconsistent_steps";
    }

    @Override
    public List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds) {
        var found = new ArrayList<Bottleneck>();
        for (StepTimes step : StepTimes.of(history)) {
            if (step.count() < MIN_EXECUTIONS) continue;
            double variation = step.deviationMillis() / step.meanMillis();
            if (variation > MAX_VARIATION)
                found.add(bottleneck(
                        history,
                        step,
                        "inconsistent_step",
                        step.step() + " takes " + Text.millis(step.meanMillis()) + " on average, but varies by "
                                + Text.percent(variation) + " of that"));
            double varianceSeconds2 = varianceSeconds2(step);
            if (varianceSeconds2 > step.meanMillis() / 1000 / 2)
                found.add(bottleneck(
                        history,
                        step,
                        "high_variance",
                        "the variance of " + step.step() + " (" + Text.figure(varianceSeconds2)
                                + " s²) is above half its mean (" + Text.figure(step.meanMillis() / 1000) + " s)"));
        }
        found.sort(Comparator.comparingDouble(Bottleneck::impactMillis).reversed());
        return List.copyOf(found);
    }

    private static double varianceSeconds2(StepTimes step) {
        return step.deviationMillis() * step.deviationMillis() / 1e6;
    }

    /** What would be saved if the step never took longer than it mostly does. */
    private Bottleneck bottleneck(WorkflowHistory history, StepTimes step, String kind, String description) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("mean_ms", step.meanMillis());
        figures.put("median_ms", step.medianMillis());
        figures.put("standard_deviation_ms", step.deviationMillis());
        figures.put("variance_s2", varianceSeconds2(step));
        figures.put("executions", (double) step.count());
        double impact = StepTimes.savedMillis(
                history,
                each -> each.name().equals(step.step())
                        ? Math.min(step.medianMillis(), each.durationMillis())
                        : each.durationMillis());
        return new Bottleneck(name(), history.workflow(), step.step(), kind, description, impact, figures);
    }
}
