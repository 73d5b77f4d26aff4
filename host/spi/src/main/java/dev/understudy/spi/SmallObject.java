package dev.understudy.spi;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An unmodifiable JSON object of few fields, in their order, whose values are unmodifiable too.
 *
 * <p>A history keeps ten thousand tasks and more: one array takes a quarter of the heap that a LinkedHashMap takes, and
 * a search through at most {@value #MAX_SIZE} names is as fast as hashing.
 */
final class SmallObject extends AbstractMap<String, Object> {

    static final int MAX_SIZE = 12;

    private final Object[] namesAndValues;

    /** Takes names (no two alike) at the even places and values at the odd ones; owns the array from now on. */
    SmallObject(Object[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    private int indexOf(@Nullable Object name) {
        for (int i = 0; i < namesAndValues.length; i += 2) if (namesAndValues[i].equals(name)) return i;
        return -1;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        int index = indexOf(name);
        return index < 0 ? null : namesAndValues[index + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return indexOf(name) >= 0;
    }

    @Override
    public int size() {
        return namesAndValues.length / 2;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        for (int i = 0; i < namesAndValues.length; i += 2)
            action.accept((String) namesAndValues[i], namesAndValues[i + 1]);
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return SmallObject.this.size();
            }

            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < namesAndValues.length;
                    }

                    @Override
                    public Map.Entry<String, Object> next() {
                        if (!hasNext()) throw new NoSuchElementException();
                        next += 2;
                        return Map.entry((String) namesAndValues[next - 2], namesAndValues[next - 1]);
                    }
                };
            }
        };
    }
}
