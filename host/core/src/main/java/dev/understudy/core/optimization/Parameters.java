package dev.understudy.core.optimization;

import dev.understudy.core.profile.Bounds;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parameters of a profile as this machine has them. Looks at the machine anew for each call. */
final class Parameters {
    private final Supplier<List<ParameterTarget>> targets;

    /** @param targets those whose parameters may be advised on */
    Parameters(Supplier<List<ParameterTarget>> targets) {
        this.targets = targets;
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

    private record Known(ParameterTarget target, TunableParameter parameter) {}

    Look look(OptimizationProfile profile) {
        Map<String, Known> known = new LinkedHashMap<>();
        for (ParameterTarget target : targets.get())
            for (TunableParameter each : target.parameters()) known.putIfAbsent(each.name(), new Known(target, each));
        var usable = new ArrayList<Found>();
        var leftAlone = new ArrayList<String>();
        for (Bounds bounds : profile.parameters()) {
            // A parameter may be missing: another kernel, or no Linux at all.
            for (String name : List.copyOf(known.keySet())) {
                if (!bounds.names(name)) continue;
                Known each = known.remove(name);
                if (each != null) sort(each, bounds, usable, leftAlone);
            }
        }
        return new Look(usable, leftAlone);
    }

    private static void sort(Known known, Bounds bounds, List<Found> usable, List<String> leftAlone) {
        TunableParameter parameter = known.parameter();
        if (!parameter.administrator().isEmpty()) {
            leftAlone.add(parameter.name() + " is left alone, since it is set in " + parameter.administrator());
            return;
        }
        Optional<Dimension> cut = bounds.cut(parameter.dimension());
        if (cut.isEmpty()) {
            leftAlone.add(
                    parameter.name() + " is left alone, since the profile's bounds leave nothing that may be tried");
            return;
        }
        Optional<Object> current = parse(known.target(), cut.get(), parameter.value());
        if (current.isEmpty())
            leftAlone.add(parameter.name() + " is left alone, since what it holds may not be tried: '"
                    + parameter.value() + "'");
        else usable.add(new Found(known.target(), parameter, including(cut.get(), current.get()), current.get()));
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
