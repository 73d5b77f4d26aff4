package dev.understudy.spi.optimization;

import java.util.Map;
import java.util.function.Predicate;

/**
 * Forbids some combinations of values.
 *
 * @param description for people, for example {@code min_wal_size <= max_wal_size}
 * @param allows says whether values, as in {@link Candidate#values}, are allowed; depends on nothing else, changes nothing
 *     and takes microseconds. A dimension that is inactive has no value there.
 */
public record Constraint(String description, Predicate<Map<String, Object>> allows) {
    public Constraint {
        if (description.isBlank()) throw new IllegalArgumentException("a constraint must have a description");
    }
}
