package dev.understudy.core.performance;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.Recommendation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of one workflow in a stretch of time, or of one process that is known by its metrics alone.
 *
 * @param workflow its name, or that of the process
 * @param executions of whole executions
 * @param steps of its steps, by name; a process has none
 * @param use what its steps used
 * @param normal from where on it counts as slow
 * @param bottlenecks greatest impact first
 * @param degradations most probable first
 * @param recommendations by priority of their rules, then greatest expected improvement first; those of a high risk at the end
 * @param potential what there is to gain
 */
public record WorkflowAnalysis(
        String workflow,
        DurationStatistics executions,
        Map<String, DurationStatistics> steps,
        ResourceStatistics use,
        Normal normal,
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

    /** The bottlenecks, those that say the same about one step as one. */
    public List<Folded<Bottleneck>> foldedBottlenecks() {
        return Folded.bottlenecks(bottlenecks);
    }

    /** What gets worse, what says so of one series as one. */
    public List<Folded<Degradation>> foldedDegradations() {
        return Folded.degradations(degradations);
    }

    /** Whether a step uses nearly all of the processor time or memory that it is allotted: no model for others, however fast. */
    public boolean isShortOfResources() {
        return bottlenecks.stream()
                .anyMatch(each ->
                        each.kind().equals("cpu_above_threshold") || each.kind().equals("memory_above_threshold"));
    }
}
