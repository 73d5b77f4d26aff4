package dev.understudy.core.tuning.program;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values of dimensions as people and programs write them. */
final class DimensionValue {
    private DimensionValue() {}

    /** Reads a value of the dimension's type, allowed or not; empty if it is of another. */
    static Optional<Object> read(Dimension dimension, String text) {
        try {
            return switch (dimension) {
                case RealRange _ -> {
                    double number = Double.parseDouble(text);
                    yield Double.isFinite(number) ? Optional.of(number) : Optional.empty();
                }
                case IntegerRange _ -> Optional.of(Long.parseLong(text));
                case Ordinal ordinal -> ordinal.levels().contains(text) ? Optional.of(text) : Optional.empty();
                case Categorical categorical ->
                    categorical.choices().contains(text) ? Optional.of(text) : Optional.empty();
                case Flag _ ->
                    switch (text) {
                        case "true" -> Optional.of(true);
                        case "false" -> Optional.of(false);
                        default -> Optional.empty();
                    };
            };
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** As {@link #read} takes it and programs do: numbers without an exponent. */
    static String text(Object value) {
        return value instanceof Double number ? BigDecimal.valueOf(number).toPlainString() : value.toString();
    }

    /** What stands in for a default setting that nobody knows: the middle, the first, or false. */
    static Object middle(Dimension dimension) {
        return switch (dimension) {
            case RealRange real ->
                switch (real.scale()) {
                    case LINEAR -> real.low() + (real.high() - real.low()) / 2;
                    case LOG -> Math.sqrt(real.low()) * Math.sqrt(real.high());
                };
            case IntegerRange whole ->
                switch (whole.scale()) {
                    case LINEAR -> whole.low() + (whole.high() - whole.low()) / 2;
                    case LOG ->
                        Math.clamp(
                                Math.round(Math.sqrt(whole.low()) * Math.sqrt(whole.high())),
                                whole.low(),
                                whole.high());
                };
            case Ordinal ordinal -> ordinal.levels().getFirst();
            case Categorical categorical -> categorical.choices().getFirst();
            case Flag _ -> false;
        };
    }

    /** The same dimension with one more value allowed, so that what is set now lies in it; empty if it cannot have one. */
    static Optional<Dimension> allowing(Dimension dimension, Object value) {
        return switch (dimension) {
            case IntegerRange whole
            when value instanceof Long number ->
                Optional.of(new IntegerRange(
                        whole.name(), whole.low(), whole.high(), whole.scale(), with(whole.specialValues(), number)));
            case RealRange real
            when value instanceof Double number ->
                Optional.of(new RealRange(
                        real.name(), real.low(), real.high(), real.scale(), with(real.specialValues(), number)));
            case RealRange _, IntegerRange _, Ordinal _, Categorical _, Flag _ -> Optional.empty();
        };
    }

    private static <T> List<T> with(List<T> values, T value) {
        var more = new ArrayList<>(values);
        more.add(value);
        return more;
    }
}
