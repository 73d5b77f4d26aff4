package dev.understudy.core.config;

import java.util.List;
import java.util.Map;

/** A value from a file that a person wrote, with its place: what YAML and TOML have in common. */
public sealed interface MarkedNode {
    Mark mark();

    /** Keys and values in the order of the file. */
    record Mapping(Mark mark, Map<String, Entry> entries) implements MarkedNode {}

    /** Items in order. */
    record Sequence(Mark mark, List<MarkedNode> items) implements MarkedNode {}

    /** A String, Long, Double or Boolean. */
    record Scalar(Mark mark, Object value) implements MarkedNode {}

    /** Nothing, written out. */
    record Empty(Mark mark) implements MarkedNode {}

    /** A key's place and its value. */
    record Entry(Mark keyMark, MarkedNode value) {}

    /** A place in a file; both counted from 1. */
    record Mark(int line, int column) {}

    /** As plain JSON values: String, Long, Double, Boolean, List, Map. An empty value is left out. */
    default Object plain() {
        return switch (this) {
            case Scalar scalar -> scalar.value();
            case Sequence sequence ->
                sequence.items().stream()
                        .filter(item -> !(item instanceof Empty))
                        .map(MarkedNode::plain)
                        .toList();
            case Mapping mapping -> {
                var copy = new java.util.LinkedHashMap<String, Object>();
                mapping.entries().forEach((key, entry) -> {
                    if (!(entry.value() instanceof Empty))
                        copy.put(key, entry.value().plain());
                });
                yield copy;
            }
            case Empty _ -> "";
        };
    }

    /** What it is, for messages: {@code the text 'x'}, {@code a list}. */
    default String describe() {
        return switch (this) {
            case Scalar scalar ->
                scalar.value() instanceof String text
                        ? "'" + shorten(text) + "'"
                        : scalar.value().toString();
            case Sequence _ -> "a list";
            case Mapping _ -> "a section";
            case Empty _ -> "empty";
        };
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
