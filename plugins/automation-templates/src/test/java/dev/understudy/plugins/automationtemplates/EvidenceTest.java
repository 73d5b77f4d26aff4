package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Some of the tasks that a person did are held out while a script is written for them, and test it. */
class EvidenceTest {
    private final FileOperationTemplate template = new FileOperationTemplate(GeneratedScriptsTest.CONTEXT);

    private Draft draft(Patterns pattern) {
        return (Draft) template.propose(pattern.build(), new Request(ScriptLanguage.PYTHON));
    }

    private static Patterns copies(String... names) {
        Patterns pattern = Patterns.shell("cp", "~/{name}.txt", "/bak/{name}.txt");
        for (String name : names) pattern.seen("name", name);
        return pattern;
    }

    private static List<String> heldOut(Draft draft) {
        var names = new ArrayList<String>();
        TomlArray tests = DraftRun.metadata(draft).getArrayOrEmpty("tests");
        for (int i = 0; i < tests.size(); i++) {
            TomlTable test = tests.getTable(i);
            if (test.getBoolean("held_out", () -> false)) names.add(test.getString("params.name"));
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "4, 1", "5, 2", "8, 2", "9, 3", "20, 3"})
    void holdsOutMoreOfMoreTasks(int tasks, int held) {
        var names = new String[tasks];
        for (int i = 0; i < tasks; i++) names[i] = "note" + i;

        assertThat(heldOut(draft(copies(names)))).hasSize(held).doesNotContain("note0");
    }

    @Test
    void saysSoInTheFirstComment() {
        assertThat(draft(copies("a", "b", "c", "d", "e")).fileText())
                .contains("2 others were held out while it was written: they must come out the same.");
    }

    @Test
    void learnsFromATaskThatDoesNotFitInsteadOfFailingByIt() {
        Draft draft = draft(copies("a", "sub/b", "c"));

        assertThat(heldOut(draft)).isEmpty();
        assertThat(DraftRun.metadata(draft).getString("parameters.source_path.default"))
                .isNull();
        assertThat(DraftRun.metadata(draft).getString("parameters.source.default"))
                .isEqualTo("~/a.txt");
    }

    @Test
    void expectsTheRecordedEffectsWhereTheRecordKnowsThem(@TempDir Path root) throws IOException, InterruptedException {
        Path files = Files.createDirectories(root.resolve("files"));
        Patterns pattern = Patterns.shell("cp", files + "/{name}.txt", files + "/bak");
        for (String name : List.of("a", "b"))
            pattern.seen("name", name)
                    .changing(Map.of(
                            "before",
                            List.of(
                                    Map.of("path", files + "/" + name + ".txt", "text", "text of " + name + "\n"),
                                    Map.of("path", files + "/bak", "directory", true)),
                            "after",
                            List.of(Map.of(
                                    "path", files + "/bak/" + name + ".txt",
                                    "kind", "created",
                                    "text", "text of " + name + "\n"))));

        Draft draft = draft(pattern);
        TomlTable held = Objects.requireNonNull(DraftRun.metadata(draft).getArray("tests"))
                .getTable(1);

        assertThat(held.getBoolean("held_out")).isTrue();
        assertThat(held.getArrayOrEmpty("expect.changes").getTable(0).getString("text"))
                .isEqualTo("text of b\n");
        new DraftRun(draft, Files.createDirectories(root.resolve("home"))).passesItsTests();
    }
}
