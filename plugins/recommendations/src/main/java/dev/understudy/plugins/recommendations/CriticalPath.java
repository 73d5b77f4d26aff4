package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.pf4j.Extension;

/**
 * Steps on which the whole waits: how much shorter an execution would be if the step took half as long, found by
 * {@link Replay} of the recorded executions. A slow step beside a slower one holds nobody up, and is not named.
 */
@Extension
public final class CriticalPath implements BottleneckDetector {
    /** From which share of an execution on a step is worth naming, were it twice as fast. */
    private static final double MIN_SHARE = 0.1;

    @Override
    public String name() {
        return "critical_path";
    }

    @Override
    public List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds) {
        double whole = history.executions().stream()
                .mapToDouble(WorkflowExecution::durationMillis)
                .average()
                .orElse(0);
        return StepTimes.of(history).stream()
                .map(step -> bottleneck(history, step, whole))
                .filter(found -> found.impactMillis() >= MIN_SHARE * whole && whole > 0)
                .sorted(Comparator.comparingDouble(Bottleneck::impactMillis).reversed())
                .toList();
    }

    private Bottleneck bottleneck(WorkflowHistory history, StepTimes step, double whole) {
        double saved = StepTimes.savedMillis(
                history, each -> each.name().equals(step.step()) ? each.durationMillis() / 2 : each.durationMillis());
        var figures = new LinkedHashMap<String, Double>();
        figures.put("mean_ms", step.meanMillis());
        figures.put("execution_mean_ms", whole);
        figures.put("saved_if_twice_as_fast_ms", saved);
        figures.put("saved_if_instant_ms", step.savedMillisIfInstant(history));
        return new Bottleneck(
                name(),
                history.workflow(),
                step.step(),
                "critical_step",
                "the whole waits for " + step.step() + ": if it were twice as fast, an execution would take "
                        + Text.millis(whole - saved) + " in place of " + Text.millis(whole),
                saved,
                figures);
    }
}
