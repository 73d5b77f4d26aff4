package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.ShellCommand.Observed;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses what should stay in a person's own hands. */
final class Safety {
    /** Parameters whose files an operation takes as they are, and may move or change. */
    private static final Set<String> TAKEN = Set.of("source", "sources", "paths");

    private Safety() {}

    /**
     * Checks that an operation is tied to the files that it was learnt from: by the folder in which its command ran, or by
     * what a person names. A pattern, or a name that never varies, would be found in whatever folder it is run.
     */
    static void requireFolder(Operation operation, Map<String, Value> values, TaskPattern pattern)
            throws NotAutomatable {
        if (!ShellCommand.is(pattern) || pattern.parameters().containsKey(Task.WORKING_DIRECTORY)) return;
        var observed = Observed.of(pattern);
        var paths = new LinkedHashSet<>(operation.writes());
        paths.addAll(operation.writesBeside());
        paths.addAll(operation.reads());
        boolean named = false;
        boolean relative = false;
        for (String name : paths) {
            Value value = values.get(name);
            if (value == null) continue;
            named |= !value.variables().isEmpty();
            for (Word word : words(value)) {
                for (String text : observed.texts(word)) {
                    if (Paths.isAbsolute(text)) continue;
                    relative = true;
                    boolean taken = TAKEN.contains(name) && word instanceof Word.One(Shape shape) && shape.isConstant();
                    if (taken || Globs.hasWildcard(text)) throw elsewhere();
                }
            }
        }
        if (relative && !named) throw elsewhere();
    }

    private static List<Word> words(Value value) {
        return switch (value) {
            case Value.Text(Shape shape) -> List.of(new Word.One(shape));
            case Value.Words(List<Word> words) -> words;
        };
    }

    private static NotAutomatable elsewhere() {
        return NotAutomatable.mine(
                "it takes files by a relative path, and the folder in which it ran is not recorded: run elsewhere, it"
                        + " would take other files (a 'cd' to a whole path in the history tells the folder)");
    }

    /** Checks an operation on files before an automation is written for it. */
    static void require(String operation, Map<String, Value> values, TaskPattern pattern) throws NotAutomatable {
        if (!operation.equals("delete") || !(values.get("paths") instanceof Value.Words(List<Word> words))) return;
        var observed = Observed.of(pattern);
        for (Word word : words) {
            for (String text : observed.texts(word)) {
                String path = text;
                if (word instanceof Word.Run(String _, Shape folder) && folder.isConstant())
                    path = Paths.resolve(folder.fill(Map.of()), text);
                if (!Paths.isAbsolute(path))
                    throw NotAutomatable.mine(
                            "it deletes by a relative path, and the folder in which it ran is not recorded");
                if (Paths.trimSlashes(path).matches("/|~|.*/\\.\\.?|~?/\\*+|.*/\\.\\./.*"))
                    throw NotAutomatable.mine("it deletes whole folders that are too much to leave to an automation");
            }
        }
    }
}
