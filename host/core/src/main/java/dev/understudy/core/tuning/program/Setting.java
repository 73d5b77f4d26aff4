package dev.understudy.core.tuning.program;

import dev.understudy.core.config.NearestWord;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.optimization.Condition;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.optimization.SearchSpace;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a session with their default values, and the search space that they make.
 *
 * @param space with the default setting as its current one
 * @param defaults a value for each parameter, also for those that do not count in the default setting
 * @param notes sentences for people: what stands in for a default that was not given
 */
record Setting(SearchSpace space, Map<String, Object> defaults, List<String> notes) {

    /**
     * Reads the parameters of a profile.
     *
     * @param target whose parameters they are, if one was named
     * @throws UserException if one cannot be read, does not exist, or refuses
     */
    static Setting of(TuningProfile profile, Optional<ParameterTarget> target) {
        var dimensions = new ArrayList<Dimension>();
        var conditions = new LinkedHashMap<String, Condition>();
        var defaults = new LinkedHashMap<String, Object>();
        var notes = new ArrayList<String>();
        profile.parameters().forEach((name, text) -> {
            try {
                Optional<TunableParameter> known = target.map(each -> tunable(each, name));
                Optional<ParameterText> written =
                        text.isBlank() ? Optional.empty() : Optional.of(ParameterText.parse(name, text));
                Dimension dimension = written.map(ParameterText::dimension)
                        .or(() -> known.map(TunableParameter::dimension))
                        .orElseThrow(() -> new IllegalArgumentException("its values are not said"));
                Optional<Object> fallback = written.flatMap(ParameterText::fallback);
                if (known.isPresent()) {
                    Object now = now(target.orElseThrow(), dimension, known.get());
                    dimension = containing(dimension, now);
                    fallback = Optional.of(now);
                }
                if (fallback.isEmpty()) {
                    Object middle = DimensionValue.middle(dimension);
                    fallback = Optional.of(middle);
                    notes.add("No default was given for " + name + ", so " + DimensionValue.text(middle)
                            + " stands in for it; write default=VALUE for another.");
                }
                if (written.isPresent())
                    written.get().conditionOn(dimensions).ifPresent(condition -> conditions.put(name, condition));
                dimensions.add(dimension);
                defaults.put(name, fallback.orElseThrow());
            } catch (IllegalArgumentException e) {
                throw UserException.badInput(
                        "The parameter " + name + (text.isBlank() ? "" : " ('" + text + "')") + " cannot be used",
                        String.valueOf(e.getMessage()),
                        "Write it like " + ParameterText.FORM);
            }
        });
        return new Setting(space(profile, dimensions, conditions, defaults), defaults, notes);
    }

    private static TunableParameter tunable(ParameterTarget target, String name) {
        TunableParameter found = target.parameter(name)
                .orElseThrow(() -> UserException.badInput(
                        "There is no parameter '" + name + "'",
                        "the target " + target.name() + " does not know it here",
                        NearestWord.to(
                                        name,
                                        target.parameters().stream()
                                                .map(TunableParameter::name)
                                                .toList())
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Name one that it knows")));
        if (!found.changeable())
            throw UserException.notAllowed(
                    "The parameter " + name + " cannot be changed",
                    found.refusal(),
                    "Leave it out, or give what it needs");
        return found;
    }

    /** What is set now, as a value of the dimension's kind. */
    private static Object now(ParameterTarget target, Dimension dimension, TunableParameter parameter) {
        String text = parameter.value();
        List<Object> choices = switch (dimension) {
            case Dimension.Ordinal ordinal -> List.copyOf(ordinal.levels());
            case Dimension.Categorical categorical -> List.copyOf(categorical.choices());
            case Dimension.Flag _ -> List.of(true, false);
            case Dimension.RealRange _, Dimension.IntegerRange _ -> List.of();
        };
        return choices.stream()
                .filter(choice -> target.format(dimension, choice).equals(text))
                .findFirst()
                .or(() -> DimensionValue.read(dimension, text))
                .orElseThrow(() ->
                        new IllegalArgumentException("it is set to '" + text + "' now, which is not of its kind"));
    }

    private static Dimension containing(Dimension dimension, Object now) {
        String allowed = dimension.reject(now);
        if (allowed.isEmpty()) return dimension;
        return DimensionValue.allowing(dimension, now)
                .orElseThrow(
                        () -> new IllegalArgumentException("it is set to " + now + " now, but must be " + allowed));
    }

    private static SearchSpace space(
            TuningProfile profile,
            List<Dimension> dimensions,
            Map<String, Condition> conditions,
            Map<String, Object> defaults) {
        var builder = SearchSpace.builder();
        for (Dimension dimension : dimensions) {
            builder.add(dimension);
            Condition condition = conditions.get(dimension.name());
            if (condition != null)
                builder.onlyIf(condition.parent(), condition.values().toArray());
        }
        for (String text : profile.constraints()) {
            try {
                var constraint = ConstraintText.parse(text, dimensions);
                builder.constraint(constraint.description(), constraint.allows());
            } catch (IllegalArgumentException e) {
                throw UserException.badInput(
                        "The constraint '" + text + "' cannot be read",
                        String.valueOf(e.getMessage()),
                        "Write it like 'a * b <= 4096' or \"mode = 'pool' or workers < 8\"");
            }
        }
        try {
            return builder.current(defaults).build();
        } catch (IllegalArgumentException e) {
            throw UserException.badInput(
                    "The default setting does not fit the parameters",
                    String.valueOf(e.getMessage()),
                    "Change the default values or the constraints");
        }
    }

    /** All values as texts; what does not count has its default. */
    Map<String, String> texts(Map<String, Object> values) {
        var texts = new LinkedHashMap<String, String>();
        defaults.forEach((name, value) -> texts.put(name, DimensionValue.text(values.getOrDefault(name, value))));
        return texts;
    }

    /** All values as a target writes them; what does not count has its default. */
    Map<String, String> formatted(ParameterTarget target, Map<String, Object> values) {
        var texts = new LinkedHashMap<String, String>();
        for (Dimension dimension : space.dimensions()) {
            Object value = values.get(dimension.name());
            if (value == null) value = defaults.get(dimension.name());
            if (value != null) texts.put(dimension.name(), target.format(dimension, value));
        }
        return texts;
    }
}
