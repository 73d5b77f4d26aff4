package dev.understudy.plugins.recommendations;

import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * A steady rise: the Theil-Sen slope, where the Mann-Kendall test says that it is none by chance.
 *
 * <p>Only what has happened since the last change of level counts ({@link ChangePointPredictor} reports that), so that a
 * jump is not taken for a slope. More than {@value #MAX_POINTS} values are taken as medians of equal runs: the pairs of
 * values grow with the square.
 */
@Extension
public final class TrendPredictor implements DegradationPredictor {
    private static final int MIN_POINTS = 10;
    private static final int MAX_POINTS = 400;
    private static final double CHANCE = 0.01;

    /** Of how many executions an error rate is taken. */
    private static final int RATE_OF = 20;

    /** A rise that is sure but smaller than this, over all that was looked at, is nobody's trouble. */
    private static final double MIN_RISE = 0.05;

    private static final Duration HORIZON = Duration.ofDays(365);

    @Override
    public String name() {
        return "trend";
    }

    @Override
    public List<Degradation> predict(MetricSeries series) {
        if (series.kind() == MetricSeries.Kind.OTHER) return List.of();
        List<Point> points = ofDifferentTimes(series.isOfSingleExecutions() ? rates(series.points()) : series.points());
        int since = ChangePoints.last(points);
        points = reduced(points.subList(since, points.size()));
        if (points.size() < MIN_POINTS) return List.of();
        double[] values = points.stream().mapToDouble(Point::value).toArray();
        double chance = Statistics.risesByChance(values);
        if (chance > CHANCE) return List.of();
        Instant start = points.getFirst().time();
        double[] hours = points.stream()
                .mapToDouble(point -> Duration.between(start, point.time()).toNanos() / 3.6e12)
                .toArray();
        double slope = Statistics.medianSlope(hours, values);
        double[] offsets = new double[values.length];
        for (int i = 0; i < values.length; i++) offsets[i] = values[i] - slope * hours[i];
        double at0 = Statistics.median(offsets);
        double end = hours[hours.length - 1];
        double rise = slope * end;
        double base = series.kind() == MetricSeries.Kind.ERROR_RATE ? 1 : Math.max(at0, Double.MIN_NORMAL);
        if (slope <= 0 || rise / base < MIN_RISE) return List.of();
        Optional<Instant> crossing = crossing(series.threshold(), at0, slope, end, start);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("from", at0);
        figures.put("to", at0 + rise);
        figures.put("slope_per_hour", slope);
        figures.put("values", (double) values.length);
        figures.put(Calibration.FIGURE, Calibration.trend(1 - chance));
        String description = series.name() + " rises steadily, from " + Text.value(at0, series.unit()) + " to "
                + Text.value(at0 + rise, series.unit()) + " in " + days(end)
                + crossing.map(when -> "; at this rate it crosses "
                                + Text.value(series.threshold(), series.unit()) + " in "
                                + days(Duration.between(points0(series), when).toMinutes() / 60.0))
                        .orElse("");
        return List.of(new Degradation(
                name(),
                series.name(),
                series.kind() == MetricSeries.Kind.ERROR_RATE ? "error_rate_increasing" : "execution_time_increasing",
                description,
                1 - chance,
                start,
                crossing,
                figures));
    }

    private static Instant points0(MetricSeries series) {
        return series.points().getLast().time();
    }

    private static Optional<Instant> crossing(double threshold, double at0, double slope, double end, Instant start) {
        if (Double.isNaN(threshold) || at0 + slope * end >= threshold) return Optional.empty();
        double hours = (threshold - at0) / slope;
        if (hours - end > HORIZON.toHours()) return Optional.empty();
        return Optional.of(start.plusSeconds(Math.round(hours * 3600)));
    }

    private static String days(double hours) {
        if (hours < 2) return Text.figure(hours * 60) + " min";
        return hours < 72 ? Text.figure(hours) + " hours" : Text.figure(hours / 24) + " days";
    }

    /** Values of one time become their mean: no slope leads from one to the other. */
    private static List<Point> ofDifferentTimes(List<Point> points) {
        var different = new ArrayList<Point>();
        int same = 1;
        for (Point point : points) {
            if (!different.isEmpty() && different.getLast().time().equals(point.time())) {
                double sum = different.getLast().value() * same + point.value();
                same++;
                different.set(different.size() - 1, new Point(point.time(), sum / same));
            } else {
                same = 1;
                different.add(point);
            }
        }
        return different;
    }

    /** A line through 0s and 1s has no slope to speak of: the shares of so many executions each, the last of them whole. */
    private static List<Point> rates(List<Point> executions) {
        var rates = new ArrayList<Point>();
        for (int to = RATE_OF + executions.size() % RATE_OF; to <= executions.size(); to += RATE_OF) {
            List<Point> some = executions.subList(to - RATE_OF, to);
            rates.add(new Point(
                    some.getLast().time(),
                    Statistics.mean(some.stream().mapToDouble(Point::value).toArray())));
        }
        return rates;
    }

    private static List<Point> reduced(List<Point> points) {
        if (points.size() <= MAX_POINTS) return points;
        var reduced = new ArrayList<Point>();
        for (int i = 0; i < MAX_POINTS; i++) {
            int from = (int) ((long) i * points.size() / MAX_POINTS);
            int to = (int) ((i + 1L) * points.size() / MAX_POINTS);
            List<Point> run = points.subList(from, to);
            reduced.add(new Point(
                    run.get(run.size() / 2).time(),
                    Statistics.median(run.stream().mapToDouble(Point::value).toArray())));
        }
        return reduced;
    }
}
