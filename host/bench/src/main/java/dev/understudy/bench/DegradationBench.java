package dev.understudy.bench;

import dev.understudy.plugins.recommendations.ChangePointPredictor;
import dev.understudy.plugins.recommendations.ThresholdPredictor;
import dev.understudy.plugins.recommendations.TrendPredictor;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import dev.understudy.spi.performance.MetricSeries.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How well it is told that something gets worse: alarms on real metric series by the Numenta benchmark's rules, and a backtest
 * on made histories of which it is known when their level crosses a threshold.
 */
public final class DegradationBench implements Benchmark {
    @Override
    public String name() {
        return "degradation";
    }

    @Override
    public String description() {
        return "alarms on metric series by the Numenta benchmark's rules; a backtest of predictions";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException {
        Optional<Path> folder =
                place.data().map(path -> path.resolve("metric-series")).filter(Files::isDirectory);
        if (folder.isPresent()) recorded(folder.get(), found);
        else
            found.accept(new Row(
                    "numenta",
                    "score",
                    Double.NaN,
                    Double.NaN,
                    0,
                    Map.of("note", "the data set is not on this machine")));
        backtest().forEach(found);
    }

    private static void recorded(Path folder, Consumer<Row> found) throws IOException {
        List<AnomalyRows.Series> series = AnomalyRows.read(folder);
        new AnomalyRows(series).rows(found);
        ReliabilityRows.rows(series, found);
    }

    /**
     * A made history: the level of an execution time from hour to hour, and what was measured of it.
     *
     * @param onset the hour in which the level begins to rise; the length if it never does
     * @param crossing the hour in which it is above the threshold; the length if it never is
     */
    private record Made(List<Double> measured, int onset, int crossing) {}

    private static final int HOURS = 240;
    private static final int FIRST_LOOK = 30;
    private static final double LEVEL = 1000;
    private static final double LIMIT = 1500;
    private static final int HISTORIES = 200;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A quarter each: steady, with a daily rhythm, rising slowly, and one that jumps up and then rises. */
    private static Made made(int seed) {
        var random = new Random(seed);
        var measured = new ArrayList<Double>();
        int kind = seed % 4;
        int onset = kind < 2 ? HOURS : 60 + random.nextInt(60);
        double perHour = 4 + 6 * random.nextDouble();
        double jump = kind == 3 ? 150 : 0;
        int crossing = HOURS;
        for (int i = 0; i < HOURS; i++) {
            double level = LEVEL + (i >= onset ? jump + perHour * (i - onset) : 0);
            if (level > LIMIT && crossing == HOURS) crossing = i;
            double rhythm = kind == 1 ? 120 * Math.sin(2 * Math.PI * i / 24) : 0;
            // Execution times have a long tail to the right.
            double noise = Math.exp(0.10 * random.nextGaussian()) * (random.nextDouble() < 0.02 ? 1.8 : 1);
            measured.add((level + rhythm) * noise);
        }
        return new Made(measured, onset, crossing);
    }

    private static List<Row> backtest() {
        List<DegradationPredictor> trend = List.of(new TrendPredictor());
        List<DegradationPredictor> all = List.of(new TrendPredictor(), new ChangePointPredictor());
        var rows = new ArrayList<Row>();
        rows.addAll(backtest("trend", series -> trend.stream().anyMatch(each -> crosses(each, series))));
        rows.addAll(backtest(
                "trend or change point",
                series -> all.stream().anyMatch(each -> !each.predict(series).isEmpty())));
        rows.addAll(backtest(
                "last five rule",
                series -> !new ThresholdPredictor().predict(series).isEmpty()));
        rows.addAll(backtest("naive trend line", DegradationBench::naiveLine));
        rows.addAll(backtest("no alarm", _ -> false));
        return rows;
    }

    private static boolean crosses(DegradationPredictor predictor, MetricSeries series) {
        return predictor.predict(series).stream()
                .anyMatch(found -> found.crossing().isPresent());
    }

    /** Least squares over the last day, drawn out for as many days as the history has left. */
    private static boolean naiveLine(MetricSeries series) {
        double[] values = series.values();
        double[] last = Arrays.copyOfRange(values, Math.max(0, values.length - 24), values.length);
        double meanX = (last.length - 1) / 2.0;
        double meanY = Arrays.stream(last).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < last.length; i++) {
            xy += (i - meanX) * (last[i] - meanY);
            xx += (i - meanX) * (i - meanX);
        }
        double slope = xy / xx;
        return meanY + slope * (last.length - 1 - meanX + (HOURS - values.length)) > LIMIT;
    }

    private static List<Row> backtest(String name, Predicate<MetricSeries> alarms) {
        int right = 0;
        int wrong = 0;
        int missed = 0;
        var leads = new ArrayList<Double>();
        for (int seed = 0; seed < HISTORIES; seed++) {
            Made made = made(seed);
            int first = firstAlarm(made, alarms);
            boolean crosses = made.crossing() < HOURS;
            if (first >= 0 && crosses && first >= made.onset()) {
                right++;
                leads.add((double) (made.crossing() - first));
            } else {
                if (first >= 0) wrong++;
                if (crosses) missed++;
            }
        }
        double precision = right + wrong == 0 ? Double.NaN : right / (double) (right + wrong);
        double recall = right / (double) (right + missed);
        leads.sort(null);
        double lead = leads.isEmpty() ? Double.NaN : leads.get(leads.size() / 2);
        return List.of(
                new Row("backtest precision, " + name, "share", precision, precision, right + wrong, Map.of()),
                new Row("backtest recall, " + name, "share", recall, recall, right + missed, Map.of()),
                new Row("backtest lead, " + name, "hours", lead, lead, leads.size(), Map.of()));
    }

    /** The first hour with an alarm before the level crosses; -1 if there is none. Looks every three hours. */
    private static int firstAlarm(Made made, Predicate<MetricSeries> alarms) {
        for (int hour = FIRST_LOOK; hour < Math.min(HOURS, made.crossing()); hour += 3) {
            var points = new ArrayList<Point>();
            for (int i = 0; i < hour; i++)
                points.add(new Point(
                        START.plus(Duration.ofHours(i)), made.measured().get(i)));
            if (alarms.test(new MetricSeries("made", MetricSeries.Kind.EXECUTION_TIME, "ms", LIMIT, points)))
                return hour;
        }
        return -1;
    }
}
