package dev.understudy.spi.optimization;

import java.util.Set;

/**
 * When a dimension counts: only while another one, its parent, is active and has one of some values.
 *
 * @param parent name of a dimension that stands earlier in the space
 * @param values values of the parent, of its type; at least one
 */
public record Condition(String parent, Set<Object> values) {
    public Condition {
        values = Set.copyOf(values);
        if (values.isEmpty()) throw new IllegalArgumentException("a condition on '" + parent + "' must name a value");
    }
}
