package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import java.util.List;

/** Texts of tasks as values of a parameter's type. */
final class Typed {
    private Typed() {}

    /**
     * The value of the type.
     *
     * @throws NotAutomatable if a text is none
     */
    static Object value(String name, Kind kind, List<String> texts) throws NotAutomatable {
        if (kind.isList()) return texts;
        String text = texts.getFirst();
        try {
            switch (kind) {
                case INTEGER -> {
                    Long number = Long.valueOf(text);
                    if (number.toString().equals(text)) return number;
                }
                case NUMBER -> {
                    if (text.matches("-?(0|[1-9][0-9]{0,17})")) return Long.valueOf(text);
                    Double number = Double.valueOf(text);
                    if (text.matches("-?[0-9]+(\\.[0-9]+)?") && Double.isFinite(number)) return number;
                }
                case BOOLEAN -> {
                    if (text.equals("true") || text.equals("false")) return Boolean.valueOf(text);
                }
                case PATH, FOLDER, STRING -> {
                    return text;
                }
                case PATHS, STRINGS -> throw new IllegalStateException("a list is no single value");
            }
        } catch (NumberFormatException e) {
            throw NotAutomatable.mine("its " + name + " should be a number, but is not");
        }
        throw NotAutomatable.mine("its " + name + " should be of type " + kind.type() + ", but is not");
    }

    /** The value of texts that were found to be of the type before. */
    static Object checked(String name, Kind kind, List<String> texts) {
        try {
            return value(name, kind, texts);
        } catch (NotAutomatable e) {
            throw new IllegalStateException("a value changed its type: " + name, e);
        }
    }
}
