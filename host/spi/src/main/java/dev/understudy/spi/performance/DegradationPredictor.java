package dev.understudy.spi.performance;

import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * Tells from a series that something gets worse, or is about to. Called by any thread of the host, by several at once;
 * implementations keep no state between calls.
 */
public interface DegradationPredictor extends ExtensionPoint {

    /** Stable name, for example {@code trend}. */
    String name();

    /**
     * Returns what holds at the end of the series, most probable first; what was bad once and is well again is no
     * finding. Empty if the series is too short to say. Takes at most a second for 10,000 points.
     */
    List<Degradation> predict(MetricSeries series);
}
