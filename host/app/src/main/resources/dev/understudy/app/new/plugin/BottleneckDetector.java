package __PACKAGE__;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Finds steps whose slowest execution took longer than allowed. */
@Extension
public final class __CLASS__ implements BottleneckDetector {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds) {
        Map<String, Double> slowest = history.executions().stream()
                .flatMap(execution -> execution.steps().stream())
                .collect(Collectors.toMap(StepExecution::name, StepExecution::durationMillis, Math::max));
        return slowest.entrySet().stream()
                .filter(step -> step.getValue() > thresholds.bottleneck().toMillis())
                .map(step -> new Bottleneck(
                        name(),
                        history.workflow(),
                        step.getKey(),
                        "slow",
                        "its slowest execution took %.0f ms".formatted(step.getValue()),
                        step.getValue() - thresholds.bottleneck().toMillis(),
                        Map.of("slowest_ms", step.getValue())))
                .sorted(Comparator.comparingDouble((Bottleneck found) -> -found.impactMillis())
                        .thenComparing(Bottleneck::step))
                .toList();
    }
}
