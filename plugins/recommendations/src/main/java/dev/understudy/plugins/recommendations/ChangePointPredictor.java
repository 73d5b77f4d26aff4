package dev.understudy.plugins.recommendations;

import dev.understudy.plugins.recommendations.ChangePoints.ChangePoint;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/** A level that is worse since a moment, and has stayed so: the last of the {@link ChangePoints}. */
@Extension
public final class ChangePointPredictor implements DegradationPredictor {
    /** A change that is sure but smaller than this is nobody's trouble. */
    private static final double MIN_RISE = 0.05;

    @Override
    public String name() {
        return "change_point";
    }

    @Override
    public List<Degradation> predict(MetricSeries series) {
        if (series.kind() == MetricSeries.Kind.OTHER) return List.of();
        double[] values = series.values();
        List<ChangePoint> changes = ChangePoints.of(values);
        if (changes.isEmpty()) return List.of();
        ChangePoint last = changes.getLast();
        int from = changes.size() > 1 ? changes.get(changes.size() - 2).index() : 0;
        double before = Statistics.mean(Arrays.copyOfRange(values, from, last.index()));
        double after = Statistics.mean(Arrays.copyOfRange(values, last.index(), values.length));
        boolean errors = series.kind() == MetricSeries.Kind.ERROR_RATE;
        double rise = errors ? after - before : (after - before) / Math.max(before, Double.MIN_NORMAL);
        if (rise < MIN_RISE) return List.of();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("before", before);
        figures.put("after", after);
        figures.put("values_since", (double) (values.length - last.index()));
        figures.put(Calibration.FIGURE, Calibration.changePoint(1 - last.chance()));
        return List.of(new Degradation(
                name(),
                series.name(),
                errors ? "error_rate_increased" : "execution_time_increased",
                series.name() + " went up from " + Text.value(before, series.unit()) + " to "
                        + Text.value(after, series.unit()) + " and has stayed there for "
                        + (values.length - last.index()) + " values",
                1 - last.chance(),
                series.points().get(last.index()).time(),
                Optional.empty(),
                figures));
    }
}
