package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a task was recorded to have changed ({@link Task#EFFECTS}) as an example that its script must reproduce. */
final class RecordedEffects {
    private RecordedEffects() {}

    /** The files before and the changes after; empty if the record does not know both. */
    static Optional<Rehearsal.Example> of(Optional<Task> task) throws NotAutomatable {
        if (task.isEmpty() || !(task.get().parameters().get(Task.EFFECTS) instanceof Map<?, ?> effects))
            return Optional.empty();
        if (!(effects.get("before") instanceof List<?> before) || !(effects.get("after") instanceof List<?> after))
            return Optional.empty();
        var example = new Rehearsal.Example();
        for (Object each : before) {
            Map<?, ?> file = file(each);
            if (Boolean.TRUE.equals(file.get("directory"))) example.folder(path(file));
            else example.file(path(file), file.get("text") instanceof String text ? text : "");
        }
        for (Object each : after) {
            Map<?, ?> file = file(each);
            if ("deleted".equals(file.get("kind"))) example.deleted(path(file));
            else if (file.get("text") instanceof String text) example.written(path(file), text);
            else example.rewritten(path(file), "");
        }
        return Optional.of(example);
    }

    private static Map<?, ?> file(Object entry) throws NotAutomatable {
        if (entry instanceof Map<?, ?> file) return file;
        throw NotAutomatable.mine("its recorded effects are no list of files");
    }

    private static String path(Map<?, ?> file) throws NotAutomatable {
        if (file.get("path") instanceof String path && !path.isBlank() && Toml.canHold(path) && path.indexOf('\0') < 0)
            return path;
        throw NotAutomatable.mine("its recorded effects name no path");
    }
}
