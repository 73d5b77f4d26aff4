package dev.understudy.core.profile;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.RealRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parameter of a profile.
 *
 * @param parameter its name; a {@code *} stands for any part between two dots
 * @param low NaN where the target's own bounds hold
 * @param high NaN where the target's own bounds hold
 */
public record Bounds(String parameter, double low, double high) {
    private static final Pattern FORM = Pattern.compile("([^=\\s]+)(?:=(\\d+(?:\\.\\d+)?)\\.\\.(\\d+(?:\\.\\d+)?))?");

    /** How it is written, for messages. */
    public static final String FORMS = "a name, or a name with bounds, like vm.swappiness=1..60";

    public Bounds {
        if (parameter.isBlank()) throw new IllegalArgumentException("parameter must not be blank");
        if (low >= high) throw new IllegalArgumentException("low must be below high, was " + low + " and " + high);
    }

    /** With the target's own bounds. */
    public static Bounds of(String parameter) {
        return new Bounds(parameter, Double.NaN, Double.NaN);
    }

    /** Reads one of {@link #FORMS}; empty if it is none. */
    public static Optional<Bounds> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) return Optional.empty();
        if (matcher.group(2) == null) return Optional.of(of(matcher.group(1)));
        double low = Double.parseDouble(matcher.group(2));
        double high = Double.parseDouble(matcher.group(3));
        return low < high ? Optional.of(new Bounds(matcher.group(1), low, high)) : Optional.empty();
    }

    /** Whether it means the parameter of this name. */
    public boolean names(String name) {
        if (parameter.indexOf('*') < 0) return parameter.equals(name);
        String regex = Pattern.quote(parameter).replace("*", "\\E[^.]+\\Q");
        return name.matches(regex);
    }

    /** The target's dimension cut to these bounds; a target's bounds are never left. Empty if the two have nothing in common. */
    public Optional<Dimension> cut(Dimension dimension) {
        if (Double.isNaN(low)) return Optional.of(dimension);
        return switch (dimension) {
            case IntegerRange range -> {
                long from = Math.max(range.low(), (long) Math.ceil(low));
                long to = Math.min(range.high(), (long) Math.floor(high));
                yield from < to
                        ? Optional.of(new IntegerRange(range.name(), from, to, range.scale(), range.specialValues()))
                        : Optional.empty();
            }
            case RealRange range -> {
                double from = Math.max(range.low(), low);
                double to = Math.min(range.high(), high);
                yield from < to
                        ? Optional.of(new RealRange(range.name(), from, to, range.scale(), range.specialValues()))
                        : Optional.empty();
            }
            case Dimension other -> Optional.of(other);
        };
    }
}
