package dev.understudy.plugins.detectors;

import java.util.List;
import java.util.Map;

/** Writes a JSON value as a text: a string as itself, anything else as JSON. */
final class JsonText {
    private JsonText() {}

    static String of(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof Number || value instanceof Boolean) return value.toString();
        var text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder to) {
        switch (value) {
            case Map<?, ?> fields -> {
                String separator = "{";
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    to.append(separator);
                    quote((String) field.getKey(), to);
                    to.append(':');
                    write(field.getValue(), to);
                    separator = ",";
                }
                to.append(fields.isEmpty() ? "{}" : "}");
            }
            case List<?> items -> {
                to.append('[');
                for (int i = 0; i < items.size(); i++) {
                    if (i > 0) to.append(',');
                    write(items.get(i), to);
                }
                to.append(']');
            }
            case String text -> quote(text, to);
            default -> to.append(value);
        }
    }

    private static void quote(String text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') to.append('\\').append(c);
            else if (c < ' ') to.append(String.format("\\u%04x", (int) c));
            else to.append(c);
        }
        to.append('"');
    }
}
