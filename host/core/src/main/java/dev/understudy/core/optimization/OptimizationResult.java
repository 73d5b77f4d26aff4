package dev.understudy.core.optimization;

import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an optimisation ended.
 *
 * @param duration how long it took
 * @param measured what was measured; null where nothing was tried
 * @param applied what was changed and stays; empty if nothing
 * @param advice what a person could set
 * @param summary one sentence for people
 */
public record OptimizationResult(
        Workload workload,
        Instant startedAt,
        Duration duration,
        @Nullable Measured measured,
        List<Change> applied,
        List<Advice> advice,
        String summary) {
    public OptimizationResult {
        applied = List.copyOf(applied);
        advice = List.copyOf(advice);
    }

    /**
     * What measuring found.
     *
     * @param strategy that proposed the settings
     * @param evaluations how many were measured
     * @param failures how many of them could not be applied
     * @param scoreBefore with the settings of before, from 0 to 100
     * @param bestScore of the best settings; {@code scoreBefore} if none was better
     * @param best those settings, as the change from what was set before; empty if none was better
     * @param verdict what the race said, one sentence
     */
    public record Measured(
            String strategy,
            int evaluations,
            int failures,
            double scoreBefore,
            double bestScore,
            List<Change> best,
            String verdict) {
        public Measured {
            best = List.copyOf(best);
        }
    }
}
