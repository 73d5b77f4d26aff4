package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.ShellCommand.Observed;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Map;

/** Refuses what should stay in a person's own hands. */
final class Safety {
    private Safety() {}

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
