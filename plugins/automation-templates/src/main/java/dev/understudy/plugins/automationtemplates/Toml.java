package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes TOML values, each on one line, with every character escaped that could end a line or hide in one. */
final class Toml {
    private Toml() {}

    static String value(Object value) {
        return switch (value) {
            case String text -> string(text);
            case Long number -> number.toString();
            case Integer number -> number.toString();
            case Double number -> number.toString();
            case Boolean truth -> truth.toString();
            case List<?> items -> list(items);
            case Map<?, ?> fields -> table(fields);
            default ->
                throw new IllegalArgumentException(
                        "no TOML for " + value.getClass().getName());
        };
    }

    static String string(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isPlain(c)) quoted.appendCodePoint(c);
                    else quoted.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c));
                }
            }
        });
        return quoted.append('"').toString();
    }

    // U+2028 and U+2029 end a line, and so a comment, in JavaScript; format characters turn the reading direction.
    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String list(List<?> items) {
        var texts = new ArrayList<String>();
        for (Object item : items) texts.add(value(item));
        return "[" + String.join(", ", texts) + "]";
    }

    private static String table(Map<?, ?> fields) {
        if (fields.isEmpty()) return "{}";
        var texts = new ArrayList<String>();
        fields.forEach((key, field) -> texts.add(key(String.valueOf(key)) + " = " + value(field)));
        return "{ " + String.join(", ", texts) + " }";
    }

    private static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : string(name);
    }

    /** Whether the text can be written at all: TOML has no half of a surrogate pair. */
    static boolean canHold(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
