package dev.understudy.spi.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills a pattern's parameters with what its variables held in one task.
 *
 * <p>Results are compared as texts, because a variable that stands for a number or an object is a text in a pattern.
 */
final class PatternText {
    private static final Pattern RUN = Pattern.compile("\\{([a-z][a-z0-9_]*)\\.\\.\\.}");
    private static final Pattern PART = Pattern.compile("\\{\\{|}}|\\{([a-z][a-z0-9_]*)(\\.\\.\\.)?}");

    private PatternText() {}

    /** The parameters as texts, lists of texts and maps, with all variables filled in. */
    static Object fill(Object template, Map<String, String> bindings) {
        return switch (template) {
            case String text -> fillText(text, bindings);
            case List<?> items -> {
                if (!allScalars(items)) yield json(items);
                List<Object> filled = new ArrayList<>();
                for (Object item : items) {
                    Matcher run = RUN.matcher(item.toString());
                    if (item instanceof String && run.matches())
                        filled.addAll(List.of(held(run.group(1), bindings).split("\n", -1)));
                    else filled.add(fill(item, bindings));
                }
                yield filled;
            }
            case Map<?, ?> fields -> {
                var filled = new LinkedHashMap<Object, Object>();
                fields.forEach((key, field) -> filled.put(key, fill(field, bindings)));
                yield filled;
            }
            default -> template.toString();
        };
    }

    private static String fillText(String text, Map<String, String> bindings) {
        return PART.matcher(text).replaceAll(part -> {
            if (part.group(1) == null)
                return Matcher.quoteReplacement(part.group().substring(1));
            String value = held(part.group(1), bindings);
            // A list within a text is its words, joined by blanks.
            return Matcher.quoteReplacement(part.group(2) == null ? value : value.replace('\n', ' '));
        });
    }

    private static String held(String variable, Map<String, String> bindings) {
        return Objects.requireNonNull(bindings.get(variable), () -> "no binding for " + variable);
    }

    /** A task's parameters in the same form. */
    static Object written(Object value) {
        return switch (value) {
            case List<?> items -> {
                if (!allScalars(items)) yield json(items);
                List<Object> written = new ArrayList<>();
                for (Object item : items) written.add(written(item));
                yield written;
            }
            case Map<?, ?> fields -> {
                var written = new LinkedHashMap<Object, Object>();
                fields.forEach((key, field) -> written.put(key, written(field)));
                yield written;
            }
            default -> value.toString();
        };
    }

    private static boolean allScalars(List<?> items) {
        return items.stream().noneMatch(item -> item instanceof List || item instanceof Map || item instanceof Boolean);
    }

    private static String json(Object value) {
        return switch (value) {
            case String text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            case List<?> items -> {
                List<String> parts = new ArrayList<>();
                for (Object item : items) parts.add(json(item));
                yield "[" + String.join(",", parts) + "]";
            }
            case Map<?, ?> fields -> {
                List<String> parts = new ArrayList<>();
                fields.forEach((key, field) -> parts.add(json(key) + ":" + json(field)));
                yield "{" + String.join(",", parts) + "}";
            }
            default -> value.toString();
        };
    }
}
