package dev.understudy.plugins.recommendations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorsTest {

    private static double[] values(int count, java.util.function.IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).toArray();
    }

    @Nested
    class TheThresholdRule {
        private final ThresholdPredictor predictor = new ThresholdPredictor();

        @Test
        void namesAnExecutionTimeThatRoseByMoreThanATenthOverTheLastFive() {
            assertThat(predictor.predict(
                            Recorded.hourly(Kind.EXECUTION_TIME, Double.NaN, 900, 100, 102, 104, 108, 112)))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.kind()).isEqualTo("execution_time_increasing");
                        assertThat(found.figures()).containsEntry("from", 100.0).containsEntry("to", 112.0);
                        assertThat(found.since()).isEqualTo(Recorded.DAY.plus(Duration.ofHours(1)));
                        // A perfect rise of five: one in 120 orders.
                        assertThat(found.probability()).isCloseTo(1 - 1 / 120.0, within(1e-12));
                    });
        }

        @Test
        void saysNothingOfATenth() {
            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, Double.NaN, 100, 102, 104, 108, 110)))
                    .isEmpty();
        }

        @Test
        void namesAnErrorRateThatRoseByMoreThanFivePoints() {
            assertThat(predictor.predict(Recorded.hourly(Kind.ERROR_RATE, Double.NaN, 0.01, 0.02, 0.07)))
                    .extracting(Degradation::kind)
                    .containsExactly("error_rate_increasing");
        }

        /** Issue 14: with 40 and 59 executions of which the whole second half failed nothing was found. */
        @ParameterizedTest
        @ValueSource(ints = {16, 40, 59, 100})
        void namesAnErrorRateWhoseSecondHalfFailed(int executions) {
            assertThat(predictor.predict(failing(executions, executions / 2)))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.kind()).isEqualTo("error_rate_increasing");
                        assertThat(found.figures()).containsEntry("to", 1.0);
                    });
        }

        @Test
        void givesChanceItsDueAmongSingleExecutions() {
            // Of 40 the last two failed: with Fisher's test 10 of 780 pairs lie within the last five, 1.3 %; the last
            // one
            // alone does so in 5 of 40 cases.
            assertThat(predictor.predict(failing(40, 38))).hasSize(1);
            assertThat(predictor.predict(failing(40, 39))).isEmpty();
            // Of three, two failures come last in one of three orders.
            assertThat(predictor.predict(failing(3, 1))).isEmpty();
        }

        private static MetricSeries failing(int executions, int from) {
            double[] values = new double[executions];
            Arrays.fill(values, from, executions, 1);
            return Recorded.hourly(Kind.ERROR_RATE, Double.NaN, values);
        }

        @Test
        void needsThreeValues() {
            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, Double.NaN, 100, 900)))
                    .isEmpty();
        }
    }

    @Nested
    class TheTrend {
        private final TrendPredictor predictor = new TrendPredictor();

        @Test
        void saysWhenALineCrossesTheThreshold() {
            // 1000 ms and 2 ms more an hour: 2000 ms are reached after 500 hours.
            double[] line = values(100, i -> 1000 + 2.0 * i);

            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, 2000, line)))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.crossing()).isPresent();
                        assertThat(Duration.between(
                                                Recorded.DAY, found.crossing().orElseThrow())
                                        .toMinutes())
                                .isCloseTo(Duration.ofHours(500).toMinutes(), within(60L));
                        assertThat(found.figures().get("slope_per_hour")).isCloseTo(2, within(1e-9));
                        assertThat(found.probability()).isGreaterThan(0.999);
                    });
        }

        @Test
        void isNotLedAstrayByOutliers() {
            double[] line = values(100, i -> i % 17 == 3 ? 50_000 : 1000 + 2.0 * i);

            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, 2000, line)))
                    .singleElement()
                    .satisfies(found ->
                            assertThat(found.figures().get("slope_per_hour")).isCloseTo(2, within(0.5)));
        }

        @Test
        void takesNoiseForATrendAsSeldomAsItSays() {
            int found = 0;
            for (int seed = 0; seed < 200; seed++) {
                var random = new Random(seed);
                double[] noise = values(60, _ -> 1000 + 100 * random.nextGaussian());
                found += predictor
                        .predict(Recorded.hourly(Kind.EXECUTION_TIME, 2000, noise))
                        .size();
            }
            assertThat(found).isLessThanOrEqualTo(6);
        }

        @Test
        void takesAJumpForNoSlope() {
            var random = new Random(5);
            double[] jump = values(100, i -> (i < 50 ? 1000 : 1500) + 20 * random.nextGaussian());

            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, 2000, jump)))
                    .isEmpty();
        }
    }

    @Nested
    class TheChangePoint {
        private final ChangePointPredictor predictor = new ChangePointPredictor();

        @Test
        void saysSinceWhenTheLevelIsHigher() {
            var random = new Random(5);
            double[] jump = values(100, i -> (i < 60 ? 1000 : 1300) + 50 * random.nextGaussian());

            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, Double.NaN, jump)))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(Duration.between(Recorded.DAY, found.since()).toHours())
                                .isBetween(59L, 61L);
                        assertThat(found.figures().get("after")).isCloseTo(1300, within(30.0));
                    });
        }

        @Test
        void saysNothingOfALevelThatFellAgain() {
            var random = new Random(5);
            double[] hump = values(120, i -> (i < 40 || i >= 80 ? 1000 : 1300) + 50 * random.nextGaussian());

            assertThat(predictor.predict(Recorded.hourly(Kind.EXECUTION_TIME, Double.NaN, hump)))
                    .isEmpty();
        }

        @Test
        void takesNoiseForAChangeAsSeldomAsItSays() {
            int found = 0;
            for (int seed = 0; seed < 200; seed++) {
                var random = new Random(seed);
                double[] noise = values(80, _ -> 1000 + 200 * random.nextGaussian());
                found += ChangePoints.of(noise).isEmpty() ? 0 : 1;
            }
            assertThat(found).isLessThanOrEqualTo(6);
        }
    }

    @Nested
    class TheAnomaly {
        private final AnomalyPredictor predictor = new AnomalyPredictor();

        @Test
        void isNamedWhileItIsNew() {
            var random = new Random(5);
            double[] spike = values(1000, i -> 100 + 5 * random.nextGaussian() + (i == 990 ? 300 : 0));

            assertThat(predictor.predict(Recorded.hourly(Kind.OTHER, Double.NaN, spike)))
                    .extracting(Degradation::since)
                    .containsExactly(Recorded.DAY.plus(Duration.ofHours(990)));
        }

        @Test
        void isForgottenOnceItIsOver() {
            var random = new Random(5);
            double[] spike = values(1100, i -> 100 + 5 * random.nextGaussian() + (i == 990 ? 300 : 0));

            assertThat(predictor.predict(Recorded.hourly(Kind.OTHER, Double.NaN, spike)))
                    .isEmpty();
        }
    }
}
