package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.performance.Recommendation.Grade;
import dev.understudy.spi.performance.Recommendation.Objective;
import dev.understudy.spi.performance.RecommendationRule;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.WorkflowExecution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static List<Recommendation> evaluate(
            RecommendationRule rule, int count, IntFunction<WorkflowExecution> execution) {
        var history =
                Recorded.history(IntStream.range(0, count).mapToObj(execution).toList());
        return rule.evaluate(history, List.of(), Recorded.DEFAULTS);
    }

    @Test
    void haveTheStatedPriorities() {
        assertThat(List.of(new Parallelization(), new Caching(), new Resources(), new Reliability()))
                .extracting(RecommendationRule::priority)
                .containsExactly(9, 8, 7, 6);
    }

    @Nested
    class Parallelizing {
        @Test
        void isAdvisedWithLowRiskWhereStepsCameInEitherOrder() {
            List<Recommendation> found = evaluate(
                    new Parallelization(),
                    10,
                    i -> Recorded.execution(i)
                            .step(i % 2 == 0 ? "mail" : "index", 0, 100)
                            .step(i % 2 == 0 ? "index" : "mail", 100, 200)
                            .step("close", 200, 250)
                            .until(250));

            assertThat(found).singleElement().satisfies(advice -> {
                // 100 ms of 250 ms: the two take 100 ms together.
                assertThat(advice.expectedImprovement().estimate()).isCloseTo(40, within(1e-9));
                assertThat(advice.risk()).isEqualTo(Grade.LOW);
                assertThat(advice.specificChanges().getFirst().arguments())
                        .containsEntry("max_at_once", 3)
                        .extractingByKey("steps")
                        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                        .containsExactlyInAnyOrder("mail", "index");
            });
        }

        @Test
        void isAHighRiskWhereTheyAlwaysCameInOneOrder() {
            assertThat(evaluate(
                            new Parallelization(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("a", 0, 100)
                                    .step("b", 100, 200)
                                    .until(200)))
                    .extracting(Recommendation::risk)
                    .containsExactly(Grade.HIGH);
        }

        @Test
        void isNotAdvisedWhereOneNamesWhatTheOtherDoes() {
            assertThat(evaluate(
                            new Parallelization(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("pack", 0, 100, Map.of("file", "a.tar"))
                                    .step("send", 100, 200, Map.of("source", "a.tar"))
                                    .until(200)))
                    .isEmpty();
        }

        @Test
        void isNotAdvisedForWhatRunsSideBySideAlready() {
            assertThat(evaluate(
                            new Parallelization(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("a", 0, 100)
                                    .step("b", 0, 100)
                                    .until(100)))
                    .isEmpty();
        }
    }

    @Nested
    class CachingResults {
        @Test
        void isExpectedToSaveWhatEqualStepsTook() {
            // One a minute, ten in all: the first fills the cache, nine hit it. 9 * 80 of 10 * 100 ms.
            assertThat(evaluate(
                            new Caching(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("rates", 0, 80, Map.of("currency", "EUR"))
                                    .step("print", 80, 100)
                                    .until(100)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.expectedImprovement().estimate()).isCloseTo(72, within(1e-9));
                        assertThat(advice.evidence()).containsEntry("hits", 9.0);
                        assertThat(advice.specificChanges().getFirst().arguments())
                                .containsEntry("cache_ttl", 3600L)
                                .containsEntry("cache_size", 1000);
                    });
        }

        @Test
        void isNotAdvisedWhereInputsDiffer() {
            assertThat(evaluate(
                            new Caching(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("rates", 0, 80, Map.of("day", "" + i))
                                    .until(100)))
                    .isEmpty();
        }

        @Test
        void isNotAdvisedWhereAnEntryWouldBeTooOld() {
            assertThat(evaluate(
                            new Caching(),
                            10,
                            i -> Recorded.execution(61 * i)
                                    .step("rates", 0, 80, Map.of("currency", "EUR"))
                                    .until(100)))
                    .isEmpty();
        }

        @Test
        void isNotAdvisedForWhatChangesSomething() {
            assertThat(evaluate(
                            new Caching(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("order", 0, 80, Map.of("http.request.method", "POST", "url", "/orders"))
                                    .until(100)))
                    .isEmpty();
        }
    }

    @Nested
    class ScalingResources {
        @Test
        void givesMoreProcessorTimeWhereAStepComputesAllTheTime() {
            // Allotted 100/70 times as much, a step that computes all the time takes 70 % as long.
            assertThat(evaluate(
                            new Resources(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("encode", 0, 1000, new ResourceUse(100, Double.NaN))
                                    .until(1000)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.type()).isEqualTo("scale_up");
                        assertThat(advice.expectedImprovement().estimate()).isCloseTo(30, within(1e-9));
                    });
        }

        @Test
        void takesAwayWhatIsNeverUsed() {
            // At most 14 % used: a fifth of it would be used to 70 %.
            assertThat(evaluate(
                            new Resources(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("wait", 0, 1000, new ResourceUse(Double.NaN, 14))
                                    .until(1000)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.type()).isEqualTo("scale_down");
                        assertThat(advice.objective()).isEqualTo(Objective.RESOURCE_COST);
                        assertThat(advice.expectedImprovement().estimate()).isCloseTo(80, within(1e-9));
                    });
        }

        @Test
        void followsTheDemandWhereItVaries() {
            assertThat(evaluate(
                            new Resources(),
                            20,
                            i -> Recorded.execution(i)
                                    .step("burst", 0, 1000, new ResourceUse(i % 5 == 0 ? 95 : 10, Double.NaN))
                                    .until(1000)))
                    .extracting(Recommendation::type)
                    .containsExactly("scale_by_demand");
        }

        @Test
        void givesMoreMemoryWhereItIsNearlyUsedUp() {
            // Issue 14: memory at 95 % of what was allotted was no reason for advice.
            assertThat(evaluate(
                            new Resources(),
                            10,
                            i -> Recorded.execution(i)
                                    .step("load", 0, 100, new ResourceUse(50, 95))
                                    .until(100)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.type()).isEqualTo("scale_up");
                        assertThat(advice.specificChanges().getFirst().arguments())
                                .containsEntry("resource", "memory")
                                .containsEntry("factor", 95 / 70.0);
                        // All ten come near to it, none would: 95 % of 1.36 times as much are 70 %.
                        assertThat(advice.expectedImprovement().estimate()).isEqualTo(100);
                    });
        }

        @Test
        void saysNothingWhereNothingWasMeasured() {
            assertThat(evaluate(
                            new Resources(),
                            20,
                            i -> Recorded.execution(i).step("a", 0, 1000).until(1000)))
                    .isEmpty();
        }
    }

    @Nested
    class MakingReliable {
        private static WorkflowExecution upload(int i, boolean fails, int millis) {
            return Recorded.execution(i)
                    .step("upload", 0, millis, fails ? ExecutionState.FAILED : ExecutionState.SUCCEEDED)
                    .until(millis);
        }

        @Test
        void triesAgainWhereFailuresComeAlone() {
            // Each of the five failures is followed by a success, so a second try would have mended all of them.
            assertThat(evaluate(new Reliability(), 50, i -> upload(i, i % 10 == 3, 100)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.type()).isEqualTo("retry");
                        assertThat(advice.objective()).isEqualTo(Objective.ERROR_RATE);
                        assertThat(advice.expectedImprovement().estimate()).isCloseTo(100, within(1e-9));
                    });
        }

        @Test
        void stopsTryingWhereFailuresComeInRows() {
            assertThat(evaluate(new Reliability(), 40, i -> upload(i, i >= 10 && i < 30, 100)))
                    .extracting(Recommendation::type)
                    .containsExactly("circuit_breaker");
        }

        @Test
        void givesUpInTimeWhereTheSlowOnesFailAnyway() {
            assertThat(evaluate(new Reliability(), 40, i -> upload(i, i % 8 == 0, i % 8 == 0 ? 9000 : 100)))
                    .extracting(Recommendation::type)
                    .containsExactly("retry", "timeout");
        }

        @Test
        void judgesExecutionsWithoutStepsAsAWhole() {
            // Issue 14: 40 executions without steps, of which 40 % succeed, gave no advice.
            assertThat(evaluate(new Reliability(), 40, i -> whole(i, i % 5 < 3)))
                    .singleElement()
                    .satisfies(advice -> {
                        assertThat(advice.type()).isEqualTo("find_cause");
                        assertThat(advice.evidence()).containsEntry("failures", 24.0);
                        // From 60 % that fail to the 5 % that may.
                        assertThat(advice.expectedImprovement().estimate()).isCloseTo(100 * 55 / 60.0, within(1e-9));
                    });
            assertThat(evaluate(new Reliability(), 40, i -> whole(i, i % 5 == 0)))
                    .extracting(Recommendation::type)
                    .containsExactly("retry");
        }

        private static WorkflowExecution whole(int i, boolean fails) {
            Instant start = Recorded.DAY.plusSeconds(60L * i);
            return new WorkflowExecution(
                    "" + i,
                    "nightly",
                    start,
                    start.plusMillis(100),
                    fails ? ExecutionState.FAILED : ExecutionState.SUCCEEDED,
                    List.of());
        }

        @Test
        void saysNothingWhereNothingFails() {
            assertThat(evaluate(new Reliability(), 40, i -> upload(i, false, 100)))
                    .isEmpty();
        }
    }
}
