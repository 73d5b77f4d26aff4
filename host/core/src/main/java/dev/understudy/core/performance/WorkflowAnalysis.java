package dev.understudy.core.performance;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.Recommendation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of one workflow in a stretch of time.
 *
 * @param workflow its name
 * @param executions of whole executions
 * @param steps of its steps, by name
 * @param bottlenecks greatest impact first
 * @param degradations most probable first
 * @param recommendations by priority of their rules, then greatest expected improvement first
 * @param potential what there is to gain
 */
public record WorkflowAnalysis(
        String workflow,
        DurationStatistics executions,
        Map<String, DurationStatistics> steps,
        List<Bottleneck> bottlenecks,
        List<Degradation> degradations,
        List<Recommendation> recommendations,
        OptimizationPotential potential) {
    public WorkflowAnalysis {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        bottlenecks = List.copyOf(bottlenecks);
        degradations = List.copyOf(degradations);
        recommendations = List.copyOf(recommendations);
    }
}
