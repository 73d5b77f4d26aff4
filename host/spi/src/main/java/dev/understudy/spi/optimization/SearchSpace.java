package dev.understudy.spi.optimization;

import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.Flag;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.optimization.Dimension.Ordinal;
import dev.understudy.spi.optimization.Dimension.RealRange;
import dev.understudy.spi.optimization.Dimension.Scale;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The parameter sets that a search may try. Immutable.
 *
 * <pre>{@code
 * SearchSpace.builder()
 *         .real("ratio", 0, 1)
 *         .logInteger("workers", 1, 256, 0) // 0 means automatic
 *         .categorical("method", "fsync", "open_sync")
 *         .real("delay", 0, 100).onlyIf("method", "fsync")
 *         .constraint("…", values -> …)
 *         .current(Map.of("ratio", 0.5, "workers", 8L, "method", "open_sync"))
 *         .build();
 * }</pre>
 */
public final class SearchSpace {
    private final List<Dimension> dimensions;
    private final Map<String, Condition> conditions;
    private final List<Constraint> constraints;
    private final @Nullable Candidate current;

    private SearchSpace(Builder builder) {
        dimensions = List.copyOf(builder.dimensions);
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(builder.conditions));
        constraints = List.copyOf(builder.constraints);
        if (dimensions.isEmpty()) throw new IllegalArgumentException("a search space must have a dimension");
        Set<String> names = new HashSet<>();
        for (Dimension dimension : dimensions) {
            if (!names.add(dimension.name()))
                throw new IllegalArgumentException("there are two dimensions named '" + dimension.name() + "'");
            checkCondition(dimension.name());
        }
        current = builder.current == null ? null : candidate(builder.current, "current setting");
        if (current != null) check(current);
    }

    private void checkCondition(String name) {
        Condition condition = conditions.get(name);
        if (condition == null) return;
        for (Dimension earlier : dimensions) {
            if (earlier.name().equals(name)) break;
            if (!earlier.name().equals(condition.parent())) continue;
            for (Object value : condition.values())
                if (!earlier.reject(value).isEmpty())
                    throw new IllegalArgumentException("'" + name + "' counts only if '" + condition.parent() + "' is "
                            + value + ", which must be " + earlier.reject(value));
            return;
        }
        throw new IllegalArgumentException("'" + name + "' counts only under a condition on '" + condition.parent()
                + "', which is no earlier dimension");
    }

    /** Starts an empty space. */
    public static Builder builder() {
        return new Builder();
    }

    /** All dimensions, parents before those that depend on them; at least one. */
    public List<Dimension> dimensions() {
        return dimensions;
    }

    /** The conditions by the name of the dimension that they hold for. */
    public Map<String, Condition> conditions() {
        return conditions;
    }

    /** What must hold for every candidate. */
    public List<Constraint> constraints() {
        return constraints;
    }

    /** The setting in use, if it is known; it lies in the space and the constraints allow it. */
    public Optional<Candidate> current() {
        return Optional.ofNullable(current);
    }

    /** Returns whether a dimension counts, given the values of those before it. */
    public boolean isActive(Dimension dimension, Map<String, Object> values) {
        Condition condition = conditions.get(dimension.name());
        if (condition == null) return true;
        Object parent = values.get(condition.parent());
        return parent != null && condition.values().contains(parent);
    }

    /** Returns whether all constraints allow values that {@link #problems} finds nothing wrong with. */
    public boolean allows(Map<String, Object> values) {
        for (Constraint constraint : constraints) if (!constraint.allows().test(values)) return false;
        return true;
    }

    /**
     * Returns a point of this space: values of inactive dimensions are left out, the rest is put in order.
     *
     * @throws IllegalArgumentException if a value is missing, of the wrong type, out of range, or of no dimension; what
     *     the constraints say is not looked at
     */
    public Candidate candidate(Map<String, Object> values, String origin) {
        List<String> problems = new ArrayList<>();
        Map<String, Object> ordered = new LinkedHashMap<>();
        Set<String> unknown = new LinkedHashSet<>(values.keySet());
        for (Dimension dimension : dimensions) {
            unknown.remove(dimension.name());
            if (!isActive(dimension, ordered)) continue;
            Object value = values.get(dimension.name());
            String allowed = value == null ? "given" : dimension.reject(value);
            if (!allowed.isEmpty()) problems.add("'" + dimension.name() + "' must be " + allowed + ", was " + value);
            if (value != null) ordered.put(dimension.name(), value);
        }
        for (String name : unknown) problems.add("'" + name + "' is no dimension");
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("; ", problems));
        return new Candidate(ordered, origin);
    }

    /**
     * Says all that is wrong with a candidate, one line each; nothing if it lies in the space and the constraints allow
     * it.
     */
    public List<String> problems(Candidate candidate) {
        Candidate ordered;
        try {
            ordered = candidate(candidate.values(), candidate.origin());
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        List<String> problems = new ArrayList<>();
        for (String name : candidate.values().keySet())
            if (!ordered.values().containsKey(name)) problems.add("'" + name + "' has a value, but is inactive");
        for (Constraint constraint : constraints)
            if (!constraint.allows().test(ordered.values()))
                problems.add("it must hold that " + constraint.description());
        return problems;
    }

    /**
     * Returns normally if a candidate lies in the space and the constraints allow it.
     *
     * @throws IllegalArgumentException with all {@link #problems} otherwise
     */
    public void check(Candidate candidate) {
        List<String> problems = problems(candidate);
        if (!problems.isEmpty()) throw new IllegalArgumentException(String.join("; ", problems));
    }

    @Override
    public String toString() {
        return "SearchSpace" + dimensions;
    }

    /** Puts a space together; used by one thread. Dimensions refuse bad bounds as they are added, the rest at the end. */
    public static final class Builder {
        private final List<Dimension> dimensions = new ArrayList<>();
        private final Map<String, Condition> conditions = new LinkedHashMap<>();
        private final List<Constraint> constraints = new ArrayList<>();
        private @Nullable Map<String, Object> current;

        private Builder() {}

        /** Adds a dimension. */
        public Builder add(Dimension dimension) {
            dimensions.add(dimension);
            return this;
        }

        /** Adds a real dimension with a linear scale. */
        public Builder real(String name, double low, double high) {
            return add(new RealRange(name, low, high, Scale.LINEAR, List.of()));
        }

        /** Adds a real dimension with a logarithmic scale. */
        public Builder logReal(String name, double low, double high) {
            return add(new RealRange(name, low, high, Scale.LOG, List.of()));
        }

        /** Adds an integer dimension with a linear scale. */
        public Builder integer(String name, long low, long high, Long... specialValues) {
            return add(new IntegerRange(name, low, high, Scale.LINEAR, List.of(specialValues)));
        }

        /** Adds an integer dimension with a logarithmic scale. */
        public Builder logInteger(String name, long low, long high, Long... specialValues) {
            return add(new IntegerRange(name, low, high, Scale.LOG, List.of(specialValues)));
        }

        /** Adds a dimension of ordered levels. */
        public Builder ordinal(String name, String... levels) {
            return add(new Ordinal(name, List.of(levels)));
        }

        /** Adds a dimension of choices without an order. */
        public Builder categorical(String name, String... choices) {
            return add(new Categorical(name, List.of(choices)));
        }

        /** Adds a boolean dimension. */
        public Builder flag(String name) {
            return add(new Flag(name));
        }

        /** Lets the dimension added last count only if an earlier one has one of these values. */
        public Builder onlyIf(String parent, Object... values) {
            if (dimensions.isEmpty()) throw new IllegalStateException("there is no dimension yet");
            conditions.put(dimensions.getLast().name(), new Condition(parent, Set.of(values)));
            return this;
        }

        /** Forbids what the predicate is false for. */
        public Builder constraint(String description, Predicate<Map<String, Object>> allows) {
            constraints.add(new Constraint(description, allows));
            return this;
        }

        /** Names the setting in use; values of inactive dimensions are ignored. */
        public Builder current(Map<String, Object> values) {
            current = new LinkedHashMap<>(values);
            return this;
        }

        /**
         * Returns the space.
         *
         * @throws IllegalArgumentException if there is no dimension, a name twice, a condition on no earlier dimension or
         *     on a value that it cannot have, or if the current setting does not lie in the space
         */
        public SearchSpace build() {
            return new SearchSpace(this);
        }
    }
}
