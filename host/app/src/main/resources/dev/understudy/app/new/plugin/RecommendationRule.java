package __PACKAGE__;

import dev.understudy.spi.performance.Interval;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Change;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.List;
import java.util.Map;
import org.pf4j.Extension;

/** Where each execution has a step named {@code wait}, leaving it out saves its share of the time. */
@Extension
public final class __CLASS__ implements RecommendationRule {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public List<Recommendation> evaluate(
            WorkflowHistory history, List<Bottleneck> bottlenecks, Thresholds thresholds) {
        var shares = history.executions().stream()
                .mapToDouble(__CLASS__::waitingPercent)
                .summaryStatistics();
        if (shares.getCount() == 0 || shares.getMin() <= 0) return List.of();
        return List.of(new Recommendation(
                name() + ":" + history.workflow(),
                name(),
                history.workflow(),
                "no_waiting",
                "Leave out the step 'wait', which takes %.0f %% of the time.".formatted(shares.getAverage()),
                new Interval(shares.getAverage(), shares.getMin(), shares.getMax()),
                Objective.EXECUTION_TIME,
                Grade.LOW,
                Grade.LOW,
                List.of(new Change("remove_step", Map.of("step", "wait"))),
                Map.of("waiting_percent", shares.getAverage())));
    }

    private static double waitingPercent(WorkflowExecution execution) {
        double waited = execution.steps().stream()
                .filter(step -> step.name().equals("wait"))
                .mapToDouble(step -> step.durationMillis())
                .sum();
        return waited == 0 ? 0 : 100 * Math.min(1, waited / execution.durationMillis());
    }
}
