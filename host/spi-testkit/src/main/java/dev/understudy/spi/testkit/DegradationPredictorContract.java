package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Kind;
import dev.understudy.spi.performance.MetricSeries.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link DegradationPredictor} keeps. An implementer extends this class and gives the predictor and a series at
 * whose end it finds something.
 */
public abstract class DegradationPredictorContract {
    private static final Instant BEGIN = Instant.parse("2026-11-02T00:00:00Z");

    /** Returns a predictor as the host would make it. */
    protected abstract DegradationPredictor predictor();

    /** A series that has got worse by its end. */
    protected abstract MetricSeries worsening();

    private static MetricSeries hourly(Kind kind, double... values) {
        List<Point> points = IntStream.range(0, values.length)
                .mapToObj(i -> new Point(BEGIN.plus(Duration.ofHours(i)), values[i]))
                .toList();
        return new MetricSeries("made up", kind, "", Double.NaN, points);
    }

    @Test
    void saysWhatOfWhichSeriesAndSinceWhen() {
        MetricSeries series = worsening();
        Instant first = series.points().getFirst().time();
        Instant last = series.points().getLast().time();

        assertThat(predictor().predict(series)).isNotEmpty().allSatisfy(found -> {
            assertThat(found.predictor()).isEqualTo(predictor().name());
            assertThat(found.series()).isEqualTo(series.name());
            assertThat(found.kind()).matches("[a-z][a-z0-9_]*");
            assertThat(found.description()).isNotBlank().doesNotContain("\n");
            assertThat(found.since()).isBetween(first, last);
            assertThat(found.figures().values()).allMatch(Double::isFinite);
            found.crossing().ifPresent(crossing -> assertThat(crossing).isAfterOrEqualTo(first));
        });
    }

    @Test
    void putsTheMostProbableFirst() {
        assertThat(predictor().predict(worsening()))
                .extracting(Degradation::probability)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void keepsNothingFromOneCallToTheNextNorBetweenThreads() {
        MetricSeries series = worsening();
        DegradationPredictor shared = predictor();
        List<Degradation> expected = predictor().predict(series);

        assertThat(IntStream.range(0, 8)
                        .parallel()
                        .mapToObj(_ -> shared.predict(series))
                        .toList())
                .allMatch(expected::equals);
    }

    @ParameterizedTest
    @EnumSource
    void findsNothingInASeriesTooShortToSay(Kind kind) {
        assertThat(predictor().predict(hourly(kind))).isEmpty();
        assertThat(predictor().predict(hourly(kind, 1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -3, 1e12})
    void findsNothingWhereAllValuesAreOne(double value) {
        double[] values = IntStream.range(0, 200).mapToDouble(_ -> value).toArray();
        assertThat(predictor().predict(hourly(Kind.OTHER, values))).isEmpty();
    }

    @Test
    void takesSeveralValuesAtOneMoment() {
        MetricSeries series = worsening();
        List<Point> atOnce = series.points().stream()
                .map(point -> new Point(BEGIN, point.value()))
                .toList();
        assertThat(predictor()
                        .predict(new MetricSeries(
                                series.name(), series.kind(), series.unit(), series.threshold(), atOnce)))
                .allMatch(found -> found.since().equals(BEGIN));
    }

    @Test
    void namesItself() {
        assertThat(predictor().name()).matches("[a-z][a-z0-9_]*");
    }
}
