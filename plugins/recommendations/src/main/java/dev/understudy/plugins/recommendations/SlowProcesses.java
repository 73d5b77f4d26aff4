package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.pf4j.Extension;

/**
 * Processes that are known by their metrics alone and take longer than the threshold: no record tells which part of them does.
 * What is expected is what it would take to come down to the threshold.
 */
@Extension
public final class SlowProcesses implements RecommendationRule {
    private static final int MIN_EXECUTIONS = 3;

    @Override
    public String name() {
        return "slow_process";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public List<Recommendation> evaluate(WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        if (!history.isOfProcess() || history.executions().size() < MIN_EXECUTIONS) return List.of();
        double limit = thresholds.slowProcess().toNanos() / 1e6;
        double[] before = history.executions().stream()
                .mapToDouble(WorkflowExecution::durationMillis)
                .toArray();
        double mean = Statistics.mean(before);
        if (mean <= limit) return List.of();
        Interval gain = Gain.percent(
                before, Arrays.stream(before).map(each -> Math.min(each, limit)).toArray());
        var evidence = new LinkedHashMap<String, Double>();
        evidence.put("mean_ms", mean);
        evidence.put("threshold_ms", limit);
        evidence.put("executions", (double) before.length);
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("process", history.workflow());
        arguments.put("target_ms", limit);
        return List.of(new Recommendation(
                name() + ":" + history.workflow(),
                name(),
                history.workflow(),
                "speed_up",
                history.workflow() + " takes " + Text.millis(mean) + " on average, more than " + Text.millis(limit)
                        + ": find what takes so long. Send its steps as a trace, and Understudy will name them.",
                gain,
                Objective.EXECUTION_TIME,
                Grade.MEDIUM,
                Grade.LOW,
                List.of(new Change("profile_process", arguments)),
                evidence));
    }
}
