package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.spi.optimization.Dimension;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a parameter may be, for people and as JSON, and what a person typed for one. */
final class DimensionText {
    private DimensionText() {}

    /** What is allowed, in few words: {@code 16..1024, or 0}. */
    static String allowed(Dimension dimension) {
        return switch (dimension) {
            case Dimension.IntegerRange range -> range(range.low(), range.high(), range.specialValues());
            case Dimension.RealRange range -> range(range.low(), range.high(), range.specialValues());
            case Dimension.Ordinal ordinal -> String.join(" ", ordinal.levels());
            case Dimension.Categorical categorical -> String.join(" ", categorical.choices());
            case Dimension.Flag _ -> "0 1";
        };
    }

    private static String range(Number low, Number high, List<? extends Number> specialValues) {
        String text = low + ".." + high;
        return specialValues.isEmpty()
                ? text
                : text + ", or " + specialValues.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    static ObjectNode json(Dimension dimension) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (dimension) {
            case Dimension.IntegerRange range -> {
                json.put("type", "integer").put("low", range.low()).put("high", range.high());
                json.put("scale", range.scale().name().toLowerCase(Locale.ROOT));
                var special = json.putArray("special");
                range.specialValues().forEach(special::add);
            }
            case Dimension.RealRange range -> {
                json.put("type", "real").put("low", range.low()).put("high", range.high());
                json.put("scale", range.scale().name().toLowerCase(Locale.ROOT));
                var special = json.putArray("special");
                range.specialValues().forEach(special::add);
            }
            case Dimension.Ordinal ordinal -> {
                var levels = json.put("type", "ordinal").putArray("levels");
                ordinal.levels().forEach(levels::add);
            }
            case Dimension.Categorical categorical -> {
                var choices = json.put("type", "categorical").putArray("choices");
                categorical.choices().forEach(choices::add);
            }
            case Dimension.Flag _ -> json.put("type", "boolean");
        }
        return json;
    }

    /** The value that a text stands for; empty if it stands for none that is allowed. */
    static Optional<Object> parse(Dimension dimension, String text) {
        Object value = switch (dimension) {
            case Dimension.IntegerRange _ -> text.matches("[+-]?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
            case Dimension.RealRange _ -> real(text);
            case Dimension.Flag _ ->
                switch (text) {
                    case "1", "true" -> true;
                    case "0", "false" -> false;
                    default -> text;
                };
            case Dimension.Ordinal _, Dimension.Categorical _ -> text;
        };
        return dimension.reject(value).isEmpty() ? Optional.of(value) : Optional.empty();
    }

    private static Object real(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException _) {
            return text;
        }
    }
}
