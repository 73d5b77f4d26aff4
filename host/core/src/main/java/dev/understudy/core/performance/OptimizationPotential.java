package dev.understudy.core.performance;

import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import java.time.Duration;
import java.util.List;

/**
 * What there is to gain from changing a workflow. Each part is a share from 0.0 to 1.0, and they add up as independent
 * losses do: {@code 1 - (1 - performance) (1 - reliability) (1 - resources)}.
 *
 * @param performance the share of an execution's time that the best advice is expected to save, or that it takes beyond what is
 *     {@linkplain Normal usual}, whichever is more; advice of a high risk, which may be wrong, does not count
 * @param reliability by how much the success rate falls short of the configured minimum, as a share of it
 * @param resources the share of what is allotted that the best advice is expected to free, or of the executions that it is
 *     expected to keep from running short, counted half: it holds nobody up yet
 */
public record OptimizationPotential(double performance, double reliability, double resources) {

    static OptimizationPotential of(
            DurationStatistics executions,
            List<Recommendation> recommendations,
            Duration maxDuration,
            double minSuccessRate) {
        if (executions.count() == 0) return new OptimizationPotential(0, 0, 0);
        double max = maxDuration.toNanos() / 1e6;
        double beyond = Math.max(0, 1 - max / executions.meanMillis());
        return new OptimizationPotential(
                Math.max(beyond, best(recommendations, Objective.EXECUTION_TIME)),
                Math.max(0, 1 - executions.successRate() / minSuccessRate),
                best(recommendations, Objective.RESOURCE_COST) / 2);
    }

    private static double best(List<Recommendation> recommendations, Objective objective) {
        return recommendations.stream()
                .filter(each -> each.objective() == objective && each.risk() != Grade.HIGH)
                .mapToDouble(each -> each.expectedImprovement().estimate() / 100)
                .map(share -> Math.clamp(share, 0, 1))
                .max()
                .orElse(0);
    }

    /** From 0.0 to 1.0, higher meaning more to gain. */
    public double total() {
        return 1 - (1 - performance) * (1 - reliability) * (1 - resources);
    }

    /** From 0 to 100, higher meaning better: what is left if all that could be gained is taken off. */
    public double optimizationScore() {
        return 100 * (1 - total());
    }
}
