package dev.understudy.spi.performance;

import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * Finds the steps that hold a workflow up. Called by any thread of the host, by several at once; implementations keep no
 * state between calls.
 */
public interface BottleneckDetector extends ExtensionPoint {

    /** Stable name, for example {@code outlier_steps}. */
    String name();

    /**
     * Returns what holds the workflow up, greatest impact first; empty if nothing does or the history is too short to say.
     * A step whose executions did not succeed counts like any other.
     */
    List<Bottleneck> detect(WorkflowHistory history, Thresholds thresholds);
}
