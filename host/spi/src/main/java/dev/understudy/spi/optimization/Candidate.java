package dev.understudy.spi.optimization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A point of a search space.
 *
 * @param values the value of every active dimension by its name, in the order of the space: a Double for a real
 *     dimension, a Long for an integer one, a String for an ordinal or categorical one, a Boolean for a boolean one; an
 *     inactive dimension has none
 * @param origin how it came to be proposed, for people, for example {@code trust region}; may be empty. Two candidates
 *     with the same values are the same point, whatever their origin.
 */
public record Candidate(Map<String, Object> values, String origin) {
    public Candidate {
        values.forEach((name, value) -> {
            if (!(value instanceof Double
                    || value instanceof Long
                    || value instanceof String
                    || value instanceof Boolean))
                throw new IllegalArgumentException("'" + name + "' holds a "
                        + value.getClass().getName() + ", but must be a Double, Long, String or Boolean");
        });
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A point of unknown origin. */
    public static Candidate of(Map<String, Object> values) {
        return new Candidate(values, "");
    }
}
