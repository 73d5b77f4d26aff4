package dev.understudy.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether what is said with a probability holds as often: statements are sorted by what they said, and in each class the share
 * that held stands beside the mean of what was said (Murphy and Winkler, "Reliability of Subjective Probability Forecasts of
 * Precipitation and Temperature", Applied Statistics 26(1), 1977).
 */
final class ReliabilityTable {
    private static final double[] EDGES = {0, 0.1, 0.3, 0.5, 0.7, 0.9, 1};

    /**
     * Something that was said.
     *
     * @param probability with which it was, from 0 to 1
     * @param held whether it turned out so
     */
    record Statement(double probability, boolean held) {
        Statement {
            if (!(probability >= 0 && probability <= 1))
                throw new IllegalArgumentException("probability must be from 0 to 1, was " + probability);
        }
    }

    private ReliabilityTable() {}

    /**
     * A row for each class in which anything was said, and one for all: by how much what is said misses what holds, on average over
     * the statements.
     */
    static List<Row> rows(String name, List<Statement> statements) {
        var rows = new ArrayList<Row>();
        double missed = 0;
        for (int i = 0; i + 1 < EDGES.length; i++) {
            double from = EDGES[i];
            double to = EDGES[i + 1];
            List<Statement> some = statements.stream()
                    .filter(each -> each.probability() >= from && (each.probability() < to || to == 1))
                    .toList();
            if (some.isEmpty()) continue;
            double said =
                    some.stream().mapToDouble(Statement::probability).average().orElseThrow();
            double held = some.stream().filter(Statement::held).count() / (double) some.size();
            missed += some.size() * Math.abs(said - held);
            rows.add(new Row(
                    String.format(Locale.ROOT, "%s, said %.0f to %.0f %%", name, 100 * from, 100 * to),
                    "share that held",
                    held,
                    held,
                    some.size(),
                    Map.of("said", said)));
        }
        if (statements.isEmpty()) return rows;
        var extra = new LinkedHashMap<String, Object>();
        double held = statements.stream().filter(Statement::held).count() / (double) statements.size();
        extra.put("held", held);
        double brier = statements.stream()
                .mapToDouble(each -> Math.pow(each.probability() - (each.held() ? 1 : 0), 2))
                .average()
                .orElseThrow();
        extra.put("brier", brier);
        extra.put("brier_of_the_mean", held * (1 - held));
        double error = missed / statements.size();
        rows.add(new Row(name + ", calibration error", "share", error, error, statements.size(), extra));
        return rows;
    }
}
