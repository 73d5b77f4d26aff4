package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.spi.performance.Bottleneck;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import dev.understudy.spi.performance.WorkflowHistory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BottlenecksTest {

    private static WorkflowHistory times(int count, java.util.function.IntFunction<WorkflowExecution> execution) {
        return Recorded.history(IntStream.range(0, count).mapToObj(execution).toList());
    }

    @Nested
    class AReplay {
        private final WorkflowExecution forkAndJoin = Recorded.execution(0)
                .step("fetch", 0, 100)
                .step("scan", 0, 60)
                .step("merge", 110, 150)
                .until(155);

        private double millisWith(String step, double duration) {
            return new Replay(forkAndJoin)
                    .millisWith(each -> each.name().equals(step) ? duration : each.durationMillis());
        }

        @Test
        void withNothingChangedTakesAsLongAsItDid() {
            assertThat(new Replay(forkAndJoin).millisWith(StepExecution::durationMillis))
                    .isEqualTo(155);
        }

        @Test
        void isShorterOnlyUntilAnotherStepIsWaitedFor() {
            assertThat(millisWith("fetch", 0)).isEqualTo(115);
            assertThat(millisWith("fetch", 80)).isEqualTo(135);
        }

        @Test
        void isAsLongIfAStepIsFasterForWhichNobodyWaits() {
            assertThat(millisWith("scan", 0)).isEqualTo(155);
        }

        @Test
        void isLongerIfAStepIsSlower() {
            assertThat(millisWith("scan", 130)).isEqualTo(185);
        }
    }

    @Test
    void anOutlierIsAStepAboveTheMeanPlusOneStandardDeviation() {
        // Means 100, 100, 100, 500: mean 200, standard deviation of the sample sqrt(120000 / 3) = 200, limit 400.
        WorkflowHistory history = times(
                4,
                i -> Recorded.execution(i)
                        .step("a", 0, 100)
                        .step("b", 100, 200)
                        .step("c", 200, 300)
                        .step("d", 300, 800)
                        .until(800));

        assertThat(new OutlierSteps().detect(history, Recorded.DEFAULTS))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.step()).isEqualTo("d");
                    assertThat(found.figures().get("limit_ms")).isCloseTo(400, within(0.001));
                    assertThat(found.impactMillis()).isEqualTo(500);
                });
    }

    @Test
    void stepsThatAreOneDeviationApartAreNoOutliers() {
        // Issue 14: mean 200, standard deviation of the sample 100; 300 is not above 300. Of the population it is 81.6.
        WorkflowHistory history = times(
                4,
                i -> Recorded.execution(i)
                        .step("a", 0, 100)
                        .step("b", 100, 300)
                        .step("c", 300, 600)
                        .until(600));

        assertThat(new OutlierSteps().detect(history, Recorded.DEFAULTS)).isEmpty();
    }

    @Test
    void steadyStepsAreNotInconsistent() {
        // Issue 14: 100 ± 8 ms and 1000 ± 30 ms were, because square milliseconds were compared with milliseconds.
        WorkflowHistory history = times(
                20,
                i -> Recorded.execution(i)
                        .step("short", 0, i % 2 == 0 ? 92 : 108)
                        .step("long", 200, i % 2 == 0 ? 1170 : 1230)
                        .until(1230));

        assertThat(new InconsistentSteps().detect(history, Recorded.DEFAULTS)).isEmpty();
    }

    @Test
    void varianceAndMeanAreComparedInSeconds() {
        // 8 s and 12 s: mean 10 s, variance of the sample of four 5.33 s², above 5; the deviation, 2.3 s, is below half
        // the mean.
        WorkflowHistory history = times(
                4,
                i -> Recorded.execution(i)
                        .step("uneven", 0, i % 2 == 0 ? 8000 : 12_000)
                        .until(12_000));

        assertThat(new InconsistentSteps().detect(history, Recorded.DEFAULTS))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.kind()).isEqualTo("high_variance");
                    assertThat(found.figures().get("variance_s2")).isCloseTo(16 / 3.0, within(1e-9));
                    assertThat(found.description())
                            .isEqualTo("the variance of uneven (5.33 s²) is above half its mean (10 s)");
                });
    }

    @Test
    void anInconsistentStepIsNamedByBothRules() {
        WorkflowHistory history = times(
                4,
                i -> Recorded.execution(i)
                        .step("steady", 0, 100)
                        .step("moody", 100, i % 2 == 0 ? 110 : 4000)
                        .until(4000));

        assertThat(new InconsistentSteps().detect(history, Recorded.DEFAULTS))
                .extracting(Bottleneck::step, Bottleneck::kind)
                .containsExactlyInAnyOrder(tuple("moody", "inconsistent_step"), tuple("moody", "high_variance"));
    }

    @Test
    void theThresholdsNameWhatIsSlowAndWhatUsesMuch() {
        WorkflowHistory history = times(
                3,
                i -> Recorded.execution(i)
                        .step("slow", 0, 1200)
                        .step("hot", 1200, 1300, new ResourceUse(95, Double.NaN))
                        .step("fat", 1300, 1400, new ResourceUse(10, 91))
                        .until(1400));

        assertThat(new SlowSteps().detect(history, Recorded.DEFAULTS))
                .extracting(Bottleneck::step, Bottleneck::kind)
                .containsExactly(
                        tuple("slow", "above_threshold"),
                        tuple("hot", "cpu_above_threshold"),
                        tuple("fat", "memory_above_threshold"));
    }

    @Test
    void theCriticalPathLeavesOutASlowStepBesideASlowerOne() {
        WorkflowHistory history = times(
                3,
                i -> Recorded.execution(i)
                        .step("longest", 0, 1000)
                        .step("beside", 0, 900)
                        .step("last", 1000, 1050)
                        .until(1050));

        assertThat(new CriticalPath().detect(history, Recorded.DEFAULTS))
                .extracting(Bottleneck::step)
                // Twice as fast, it would still leave 900 ms of the step beside it.
                .containsExactly();
        assertThat(new CriticalPath()
                        .detect(
                                times(
                                        3,
                                        i -> Recorded.execution(i)
                                                .step("longest", 0, 1000)
                                                .step("beside", 0, 500)
                                                .until(1000)),
                                Recorded.DEFAULTS))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.step()).isEqualTo("longest");
                    assertThat(found.impactMillis()).isEqualTo(500);
                });
    }

    @Test
    void anEmptyHistoryHasNoBottlenecks() {
        for (var detector : List.of(new OutlierSteps(), new InconsistentSteps(), new SlowSteps(), new CriticalPath()))
            assertThat(detector.detect(Recorded.history(List.of()), Recorded.DEFAULTS))
                    .isEmpty();
    }
}
