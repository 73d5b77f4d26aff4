package dev.understudy.core.optimization;

import dev.understudy.core.profile.MetricExpression;
import dev.understudy.core.profile.MetricExpression.Selector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Metrics in Prometheus' text format ("Exposition formats", prometheus.io), as far as figures are wanted of them: lines that are
 * none are passed over, and so are times and exemplars.
 */
final class MetricsText {
    private static final Pattern SERIES = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[^\"}]++|\"(?:[^\"\\\\]++|\\\\.)*\")*)})?\\s+(\\S+).*");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*\"((?:[^\"\\\\]++|\\\\.)*)\"");
    private static final Pattern TYPE = Pattern.compile("#\\s+TYPE\\s+(\\S+)\\s+(\\S+)\\s*");

    private final List<Series> series;
    private final Set<String> rising;

    private record Key(String name, Map<String, String> labels) {}

    private record Series(Key key, double value) {}

    private MetricsText(List<Series> series, Set<String> rising) {
        this.series = series;
        this.rising = rising;
    }

    static MetricsText parse(String text) {
        var series = new ArrayList<Series>();
        var rising = new HashSet<String>();
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) addRising(type.group(1), type.group(2), rising);
            Matcher found = SERIES.matcher(line);
            if (!found.matches()) continue;
            try {
                series.add(new Series(
                        new Key(found.group(1), labels(found.group(2))), Double.parseDouble(found.group(3))));
            } catch (NumberFormatException _) {
                // +Inf and the like: no figure of merit.
            }
        }
        return new MetricsText(List.copyOf(series), rising);
    }

    private static void addRising(String name, String type, Set<String> rising) {
        switch (type) {
            case "counter" -> {
                rising.add(name);
                // OpenMetrics names the family without the suffix that its series have.
                rising.add(name + "_total");
            }
            case "histogram", "summary" -> {
                for (String each : List.of("_sum", "_count", "_bucket")) rising.add(name + each);
            }
            default -> {
                // Gauges and what nobody has told the type of stand for themselves.
            }
        }
    }

    private static Map<String, String> labels(@Nullable String text) {
        var labels = new HashMap<String, String>();
        if (text == null) return labels;
        Matcher label = LABEL.matcher(text);
        while (label.find()) labels.put(label.group(1), MetricExpression.unescaped(label.group(2)));
        return labels;
    }

    /**
     * The figure: of counters, by how much they rose in a second; of others, what they are now.
     *
     * @param before the same page, so much earlier
     * @return empty where it would have to be divided by 0
     * @throws IOException with a clause, if there is no such metric, or it began anew
     */
    OptionalDouble figure(MetricExpression expression, MetricsText before, Duration passed) throws IOException {
        double of = sum(expression.of(), before, passed);
        if (expression.by().isEmpty()) return OptionalDouble.of(of);
        double by = sum(expression.by().get(), before, passed);
        return by == 0 ? OptionalDouble.empty() : OptionalDouble.of(of / by);
    }

    private double sum(Selector selector, MetricsText before, Duration passed) throws IOException {
        boolean counter = rising.contains(selector.name()) || selector.name().endsWith("_total");
        Map<Key, Double> earlier = new HashMap<>();
        for (Series each : before.series) earlier.put(each.key(), each.value());
        double sum = 0;
        boolean found = false;
        for (Series each : series) {
            if (!selector.means(each.key().name(), each.key().labels())) continue;
            found = true;
            // A series that is new has counted from 0.
            double rise = each.value() - earlier.getOrDefault(each.key(), 0.0);
            if (counter && rise < 0)
                throw new IOException(selector + " began anew: the program behind it was started again");
            sum += counter ? rise : each.value();
        }
        if (!found) throw new IOException("there is no series " + selector);
        if (!Double.isFinite(sum)) throw new IOException(selector + " is no finite figure");
        return counter ? sum / (passed.toNanos() / 1e9) : sum;
    }
}
