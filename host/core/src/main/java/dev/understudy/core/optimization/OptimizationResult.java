package dev.understudy.core.optimization;

import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.profile.Weights;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an optimisation ended.
 *
 * @param duration how long it took
 * @param measured what was measured; null where nothing was tried
 * @param applied what was changed and stays; empty if nothing
 * @param advice what a person could set
 * @param summary a clause for people
 */
public record OptimizationResult(
        Workload workload,
        Instant startedAt,
        Duration duration,
        @Nullable Measurements measured,
        List<Change> applied,
        List<Advice> advice,
        String summary) {
    public OptimizationResult {
        applied = List.copyOf(applied);
        advice = List.copyOf(advice);
    }

    /**
     * One measurement.
     *
     * @param values of all parameters, as their target writes them
     * @param phase what it was for: default, search, heat, race or last
     * @param score from 0 to 100 where the profile's weights make it, else the figure of its objective; {@link Weights#FAILED} if
     *     there is none
     * @param failure why there is none; empty if there is one
     */
    public record Evaluation(Map<String, String> values, String phase, double score, String failure) {
        public Evaluation {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * What measuring found.
     *
     * @param strategy that proposed the settings
     * @param objective what the scores are, for people
     * @param evaluations all, in order
     * @param scoreBefore with the settings of before
     * @param bestScore of the best settings; {@code scoreBefore} if none was better
     * @param best those settings, as the change from what was set before; empty if none was better
     * @param verdict what the race said, a clause
     */
    public record Measurements(
            String strategy,
            String objective,
            List<Evaluation> evaluations,
            double scoreBefore,
            double bestScore,
            List<Change> best,
            String verdict) {
        public Measurements {
            evaluations = List.copyOf(evaluations);
            best = List.copyOf(best);
        }
    }
}
