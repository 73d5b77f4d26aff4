package dev.understudy.spi.optimization;

import java.util.HashSet;
import java.util.List;

/**
 * One parameter of a search space. A numeric one may have special values, each with a meaning of its own that does not lie
 * between its neighbours, for example 0 for automatic; they may lie inside or outside the bounds.
 */
public sealed interface Dimension {
    /** Unique in its space: a letter or underscore, then letters, digits and any of {@code _ . - / :}. */
    String name();

    /**
     * Says what is wrong with a value.
     *
     * @return empty if the value is allowed, else what is allowed, to follow the words "must be"
     */
    String reject(Object value);

    /** How the way from the lower to the upper bound is divided. */
    enum Scale {
        /** By differences: 1, 2, 3. */
        LINEAR,
        /** By ratios: 1, 10, 100. The lower bound is positive. */
        LOG
    }

    /** Any number from {@code low} to {@code high}, both included; values are Double. */
    record RealRange(String name, double low, double high, Scale scale, List<Double> specialValues)
            implements Dimension {
        public RealRange {
            checkName(name);
            if (!Double.isFinite(low) || !Double.isFinite(high) || !(low < high))
                throw new IllegalArgumentException(
                        "'" + name + "' must have finite bounds, the lower first, but has " + low + " and " + high);
            if (scale == Scale.LOG && low <= 0)
                throw new IllegalArgumentException(
                        "'" + name + "' has a logarithmic scale, so its lower bound must be positive, was " + low);
            specialValues = List.copyOf(specialValues);
            for (double special : specialValues)
                if (!Double.isFinite(special))
                    throw new IllegalArgumentException("'" + name + "' has the special value " + special);
            checkDistinct(name, specialValues);
        }

        @Override
        public String reject(Object value) {
            if (value instanceof Double number && ((number >= low && number <= high) || specialValues.contains(number)))
                return "";
            return "a Double from " + low + " to " + high
                    + (specialValues.isEmpty() ? "" : " or one of " + specialValues);
        }
    }

    /** Any whole number from {@code low} to {@code high}, both included; values are Long. */
    record IntegerRange(String name, long low, long high, Scale scale, List<Long> specialValues) implements Dimension {
        public IntegerRange {
            checkName(name);
            if (low >= high)
                throw new IllegalArgumentException(
                        "'" + name + "' must have two bounds, the lower first, but has " + low + " and " + high);
            if (scale == Scale.LOG && low < 1)
                throw new IllegalArgumentException(
                        "'" + name + "' has a logarithmic scale, so its lower bound must be at least 1, was " + low);
            specialValues = List.copyOf(specialValues);
            checkDistinct(name, specialValues);
        }

        @Override
        public String reject(Object value) {
            if (value instanceof Long number && ((number >= low && number <= high) || specialValues.contains(number)))
                return "";
            return "a Long from " + low + " to " + high
                    + (specialValues.isEmpty() ? "" : " or one of " + specialValues);
        }
    }

    /** One of at least two levels that have an order, for example small, medium, large; values are String. */
    record Ordinal(String name, List<String> levels) implements Dimension {
        public Ordinal {
            levels = checkChoices(name, levels);
        }

        @Override
        public String reject(Object value) {
            return value instanceof String text && levels.contains(text) ? "" : "one of " + levels;
        }
    }

    /** One of at least two choices without an order; values are String. */
    record Categorical(String name, List<String> choices) implements Dimension {
        public Categorical {
            choices = checkChoices(name, choices);
        }

        @Override
        public String reject(Object value) {
            return value instanceof String text && choices.contains(text) ? "" : "one of " + choices;
        }
    }

    /** On or off; values are Boolean. */
    record Flag(String name) implements Dimension {
        public Flag {
            checkName(name);
        }

        @Override
        public String reject(Object value) {
            return value instanceof Boolean ? "" : "true or false";
        }
    }

    private static void checkName(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.:/-]*"))
            throw new IllegalArgumentException("'" + name
                    + "' is no name of a dimension: a letter, then letters, digits and _ . - / : are allowed");
    }

    private static List<String> checkChoices(String name, List<String> choices) {
        checkName(name);
        if (choices.size() < 2)
            throw new IllegalArgumentException("'" + name + "' must have at least two values, has " + choices);
        checkDistinct(name, choices);
        return List.copyOf(choices);
    }

    private static void checkDistinct(String name, List<?> values) {
        if (new HashSet<>(values).size() < values.size())
            throw new IllegalArgumentException("'" + name + "' has a value twice: " + values);
    }
}
