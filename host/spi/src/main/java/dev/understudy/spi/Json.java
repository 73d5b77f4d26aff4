package dev.understudy.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks and copies of JSON values as plain Java objects. */
final class Json {
    private Json() {}

    /**
     * Returns an unmodifiable deep copy that keeps the order of keys; what is such a copy already is returned as it is.
     *
     * @throws IllegalArgumentException if a value is none of String, Long, Double, Boolean, List and Map
     */
    static Map<String, Object> copyOf(Map<String, Object> object) {
        if (object instanceof SmallObject small) return small;
        if (object.isEmpty()) return Map.of();
        return copyOfObject("", object);
    }

    private static Map<String, Object> copyOfObject(String name, Map<?, ?> object) {
        if (object.size() <= SmallObject.MAX_SIZE) {
            var namesAndValues = new Object[object.size() * 2];
            int next = 0;
            for (Map.Entry<?, ?> field : object.entrySet()) {
                String key = (String) field.getKey();
                namesAndValues[next++] = key;
                namesAndValues[next++] = copyOfValue(name.isEmpty() ? key : name, field.getValue());
            }
            return new SmallObject(namesAndValues);
        }
        var copy = LinkedHashMap.<String, Object>newLinkedHashMap(object.size());
        object.forEach(
                (key, value) -> copy.put((String) key, copyOfValue(name.isEmpty() ? (String) key : name, value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object copyOfValue(String name, Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Double number -> number;
            case Boolean truth -> truth;
            case List<?> items -> copyOfList(name, items);
            case SmallObject object -> object;
            case Map<?, ?> fields -> copyOfObject(name, fields);
            default ->
                throw new IllegalArgumentException("parameter '" + name + "' holds a "
                        + value.getClass().getName()
                        + ", but must be a String, Long, Double, Boolean, List or Map");
        };
    }

    // Whether a copy is the very same object is the question here, not whether it is equal.
    @SuppressWarnings("ReferenceEquality")
    private static List<?> copyOfList(String name, List<?> items) {
        var copies = new Object[items.size()];
        boolean same = true;
        int next = 0;
        for (Object item : items) {
            Object copy = copyOfValue(name, item);
            same &= copy == item;
            copies[next++] = copy;
        }
        // List.copyOf gives an unmodifiable list back as it is, so most lists are never copied twice.
        return same ? List.copyOf(items) : List.of(copies);
    }
}
