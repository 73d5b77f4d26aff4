package dev.understudy.core.config;

import dev.understudy.core.config.MarkedNode.Entry;
import dev.understudy.core.config.MarkedNode.Mapping;
import dev.understudy.core.config.MarkedNode.Mark;
import dev.understudy.core.config.MarkedNode.Scalar;
import dev.understudy.core.config.MarkedNode.Sequence;
import dev.understudy.core.problem.Mistake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads TOML text with the places of its values. */
public final class TomlDocument {
    private final Mark origin;

    private TomlDocument(Mark origin) {
        this.origin = origin;
    }

    /**
     * Reads a document; what is wrong with the text itself is noted, and nothing is returned.
     *
     * @param origin where in the file the text starts; every line of it starts in that column
     */
    public static Optional<Mapping> read(String file, String text, Mark origin, List<Mistake> mistakes) {
        var document = new TomlDocument(origin);
        var result = Toml.parse(text);
        for (TomlParseError error : result.errors()) {
            Mark mark = document.mark(error.position());
            String problem = String.valueOf(error.getMessage());
            mistakes.add(new Mistake(file, mark.line(), mark.column(), "", "this is no TOML: " + problem, "mend it"));
        }
        return result.hasErrors() ? Optional.empty() : Optional.of(document.convert(origin, result));
    }

    private Mapping convert(Mark mark, TomlTable table) {
        var entries = new LinkedHashMap<String, Entry>();
        for (String key : table.keySet()) {
            Mark keyMark = mark(table.inputPositionOf(List.of(key)));
            Object value = table.get(List.of(key));
            if (value != null) entries.put(key, new Entry(keyMark, convertValue(keyMark, value)));
        }
        return new Mapping(mark, entries);
    }

    private MarkedNode convertValue(Mark mark, Object value) {
        return switch (value) {
            case TomlTable table -> convert(mark, table);
            case TomlArray array -> {
                var items = new ArrayList<MarkedNode>();
                for (int i = 0; i < array.size(); i++)
                    items.add(convertValue(mark(array.inputPositionOf(i)), array.get(i)));
                yield new Sequence(mark, items);
            }
            case String text -> new Scalar(mark, text);
            case Long number -> new Scalar(mark, number);
            case Double number -> new Scalar(mark, number);
            case Boolean truth -> new Scalar(mark, truth);
            // Dates and times: nothing that we read has one, so they stay what was written.
            default -> new Scalar(mark, value.toString());
        };
    }

    private Mark mark(@Nullable TomlPosition position) {
        if (position == null) return origin;
        return new Mark(origin.line() + position.line() - 1, origin.column() + position.column() - 1);
    }
}
