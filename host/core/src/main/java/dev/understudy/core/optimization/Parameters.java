package dev.understudy.core.optimization;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parameters of a profile as this machine has them. Looks at the machine anew for each call. */
final class Parameters {
    private final Supplier<List<ParameterTarget>> targets;
    private final Supplier<Map<String, Path>> administrator;

    /**
     * @param targets those whose parameters may be advised on
     * @param administrator what somebody has set on purpose, and where
     */
    Parameters(Supplier<List<ParameterTarget>> targets, Supplier<Map<String, Path>> administrator) {
        this.targets = targets;
        this.administrator = administrator;
    }

    /**
     * One that exists here.
     *
     * @param dimension within the profile's bounds; what the parameter holds now is in it
     * @param current what the parameter holds now, as a value of the dimension
     */
    record Found(ParameterTarget target, TunableParameter parameter, Dimension dimension, Object current) {
        String name() {
            return parameter.name();
        }

        /** A value as the target writes it; what was there before, exactly as it was. */
        String text(Object value) {
            return value.equals(current) ? parameter.value() : target.format(dimension, value);
        }
    }

    /**
     * What a profile's parameters are here.
     *
     * @param usable in the order of the profile
     * @param leftAlone why others are not, one line each
     */
    record Look(List<Found> usable, List<String> leftAlone) {}

    Look look(OptimizationProfile profile) {
        record Known(ParameterTarget target, TunableParameter parameter) {}
        Map<String, Known> known = new LinkedHashMap<>();
        for (ParameterTarget target : targets.get())
            for (TunableParameter each : target.parameters()) known.putIfAbsent(each.name(), new Known(target, each));
        Map<String, Path> set = administrator.get();
        var usable = new ArrayList<Found>();
        var leftAlone = new ArrayList<String>();
        for (Bounds bounds : profile.parameters()) {
            Known each = known.get(bounds.parameter());
            // Another kernel, or no Linux at all.
            if (each == null) continue;
            String name = each.parameter().name();
            String value = each.parameter().value();
            Path file = set.get(name);
            if (file != null) {
                leftAlone.add(name + " is left alone, since " + file + " sets it");
            } else if (name.startsWith("vm.dirty_") && name.endsWith("_ratio") && value.equals("0")) {
                // Writing the share would set the number of bytes to 0, and nothing would bring that back.
                leftAlone.add(name + " is left alone, since a number of bytes is set in its place");
            } else {
                Optional<Dimension> cut = bounds.cut(each.parameter().dimension());
                Optional<Object> current = cut.flatMap(dimension -> parse(each.target(), dimension, value));
                if (cut.isEmpty())
                    leftAlone.add(name + " is left alone, since the profile's bounds leave nothing that may be tried");
                else if (current.isEmpty())
                    leftAlone.add(name + " is left alone, since it holds '" + value + "', which may not be tried");
                else
                    usable.add(new Found(
                            each.target(), each.parameter(), including(cut.get(), current.get()), current.get()));
            }
        }
        return new Look(usable, leftAlone);
    }

    private static Optional<Object> parse(ParameterTarget target, Dimension dimension, String text) {
        try {
            return switch (dimension) {
                case IntegerRange _ -> Optional.of(Long.valueOf(text.strip()));
                case RealRange _ ->
                    Optional.of(Double.valueOf(text.strip()))
                            .filter(Double::isFinite)
                            .map(v -> v);
                case Ordinal ordinal -> among(target, dimension, ordinal.levels(), text);
                case Categorical categorical -> among(target, dimension, categorical.choices(), text);
                case Flag _ -> among(target, dimension, List.of(true, false), text);
            };
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Object> among(ParameterTarget target, Dimension dimension, List<?> values, String text) {
        for (Object each : values) if (target.format(dimension, each).equals(text)) return Optional.of(each);
        return Optional.empty();
    }

    /** What is set now is where every search begins, even outside the bounds: there it is a value of its own. */
    private static Dimension including(Dimension dimension, Object current) {
        if (dimension.reject(current).isEmpty()) return dimension;
        return switch (dimension) {
            case IntegerRange range ->
                new IntegerRange(
                        range.name(), range.low(), range.high(), range.scale(), with(range.specialValues(), (Long)
                                current));
            case RealRange range ->
                new RealRange(
                        range.name(), range.low(), range.high(), range.scale(), with(range.specialValues(), (Double)
                                current));
            case Dimension other -> other;
        };
    }

    private static <T> List<T> with(List<T> values, T more) {
        var all = new ArrayList<>(values);
        all.add(more);
        return all;
    }
}
