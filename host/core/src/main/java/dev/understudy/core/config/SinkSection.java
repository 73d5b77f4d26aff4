package dev.understudy.core.config;

import dev.understudy.spi.Notification;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A section below {@code notifications:}. What its keys may be is known only to the plugin that has the sink, so they
 * keep their places for its messages.
 *
 * @param file the configuration's name
 * @param sink the section's key
 * @param line of that key
 * @param kinds what the sink is told of
 * @param values by key
 */
public record SinkSection(
        String file, String sink, int line, int column, Set<Notification.Kind> kinds, Map<String, Value> values) {

    private static final String EVENTS = "events";

    /** A value as plain JSON and the place of its key. */
    public record Value(Object plain, int line, int column) {}

    public SinkSection {
        kinds = Set.copyOf(kinds);
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static SinkSection read(String file, String sink, SectionReader parent, SectionReader section) {
        var known = new TreeMap<String, Notification.Kind>();
        for (Notification.Kind kind : Notification.Kind.values()) known.put(kind.id(), kind);
        var kinds = section.has(EVENTS)
                ? Set.copyOf(
                        section
                                .texts(EVENTS, "a list of " + String.join(", ", known.keySet()), known::containsKey)
                                .stream()
                                .map(known::get)
                                .toList())
                : Set.copyOf(known.values());
        var values = new LinkedHashMap<String, Value>();
        section.plainEntries().forEach((key, value) -> {
            if (!key.equals(EVENTS))
                values.put(
                        key,
                        new Value(
                                value,
                                section.mark(key).line(),
                                section.mark(key).column()));
        });
        section.finish();
        return new SinkSection(
                file, sink, parent.mark(sink).line(), parent.mark(sink).column(), kinds, values);
    }
}
