package dev.understudy.core.optimization;

import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.spi.system.SystemSnapshot;

/**
 * What an optimisation does. Called by a thread of its own, one at a time; ends soon when it is interrupted, and has then put
 * everything back.
 */
@FunctionalInterface
public interface Optimization {
    /**
     * Looks for better settings for one kind of work.
     *
     * @param workload what the machine does
     * @param statistics what it did of late
     * @throws InterruptedException if it was interrupted
     */
    OptimizationResult run(OptimizationProfile profile, DetectedWorkload workload, SystemSnapshot statistics)
            throws InterruptedException;
}
