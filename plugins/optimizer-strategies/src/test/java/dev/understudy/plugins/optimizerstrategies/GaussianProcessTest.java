package dev.understudy.plugins.optimizerstrategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.plugins.optimizerstrategies.GaussianProcess.Fit;
import dev.understudy.plugins.optimizerstrategies.GaussianProcess.NoiseBounds;
import dev.understudy.plugins.optimizerstrategies.GaussianProcess.Prediction;
import dev.understudy.spi.optimization.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
    private static final Encoding PLANE =
            new Encoding(SearchSpace.builder().real("x", 0, 1).real("y", 0, 1).build());

    private static double[][] rows(int count, long seed) {
        var random = new Random(seed);
        return random.doubles(count)
                .mapToObj(x -> new double[] {x, random.nextDouble()})
                .toArray(double[][]::new);
    }

    private static Data data(double[][] rows, double[] targets, double repeatSquares, int repeatFreedom) {
        double[] variances = new double[rows.length];
        Arrays.fill(variances, 1);
        return new Data(PLANE, rows, targets, variances, repeatSquares, repeatFreedom);
    }

    private static GaussianProcess fitted(Data data) {
        Fit fit = GaussianProcess.fit(PLANE, data, GaussianProcess.priorMode(PLANE), NoiseBounds.FREE, 200);
        return Objects.requireNonNull(fit).process();
    }

    /** Two points a distance apart, worked by hand: k = 2 (1 + a + a²/3) exp(-a) with a = sqrt(5) 0.5 / 0.4. */
    @Test
    void predictsTheClosedFormOfOnePoint() {
        double[] parameters = {Math.log(0.4), Math.log(0.4), Math.log(2), Math.log(0.1)};
        var process = Objects.requireNonNull(GaussianProcess.with(
                PLANE, data(new double[][] {{0.25, 0.5}}, new double[] {3}, 0, 0), parameters));
        double a = Math.sqrt(5) * 0.5 / 0.4;
        double k = 2 * (1 + a + a * a / 3) * Math.exp(-a);
        // The constant mean's own prior has variance 1, so of the target 3 the mean takes 3 / (1 + 2.1).
        double mean = 3 / (1 + 2.1);
        Prediction prediction = process.at(new double[] {0.75, 0.5});
        assertThat(prediction.mean()).isEqualTo(mean + k / 2.1 * (3 - mean), within(1e-6));
        assertThat(prediction.deviation()).isEqualTo(Math.sqrt(2 - k * k / 2.1), within(1e-6));
    }

    @Nested
    class Gradients {
        @Test
        void areThoseOfThePrediction() {
            double[][] rows = rows(20, 1);
            double[] targets = Arrays.stream(rows)
                    .mapToDouble(row -> Math.sin(6 * row[0]) + row[1])
                    .toArray();
            GaussianProcess process = fitted(data(rows, targets, 0, 0));
            double[] byMean = new double[2];
            double[] byDeviation = new double[2];
            double[] at = {0.4, 0.3};
            process.at(at, byMean, byDeviation);
            for (int c = 0; c < 2; c++) {
                double[] more = at.clone();
                double[] less = at.clone();
                more[c] += 1e-5;
                less[c] -= 1e-5;
                assertThat(byMean[c])
                        .isEqualTo((process.at(more).mean() - process.at(less).mean()) / 2e-5, within(1e-4));
                assertThat(byDeviation[c])
                        .isEqualTo(
                                (process.at(more).deviation() - process.at(less).deviation()) / 2e-5, within(1e-3));
            }
        }
    }

    @Nested
    class AFit {
        @Test
        void findsWhichColumnMatters() {
            double[][] rows = rows(40, 2);
            double[] targets =
                    Arrays.stream(rows).mapToDouble(row -> Math.sin(8 * row[0])).toArray();
            GaussianProcess process = fitted(data(rows, targets, 0, 0));
            assertThat(process.length(1)).isGreaterThan(5 * process.length(0));
            assertThat(process.at(new double[] {0.5, 0.5}).mean()).isEqualTo(Math.sin(4), within(0.02));
        }

        @Test
        void findsTheNoise() {
            double[][] rows = rows(150, 3);
            var random = new Random(4);
            double[] targets = Arrays.stream(rows)
                    .mapToDouble(row -> Math.sin(6 * row[0]) + 0.3 * random.nextGaussian())
                    .toArray();
            // The variance's estimate has a relative deviation of sqrt(2 / 150), about 0.12.
            assertThat(fitted(data(rows, targets, 0, 0)).noise()).isBetween(0.09 * 0.6, 0.09 * 1.5);
        }

        @Test
        void believesRepeatsAboutTheNoise() {
            double[][] rows = rows(8, 5);
            double[] targets =
                    Arrays.stream(rows).mapToDouble(row -> Math.sin(6 * row[0])).toArray();
            // 200 degrees of freedom with a variance of 0.25 outweigh eight points that lie on a curve.
            assertThat(fitted(data(rows, targets, 50, 200)).noise()).isEqualTo(0.25, within(0.06));
        }

        @Test
        void guessesPointsThatItWasNotShownWithoutThem() {
            double[][] rows = rows(12, 6);
            double[] targets =
                    Arrays.stream(rows).mapToDouble(row -> row[0] * row[1]).toArray();
            GaussianProcess process = fitted(data(rows, targets, 0, 0));
            double[] without = Arrays.copyOf(targets, 11);
            var other = Objects.requireNonNull(
                    GaussianProcess.with(PLANE, data(Arrays.copyOf(rows, 11), without, 0, 0), process.parameters()));
            // The constant mean of all points is kept, so the two differ by a little.
            assertThat(process.leftOut()[11]).isEqualTo(other.at(rows[11]).mean(), within(0.05));
        }
    }

    @Test
    void isSurerWhereItBelievesAPendingPoint() {
        double[][] rows = rows(10, 7);
        double[] targets = Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
        GaussianProcess process = fitted(data(rows, targets, 0, 0));
        double[] pending = {0.9, 0.1};
        GaussianProcess believing = process.believing(List.of(pending));
        assertThat(believing.at(pending).mean()).isEqualTo(process.at(pending).mean(), within(1e-2));
        assertThat(believing.at(pending).deviation())
                .isLessThan(process.at(pending).deviation());
    }
}
