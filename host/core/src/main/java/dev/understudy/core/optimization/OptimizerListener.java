package dev.understudy.core.optimization;

import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.system.WorkloadListener;
import dev.understudy.spi.system.Workload;

/** Hears what a {@link ContinuousOptimizer} does. Called by its thread; must return soon. */
public interface OptimizerListener extends WorkloadListener {
    /** An optimisation begins. */
    void started(OptimizationProfile profile);

    /**
     * An optimisation was not made, or was given up; everything is as it was before.
     *
     * @param reason a clause
     */
    void skipped(Workload workload, String reason);

    /** An optimisation has ended. */
    void ended(OptimizationResult result);

    /**
     * An optimisation has failed.
     *
     * @param reason a sentence; says what stands changed, if anything does
     */
    void failed(Workload workload, String reason);
}
