package __PACKAGE__;

import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.testkit.DegradationPredictorContract;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

class __CLASS__Test extends DegradationPredictorContract {
    @Override
    protected DegradationPredictor predictor() {
        return new __CLASS__();
    }

    @Override
    protected MetricSeries worsening() {
        Instant begin = Instant.parse("2026-11-16T00:00:00Z");
        var points = IntStream.range(0, 40)
                .mapToObj(i -> new MetricSeries.Point(begin.plus(Duration.ofHours(i)), (i < 20 ? 100 : 150) + i % 7))
                .toList();
        return new MetricSeries("nightly", MetricSeries.Kind.EXECUTION_TIME, "ms", Double.NaN, points);
    }
}
