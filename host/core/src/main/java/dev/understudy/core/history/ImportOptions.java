package dev.understudy.core.history;

import java.util.Map;
import java.util.Optional;

/**
 * What a person says about files to import.
 *
 * @param format the name of the task source that is to read them; empty for the one that is surest
 * @param values by option of that source ({@link dev.understudy.spi.TaskSource#options}), what was said
 */
public record ImportOptions(Optional<String> format, Map<String, String> values) {
    /** Nothing is said. */
    public static final ImportOptions NONE = new ImportOptions(Optional.empty(), Map.of());

    public ImportOptions {
        values = Map.copyOf(values);
    }
}
