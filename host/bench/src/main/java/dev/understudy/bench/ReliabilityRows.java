package dev.understudy.bench;

import dev.understudy.bench.AnomalyRows.Series;
import dev.understudy.bench.Platt.Example;
import dev.understudy.bench.ReliabilityTable.Statement;
import dev.understudy.plugins.recommendations.Calibration;
import dev.understudy.plugins.recommendations.ChangePointPredictor;
import dev.understudy.plugins.recommendations.StreamingAnomalies;
import dev.understudy.plugins.recommendations.ThresholdPredictor;
import dev.understudy.plugins.recommendations.TrendPredictor;
import dev.understudy.spi.performance.Degradation;
import dev.understudy.spi.performance.DegradationPredictor;
import dev.understudy.spi.performance.MetricSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How often what is said of recorded series holds: an anomaly, if people marked the time as one at which something was wrong; a
 * degradation, if the {@value #AFTER} values after it are still nearer to the worse level than to the better. The curve from evidence to
 * probability is learnt without the folder that it is checked on.
 */
final class ReliabilityRows {
    private static final int AFTER = 20;
    private static final List<Integer> HISTORIES = List.of(40, 120, 400);
    private static final int LOOKS = 30;
    private static final int BETWEEN_LOOKS = 50;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** What was said of a series of this folder, with what probability it was called no accident. */
    private record Said(String folder, Example example, double raw) {}

    private ReliabilityRows() {}

    static void rows(List<Series> recorded, Consumer<Row> found) {
        rows("anomaly", anomalies(recorded), found);
        for (DegradationPredictor each :
                List.of(new TrendPredictor(), new ChangePointPredictor(), new ThresholdPredictor()))
            rows(each.name(), degradations(each, recorded), found);
    }

    private static void rows(String name, List<Said> said, Consumer<Row> found) {
        if (said.isEmpty()) return;
        var statements = new ArrayList<Statement>();
        for (String folder : said.stream().map(Said::folder).distinct().toList()) {
            List<Example> others = said.stream()
                    .filter(each -> !each.folder().equals(folder))
                    .map(Said::example)
                    .toList();
            if (others.isEmpty()) continue;
            double[] weights = Platt.fit(others);
            for (Said each : said)
                if (each.folder().equals(folder))
                    statements.add(new Statement(
                            Platt.probability(weights, each.example().figures()),
                            each.example().held()));
        }
        ReliabilityTable.rows(
                        name + ", no accident",
                        said.stream()
                                .map(each ->
                                        new Statement(each.raw(), each.example().held()))
                                .toList())
                .forEach(found);
        ReliabilityTable.rows(name + ", by experience of other folders", statements)
                .forEach(found);
        double[] weights = Platt.fit(said.stream().map(Said::example).toList());
        var extra = new LinkedHashMap<String, Object>();
        for (int i = 0; i < weights.length; i++) extra.put("weight_" + i, weights[i]);
        found.accept(new Row(
                name + ", curve of all folders", "constant", weights[0], weights[0], said.size(), Map.copyOf(extra)));
    }

    private static List<Said> anomalies(List<Series> recorded) {
        var said = new ArrayList<Said>();
        for (Series each : recorded) {
            var stream = new StreamingAnomalies();
            double[] values = each.values();
            for (int i = 0; i < values.length; i++) {
                StreamingAnomalies.Verdict verdict = stream.accept(values[i]);
                if (!verdict.alarm()) continue;
                int at = i;
                boolean held = each.windows().stream().anyMatch(window -> window.first() <= at && at <= window.last());
                said.add(new Said(
                        each.folder(),
                        new Example(figures(Calibration.ofAnomaly(verdict.surprise(), i + 1)), held),
                        Math.clamp(1 - Math.pow(10, -verdict.surprise()), 0, 1)));
            }
        }
        return said;
    }

    private static List<Said> degradations(DegradationPredictor predictor, List<Series> recorded) {
        var said = new ArrayList<Said>();
        for (Series each : recorded) {
            double[] values = each.values();
            for (int history : HISTORIES)
                for (int end = history;
                        end + AFTER <= values.length;
                        end += Math.max(BETWEEN_LOOKS, values.length / LOOKS)) {
                    double[] after = Arrays.copyOfRange(values, end, end + AFTER);
                    for (Degradation found : predictor.predict(series(values, end - history, end)))
                        said.add(new Said(
                                each.folder(),
                                new Example(
                                        figures(Calibration.ofDegradation(found.probability())), held(found, after)),
                                found.probability()));
                }
        }
        return said;
    }

    private static List<Double> figures(double... figures) {
        return Arrays.stream(figures).boxed().toList();
    }

    private static MetricSeries series(double[] values, int from, int to) {
        var points = new ArrayList<MetricSeries.Point>();
        for (int i = from; i < to; i++)
            points.add(new MetricSeries.Point(START.plus(Duration.ofMinutes(5L * (i - from))), values[i]));
        return new MetricSeries("recorded", MetricSeries.Kind.EXECUTION_TIME, "ms", Double.NaN, points);
    }

    private static boolean held(Degradation found, double[] after) {
        Map<String, Double> figures = found.figures();
        double better = figures.getOrDefault("from", figures.getOrDefault("before", Double.NaN));
        double worse = figures.getOrDefault("to", figures.getOrDefault("after", Double.NaN));
        Arrays.sort(after);
        return (after[AFTER / 2 - 1] + after[AFTER / 2]) / 2 >= (better + worse) / 2;
    }
}
