package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/** Something is not as it was: {@link StreamingAnomalies} has raised an alarm among the latest {@value #RECENT} values. */
@Extension
public final class AnomalyPredictor implements DegradationPredictor {
    private static final int RECENT = 20;

    @Override
    public String name() {
        return "anomaly";
    }

    @Override
    public List<Degradation> predict(MetricSeries series) {
        // A single failure is 1 among 0s: strange, and no news to anybody.
        if (series.isOfSingleExecutions()) return List.of();
        var stream = new StreamingAnomalies();
        int alarm = -1;
        double probability = 0;
        double held = 0;
        List<MetricSeries.Point> points = series.points();
        for (int i = 0; i < points.size(); i++) {
            StreamingAnomalies.Verdict verdict = stream.accept(points.get(i).value());
            if (verdict.alarm()) {
                alarm = i;
                probability = verdict.probability();
                held = Calibration.anomaly(verdict.surprise(), i + 1);
            }
        }
        if (alarm < 0 || alarm < points.size() - RECENT) return List.of();
        double value = points.get(alarm).value();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("value", value);
        figures.put("median", Statistics.median(series.values()));
        figures.put(Calibration.FIGURE, held);
        return List.of(new Degradation(
                name(),
                series.name(),
                "anomaly",
                series.name() + " is not as it was: " + Text.value(value, series.unit())
                        + ", and the values around it, against a median of "
                        + Text.value(Statistics.median(series.values()), series.unit()),
                Math.clamp(probability, 0, 1),
                points.get(alarm).time(),
                Optional.empty(),
                figures));
    }
}
