package dev.understudy.spi.performance;

import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * Knows one kind of change that makes workflows better. Called by any thread of the host, by several at once;
 * implementations keep no state between calls.
 */
public interface RecommendationRule extends ExtensionPoint {

    /** Stable name, for example {@code parallelization}. */
    String name();

    /** Rules of a higher priority come first, from 1 to 10. */
    int priority();

    /**
     * Returns what should be changed, best first; empty if the rule has nothing to say. What it expects is computed from
     * the executions of {@code history}, never a constant.
     *
     * @param bottlenecks what holds the workflow up, greatest impact first
     */
    List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds);
}
