package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * The plain rule: over the last {@value #POINTS} values the execution time has risen by more than 10 %, or the error rate
 * by more than 5 points of a hundred. Needs {@value #MIN_POINTS} values.
 *
 * <p>An error rate whose values are single executions, 1 for a failure and 0 for a success, is that of the last {@value #POINTS}
 * of them (of fewer than twice as many, the later half) against that of all before; one or two failures come by chance, so it
 * counts only where Fisher's exact test gives chance less than {@value #CHANCE}.
 */
@Extension
public final class ThresholdPredictor implements DegradationPredictor {
    private static final int MIN_POINTS = 3;
    private static final int POINTS = 5;
    private static final double TIME_RISE = 0.10;
    private static final double ERROR_RISE = 0.05;
    private static final double CHANCE = 0.05;

    @Override
    public String name() {
        return "threshold";
    }

    @Override
    public List<Degradation> predict(MetricSeries series) {
        int n = series.points().size();
        if (n < MIN_POINTS) return List.of();
        if (series.kind() == MetricSeries.Kind.ERROR_RATE && series.isOfSingleExecutions()) return ofExecutions(series);
        List<MetricSeries.Point> latest = series.points().subList(Math.max(0, n - POINTS), n);
        double first = latest.getFirst().value();
        double last = latest.getLast().value();
        return switch (series.kind()) {
            case EXECUTION_TIME ->
                first > 0 && (last - first) / first > TIME_RISE
                        ? finding(series, latest, "execution_time_increasing", (last - first) / first)
                        : List.of();
            case ERROR_RATE ->
                last - first > ERROR_RISE ? finding(series, latest, "error_rate_increasing", last - first) : List.of();
            case OTHER -> List.of();
        };
    }

    private List<Degradation> ofExecutions(MetricSeries series) {
        double[] values = series.values();
        int latest = Math.min(POINTS, values.length / 2);
        int before = values.length - latest;
        double rate = Statistics.mean(Arrays.copyOfRange(values, before, values.length));
        double rateBefore = Statistics.mean(Arrays.copyOfRange(values, 0, before));
        double chance = Statistics.failuresLateByChance(
                (int) Math.round(Arrays.stream(values).sum()), (int) Math.round(rate * latest), latest, values.length);
        if (rate - rateBefore <= ERROR_RISE || chance >= CHANCE) return List.of();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("from", rateBefore);
        figures.put("to", rate);
        figures.put("rise_percent", 100 * (rate - rateBefore));
        figures.put("executions", (double) values.length);
        figures.put(Calibration.FIGURE, Calibration.threshold(1 - chance));
        return List.of(new Degradation(
                name(),
                series.name(),
                "error_rate_increasing",
                series.name() + " rose from " + Text.percent(rateBefore) + " to " + Text.percent(rate)
                        + " over the last " + latest + " executions against the " + before + " before",
                1 - chance,
                series.points().get(before).time(),
                Optional.empty(),
                figures));
    }

    private List<Degradation> finding(MetricSeries series, List<MetricSeries.Point> latest, String kind, double rise) {
        double[] values = latest.stream().mapToDouble(MetricSeries.Point::value).toArray();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("from", values[0]);
        figures.put("to", values[values.length - 1]);
        figures.put("rise_percent", 100 * rise);
        figures.put(Calibration.FIGURE, Calibration.threshold(1 - Statistics.risesByChance(values)));
        return List.of(new Degradation(
                name(),
                series.name(),
                kind,
                series.name() + " rose by " + Text.percent(rise) + " over the last " + values.length + " values, from "
                        + Text.value(values[0], series.unit()) + " to "
                        + Text.value(values[values.length - 1], series.unit()),
                1 - Statistics.risesByChance(values),
                latest.getFirst().time(),
                Optional.empty(),
                figures));
    }
}
