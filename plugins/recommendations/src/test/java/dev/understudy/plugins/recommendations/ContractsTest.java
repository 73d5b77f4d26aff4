package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.BottleneckDetector;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Kind;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import dev.understudy.spi.testkit.BottleneckDetectorContract;
import dev.understudy.spi.testkit.DegradationPredictorContract;
import dev.understudy.spi.testkit.RecommendationRuleContract;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;

/** Every extension of this plugin keeps the contract of its extension point. */
class ContractsTest {
    private static WorkflowHistory executions(int count, IntFunction<WorkflowExecution> execution) {
        return Recorded.history(IntStream.range(0, count).mapToObj(execution).toList());
    }

    private static MetricSeries times(int count, IntToDoubleFunction value) {
        return Recorded.hourly(
                Kind.EXECUTION_TIME,
                2000,
                IntStream.range(0, count).mapToDouble(value).toArray());
    }

    /** One step that is long, moody and waited for, among others that are not. */
    private static WorkflowExecution heldUp(int i) {
        int end = i % 2 == 0 ? 1800 : 6000;
        return Recorded.execution(i)
                .step("open", 0, 100)
                .step("read", 100, 200)
                .step("work", 200, end)
                .step("close", end, end + 100)
                .until(end + 100);
    }

    abstract static class Detector extends BottleneckDetectorContract {
        @Override
        protected WorkflowHistory heldUp() {
            return executions(12, ContractsTest::heldUp);
        }

        @Override
        protected Thresholds thresholds() {
            return Recorded.DEFAULTS;
        }
    }

    abstract static class Rule extends RecommendationRuleContract {
        @Override
        protected Thresholds thresholds() {
            return Recorded.DEFAULTS;
        }
    }

    @Nested
    class OutlierStepsKeeps extends Detector {
        @Override
        protected BottleneckDetector detector() {
            return new OutlierSteps();
        }
    }

    @Nested
    class InconsistentStepsKeeps extends Detector {
        @Override
        protected BottleneckDetector detector() {
            return new InconsistentSteps();
        }
    }

    @Nested
    class SlowStepsKeeps extends Detector {
        @Override
        protected BottleneckDetector detector() {
            return new SlowSteps();
        }
    }

    @Nested
    class CriticalPathKeeps extends Detector {
        @Override
        protected BottleneckDetector detector() {
            return new CriticalPath();
        }
    }

    @Nested
    class ThresholdPredictorKeeps extends DegradationPredictorContract {
        @Override
        protected DegradationPredictor predictor() {
            return new ThresholdPredictor();
        }

        @Override
        protected MetricSeries worsening() {
            return times(5, i -> 100 + 10.0 * i);
        }
    }

    @Nested
    class TrendPredictorKeeps extends DegradationPredictorContract {
        @Override
        protected DegradationPredictor predictor() {
            return new TrendPredictor();
        }

        @Override
        protected MetricSeries worsening() {
            return times(100, i -> 1000 + 2.0 * i);
        }
    }

    @Nested
    class ChangePointPredictorKeeps extends DegradationPredictorContract {
        @Override
        protected DegradationPredictor predictor() {
            return new ChangePointPredictor();
        }

        @Override
        protected MetricSeries worsening() {
            return times(100, i -> (i < 60 ? 100 : 180) + i * 37 % 11);
        }
    }

    @Nested
    class AnomalyPredictorKeeps extends DegradationPredictorContract {
        @Override
        protected DegradationPredictor predictor() {
            return new AnomalyPredictor();
        }

        @Override
        protected MetricSeries worsening() {
            var random = new Random(5);
            return times(1000, i -> 100 + 5 * random.nextGaussian() + (i == 990 ? 300 : 0));
        }
    }

    @Nested
    class ParallelizationKeeps extends Rule {
        @Override
        protected RecommendationRule rule() {
            return new Parallelization();
        }

        @Override
        protected WorkflowHistory improvable() {
            return executions(
                    10,
                    i -> Recorded.execution(i)
                            .step(i % 2 == 0 ? "mail" : "index", 0, 100)
                            .step(i % 2 == 0 ? "index" : "mail", 100, 200)
                            .until(200));
        }
    }

    @Nested
    class CachingKeeps extends Rule {
        @Override
        protected RecommendationRule rule() {
            return new Caching();
        }

        @Override
        protected WorkflowHistory improvable() {
            return executions(
                    10,
                    i -> Recorded.execution(i)
                            .step("rates", 0, 80, Map.of("currency", "EUR"))
                            .until(100));
        }
    }

    @Nested
    class ResourcesKeeps extends Rule {
        @Override
        protected RecommendationRule rule() {
            return new Resources();
        }

        @Override
        protected WorkflowHistory improvable() {
            return executions(
                    10,
                    i -> Recorded.execution(i)
                            .step("encode", 0, 1000, new ResourceUse(100, Double.NaN))
                            .until(1000));
        }
    }

    @Nested
    class ReliabilityKeeps extends Rule {
        @Override
        protected RecommendationRule rule() {
            return new Reliability();
        }

        @Override
        protected WorkflowHistory improvable() {
            return executions(
                    50,
                    i -> Recorded.execution(i)
                            .step("upload", 0, 100, i % 10 == 3 ? ExecutionState.FAILED : ExecutionState.SUCCEEDED)
                            .until(100));
        }
    }
}
