package __PACKAGE__;

import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import dev.understudy.spi.testkit.RecommendationRuleContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class __CLASS__Test extends RecommendationRuleContract {
    private static final Instant NOON = Instant.parse("2026-11-16T12:00:00Z");

    @Override
    protected RecommendationRule rule() {
        return new __CLASS__();
    }

    @Override
    protected WorkflowHistory improvable() {
        return new WorkflowHistory("nightly", List.of(execution("1", 4), execution("2", 6)));
    }

    private static WorkflowExecution execution(String id, int seconds) {
        var wait = new StepExecution(
                "wait", NOON, NOON.plusSeconds(2), ExecutionState.SUCCEEDED, Map.of(), ResourceUse.UNKNOWN);
        return new WorkflowExecution(
                id, "nightly", NOON, NOON.plusSeconds(seconds), ExecutionState.SUCCEEDED, List.of(wait));
    }

    @Override
    protected Thresholds thresholds() {
        return new Thresholds(Duration.ofSeconds(1), Duration.ofSeconds(2), 80, 80, 0.95, Duration.ofSeconds(5));
    }
}
