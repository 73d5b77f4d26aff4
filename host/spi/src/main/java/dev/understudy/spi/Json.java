package dev.understudy.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks and copies of JSON values as plain Java objects. */
final class Json {
    private Json() {}

    /**
     * Returns an unmodifiable deep copy that keeps the order of keys.
     *
     * @throws IllegalArgumentException if a value is none of String, Long, Double, Boolean, List and Map
     */
    static Map<String, Object> copyOf(Map<String, Object> object) {
        if (object.isEmpty()) return Map.of();
        var copy = LinkedHashMap.<String, Object>newLinkedHashMap(object.size());
        object.forEach((name, value) -> copy.put(name, copyOfValue(name, value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object copyOfValue(String name, Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Double number -> number;
            case Boolean truth -> truth;
            case List<?> items -> {
                var copy = new ArrayList<Object>(items.size());
                for (Object item : items) copy.add(copyOfValue(name, item));
                yield Collections.unmodifiableList(copy);
            }
            case Map<?, ?> fields -> {
                var copy = LinkedHashMap.<String, Object>newLinkedHashMap(fields.size());
                fields.forEach((key, field) -> copy.put((String) key, copyOfValue(name, field)));
                yield Collections.unmodifiableMap(copy);
            }
            default ->
                throw new IllegalArgumentException("parameter '" + name + "' holds a "
                        + value.getClass().getName()
                        + ", but must be a String, Long, Double, Boolean, List or Map");
        };
    }
}
