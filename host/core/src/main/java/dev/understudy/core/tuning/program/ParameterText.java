package dev.understudy.core.tuning.program;

import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parameter as a person writes it: {@code int:log:1..4096|0 default=64 if mode=pool,queue}. Values with blanks or commas stand
 * in quotes.
 *
 * @param dimension its name and values
 * @param fallback its value in the default setting, if it is written
 * @param condition when it counts, with values as they are written; empty for always
 * @param text all of it as it was written
 */
record ParameterText(Dimension dimension, Optional<Object> fallback, Optional<ParentValues> condition, String text) {

    static final String FORM =
            "int:1..64, int:log:1..4096|0, real:0..1, ord:s,m,l, cat:a,b or bool; 'tune --help' tells more";

    private static final String DEFAULT = "default=";
    private static final Pattern RANGE = Pattern.compile("(-?[^.|]*(?:\\.\\d[^.|]*)?)\\.\\.([^|]+)(?:\\|(.+))?");

    /** The values of an earlier parameter under which this one counts. */
    record ParentValues(String parent, List<String> values) {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    static ParameterText parse(String name, String text) {
        List<String> words = QuotedText.split(text.strip(), Character::isWhitespace).stream()
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.size() > 1
                && !words.get(1).startsWith(DEFAULT)
                && !words.get(1).equals("if")) throw neither(words.get(1));
        Dimension dimension = dimension(name, words.getFirst());
        Optional<Object> fallback = Optional.empty();
        Optional<ParentValues> condition = Optional.empty();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith(DEFAULT)) {
                String value = QuotedText.unquoted(word.substring(DEFAULT.length()));
                fallback = Optional.of(value(dimension, value));
            } else if (word.equals("if")
                    && i + 1 < words.size()
                    && words.get(i + 1).indexOf('=') > 0) {
                String[] parts = words.get(++i).split("=", 2);
                condition = Optional.of(new ParentValues(parts[0], QuotedText.values(parts[1])));
            } else {
                throw neither(word);
            }
        }
        return new ParameterText(dimension, fallback, condition, text);
    }

    private static IllegalArgumentException neither(String word) {
        return new IllegalArgumentException(
                "'" + word + "' is neither default=VALUE nor 'if OTHER=VALUE'; a value with blanks"
                        + " stands in quotes: cat:'very fast',slow");
    }

    private static Object value(Dimension dimension, String text) {
        Object value = DimensionValue.read(dimension, text)
                .orElseThrow(() -> new IllegalArgumentException("its default '" + text + "' is not of its kind"));
        String allowed = dimension.reject(value);
        if (!allowed.isEmpty())
            throw new IllegalArgumentException("its default is " + text + ", but must be " + allowed);
        return value;
    }

    private static Dimension dimension(String name, String spec) {
        String[] parts = spec.split(":", 2);
        String rest = parts.length == 2 ? parts[1] : "";
        return switch (parts[0]) {
            case "int" -> whole(name, rest);
            case "real" -> real(name, rest);
            case "ord" -> new Ordinal(name, choices(rest));
            case "cat" -> new Categorical(name, choices(rest));
            case "bool" -> new Flag(name);
            default -> throw new IllegalArgumentException("'" + parts[0] + "' is no kind of parameter");
        };
    }

    private static List<String> choices(String text) {
        List<String> choices = QuotedText.values(text);
        if (choices.stream().anyMatch(String::isEmpty))
            throw new IllegalArgumentException("one of its values is empty");
        return choices;
    }

    private static Dimension whole(String name, String rest) {
        Range<Long> range = range(rest, Long::valueOf, "whole number");
        if (range.low() > range.high()) throw reversed(range);
        return new IntegerRange(name, range.low(), range.high(), range.scale(), range.specials());
    }

    private static Dimension real(String name, String rest) {
        Range<Double> range = range(rest, Double::valueOf, "number");
        if (range.low() > range.high()) throw reversed(range);
        return new RealRange(name, range.low(), range.high(), range.scale(), range.specials());
    }

    private static IllegalArgumentException reversed(Range<?> range) {
        return new IllegalArgumentException(
                "its bounds are reversed: " + range.low() + " is more than " + range.high());
    }

    private record Range<T>(Scale scale, T low, T high, List<T> specials) {}

    private static <T> Range<T> range(String text, Function<String, T> reader, String kind) {
        boolean log = text.startsWith("log:");
        Matcher matcher = RANGE.matcher(log ? text.substring("log:".length()) : text);
        if (!matcher.matches()) throw new IllegalArgumentException("'" + text + "' is no range like 1..64");
        var specials = new ArrayList<T>();
        if (matcher.group(3) != null)
            for (String special : matcher.group(3).split(",", -1)) specials.add(number(special, reader, kind));
        if (new HashSet<>(specials).size() < specials.size())
            throw new IllegalArgumentException("it has a special value twice");
        return new Range<>(
                log ? Scale.LOG : Scale.LINEAR,
                number(matcher.group(1), reader, kind),
                number(matcher.group(2), reader, kind),
                specials);
    }

    private static <T> T number(String text, Function<String, T> reader, String kind) {
        try {
            return reader.apply(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("'" + text + "' is no " + kind);
        }
    }

    /**
     * The condition with values of its parent.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    Optional<Condition> conditionOn(List<Dimension> earlier) {
        return condition.map(wanted -> {
            Dimension parent = earlier.stream()
                    .filter(each -> each.name().equals(wanted.parent()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("it counts only if '" + wanted.parent()
                            + "' has some value, but that is no parameter written before it"));
            var values = new HashSet<Object>();
            for (String value : wanted.values())
                values.add(DimensionValue.read(parent, value)
                        .filter(read -> parent.reject(read).isEmpty())
                        .orElseThrow(() -> new IllegalArgumentException("it counts only if '" + parent.name() + "' is "
                                + value + ", which that can never be")));
            return new Condition(parent.name(), values);
        });
    }
}
