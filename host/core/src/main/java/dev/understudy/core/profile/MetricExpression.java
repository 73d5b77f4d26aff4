package dev.understudy.core.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A figure among metrics: the sum of the series that a selector means, or that divided by another such sum, as
 * {@code http_request_duration_seconds_sum / http_request_duration_seconds_count} is the mean duration.
 *
 * <p>Names and matchers are those of Prometheus ("Querying basics", prometheus.io); of its functions and operators there is
 * only the division. Counters count for how fast they rise, so {@code rate(…)} is not written.
 *
 * @param of whose sum it is
 * @param by what that is divided by; empty for nothing
 */
public record MetricExpression(Selector of, Optional<Selector> by) {
    /** How it is written, for messages. */
    public static final String FORMS =
            "a metric, like http_requests_total{code=~\"2..\"}, or one divided by another with ' / '";

    private static final Pattern SELECTOR = Pattern.compile(
            "\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{((?:[^\"}]++|\"(?:[^\"\\\\]++|\\\\.)*\")*)})?\\s*");
    private static final Pattern MATCHER =
            Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]++|\\\\.)*)\"\\s*(,|$)");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    /**
     * Some series of one metric.
     *
     * @param labels all must hold
     */
    public record Selector(String name, List<LabelMatcher> labels) {
        public Selector {
            labels = List.copyOf(labels);
        }

        /** Whether it means the series. */
        public boolean means(String metric, Map<String, String> labelsOfSeries) {
            return name.equals(metric) && labels.stream().allMatch(each -> each.holds(labelsOfSeries));
        }

        @Override
        public String toString() {
            return labels.isEmpty()
                    ? name
                    : name + "{"
                            + String.join(
                                    ",",
                                    labels.stream().map(LabelMatcher::toString).toList()) + "}";
        }
    }

    /**
     * What a label must be; a label that is missing is empty.
     *
     * @param operator {@code =}, {@code !=}, {@code =~} or {@code !~}; the last two take regular expressions of the whole value
     */
    public record LabelMatcher(String label, String operator, String value) {
        boolean holds(Map<String, String> labels) {
            String found = labels.getOrDefault(label, "");
            boolean matches = operator.endsWith("~") ? Pattern.matches(value, found) : value.equals(found);
            return matches != operator.startsWith("!");
        }

        @Override
        public String toString() {
            return label + operator + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** Reads one of {@link #FORMS}; empty if it is none. */
    public static Optional<MetricExpression> parse(String text) {
        Matcher first = SELECTOR.matcher(text);
        if (!first.lookingAt()) return Optional.empty();
        Optional<Selector> of = selector(first);
        if (of.isEmpty()) return Optional.empty();
        if (first.end() == text.length()) return Optional.of(new MetricExpression(of.get(), Optional.empty()));
        if (text.charAt(first.end()) != '/') return Optional.empty();
        Matcher second = SELECTOR.matcher(text).region(first.end() + 1, text.length());
        if (!second.matches()) return Optional.empty();
        return selector(second).map(by -> new MetricExpression(of.get(), Optional.of(by)));
    }

    /** What stands between the quotes of a label, in pages and in selectors, with its escapes undone. */
    public static String unescaped(String quoted) {
        return ESCAPE.matcher(quoted)
                .replaceAll(escape -> Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
    }

    private static Optional<Selector> selector(Matcher found) {
        var labels = new ArrayList<LabelMatcher>();
        String inside = found.group(2) == null ? "" : found.group(2);
        Matcher matcher = MATCHER.matcher(inside);
        int end = 0;
        while (end < inside.length() && !inside.substring(end).isBlank()) {
            if (!matcher.region(end, inside.length()).lookingAt()) return Optional.empty();
            String value = unescaped(matcher.group(3));
            try {
                if (matcher.group(2).endsWith("~")) Pattern.compile(value);
            } catch (PatternSyntaxException _) {
                return Optional.empty();
            }
            labels.add(new LabelMatcher(matcher.group(1), matcher.group(2), value));
            end = matcher.end();
        }
        return Optional.of(new Selector(found.group(1), labels));
    }

    @Override
    public String toString() {
        return of + by.map(each -> " / " + each).orElse("");
    }
}
