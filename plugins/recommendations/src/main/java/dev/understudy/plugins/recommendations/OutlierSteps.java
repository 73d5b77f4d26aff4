package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.pf4j.Extension;

/** Steps whose mean duration exceeds the mean over the workflow's steps by more than one standard deviation (of a sample) of them. */
@Extension
public final class OutlierSteps implements BottleneckDetector {
    /** Equal but for the last digits is not above. */
    private static final double ROUNDING = 1e-9;

    @Override
    public String name() {
        return "outlier_steps";
    }

    @Override
    public List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds) {
        List<StepTimes> steps = StepTimes.of(history);
        double[] means = steps.stream().mapToDouble(StepTimes::meanMillis).toArray();
        double limit = Statistics.mean(means) + Statistics.deviation(means);
        return steps.stream()
                .filter(step -> step.meanMillis() > limit * (1 + ROUNDING))
                .map(step -> bottleneck(history, step, limit))
                .sorted(Comparator.comparingDouble(Bottleneck::impactMillis).reversed())
                .toList();
    }

    private Bottleneck bottleneck(WorkflowHistory history, StepTimes step, double limit) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("mean_ms", step.meanMillis());
        figures.put("limit_ms", limit);
        figures.put("executions", (double) step.count());
        return new Bottleneck(
                name(),
                history.workflow(),
                step.step(),
                "slow_step",
                step.step() + " takes " + Text.millis(step.meanMillis())
                        + " on average, more than the mean of the steps plus one standard deviation ("
                        + Text.millis(limit) + ")",
                step.savedMillisIfInstant(history),
                figures);
    }
}
