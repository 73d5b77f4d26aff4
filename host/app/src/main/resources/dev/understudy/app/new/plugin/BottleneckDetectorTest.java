package __PACKAGE__;

import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import dev.understudy.spi.testkit.BottleneckDetectorContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class __CLASS__Test extends BottleneckDetectorContract {
    private static final Instant NOON = Instant.parse("2026-11-16T12:00:00Z");

    @Override
    protected BottleneckDetector detector() {
        return new __CLASS__();
    }

    @Override
    protected WorkflowHistory heldUp() {
        return new WorkflowHistory("nightly", List.of(execution("1", 400, 5000), execution("2", 300, 3000)));
    }

    private static WorkflowExecution execution(String id, long fetchMillis, long packMillis) {
        Instant packing = NOON.plusMillis(fetchMillis);
        Instant end = packing.plusMillis(packMillis);
        return new WorkflowExecution(
                id,
                "nightly",
                NOON,
                end,
                ExecutionState.SUCCEEDED,
                List.of(step("fetch", NOON, packing), step("pack", packing, end)));
    }

    private static StepExecution step(String name, Instant start, Instant end) {
        return new StepExecution(name, start, end, ExecutionState.SUCCEEDED, Map.of(), ResourceUse.UNKNOWN);
    }

    @Override
    protected Thresholds thresholds() {
        return new Thresholds(Duration.ofSeconds(1), Duration.ofSeconds(2), 80, 80, 0.95, Duration.ofSeconds(5));
    }
}
