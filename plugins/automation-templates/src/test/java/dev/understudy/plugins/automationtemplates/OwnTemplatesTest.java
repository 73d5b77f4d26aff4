package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Answer.NotMine;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTemplatesTest {
    private static final String MANIFEST = """
            name = "shout"
            description = "Writes a text in capitals."

            [[operations]]
            id = "shout"
            summary = "Writes {input} in capitals to {output}."
            title = "shout {input} to {output}"
            scripts = { python = "shout.py" }
            reads = ["input"]
            writes = ["output"]
            types = ["shout"]
            [operations.parameters.input]
            type = "path"
            names = ["file"]
            description = "The text to read."
            [operations.parameters.output]
            type = "path"
            names = ["into"]
            description = "The text to write."
            """;

    private static final String SCRIPT = """
            def execute(params):
                text = understudy.files.read(params["input"])
                understudy.files.write(params["output"], text.upper())
                return {"success": True}
            """;

    @TempDir
    Path directory;

    private Path folder = Path.of("");

    @BeforeEach
    void writeTheTemplate() throws IOException {
        folder = Files.createDirectories(directory.resolve("templates/shout"));
        Files.writeString(folder.resolve("template.toml"), MANIFEST);
        Files.writeString(folder.resolve("shout.py"), SCRIPT);
    }

    @Nested
    class OfAShellCommand {
        @BeforeEach
        void writeTheTemplate() throws IOException {
            Path mirror = Files.createDirectories(directory.resolve("templates/mirror"));
            Files.writeString(mirror.resolve("template.toml"), """
                    name = "mirror"
                    description = "Copies what lies in a folder into another."

                    [[operations]]
                    id = "mirror"
                    summary = "Copies what lies in {source} into {target}."
                    title = "mirror {source}"
                    scripts = { python = "mirror.py" }
                    reads = ["source"]
                    writes = ["target"]
                    types = ["rsync"]
                    operands = ["source", "target"]
                    flags = ["-a", "-v"]
                    [operations.parameters.source]
                    type = "folder"
                    description = "Whose files are copied."
                    [operations.parameters.target]
                    type = "folder"
                    description = "Where they are copied to."
                    [operations.parameters.suffix]
                    type = "string"
                    default = ""
                    options = ["--suffix"]
                    description = "What copies end with."
                    [operations.parameters.quiet]
                    type = "boolean"
                    default = false
                    options = ["-q", "--quiet"]
                    description = "Whether nothing is printed."
                    """);
            Files.writeString(mirror.resolve("mirror.py"), """
                    def execute(params):
                        copied = 0
                        for path in understudy.files.list(params["source"]):
                            name = str(path).split("/")[-1]
                            text = understudy.files.read(params["source"].rstrip("/") + "/" + name)
                            understudy.files.write(params["target"].rstrip("/") + "/" + name + params["suffix"], text)
                            copied += 1
                        return {"success": True, "copied": copied}
                    """);
        }

        private Answer propose(String... words) {
            var pattern = Patterns.shell("rsync", words)
                    .in(directory.resolve("work").toString())
                    .seen("name", "a")
                    .seen("name", "b");
            return new OwnTemplates(builtInAndOwn()).propose(pattern.build(), new Request(ScriptLanguage.PYTHON));
        }

        @Test
        void takesOptionsAndOperandsAsParametersAndIsRehearsedWithAFolder() throws Exception {
            Answer answer = propose("-av", "--suffix=.bak", "-q", "{name}/", "backup/{name}");

            assertThat(answer).isInstanceOfSatisfying(Draft.class, draft -> {
                var metadata = DraftRun.metadata(draft);
                assertThat(metadata.getString("parameters.suffix.default")).isEqualTo(".bak");
                assertThat(metadata.getBoolean("parameters.quiet.default")).isTrue();
                assertThat(draft.fileText()).contains("/work/{name}", "example.txt");
            });
            Files.createDirectories(directory.resolve("work"));
            new DraftRun((Draft) answer, Files.createDirectories(directory.resolve("home"))).passesItsTests();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "-a --delete {name} b | it has the option --delete, of which this template does not know",
                    "-ax {name} b | it has the option -ax, of which this template does not know",
                    "-a {name} | it has 1 words besides its options, and this template is for 2 (source, target)",
                    "-a {name} host:b | its target is on another machine",
                    "-a {name} b > log | it redirects its input or output",
                    "-a {name} b && echo | it is a sequence of commands",
                })
        void isLeftAloneWhereTheManifestDoesNotSayWhatAWordMeans(String words, String reason) {
            assertThat(propose(words.split(" ")))
                    .isInstanceOfSatisfying(
                            NotMine.class, answer -> assertThat(answer.reason()).startsWith(reason));
        }

        @Test
        void isNamedWhereAnOperationSaysNothingOfWords() {
            assertThat(new OwnTemplates(builtInAndOwn())
                            .propose(
                                    Patterns.shell("shout", "{name}")
                                            .seen("name", "a")
                                            .build(),
                                    new Request(ScriptLanguage.PYTHON)))
                    .isInstanceOfSatisfying(
                            NotMine.class, answer -> assertThat(answer.reason()).contains("typed into a shell"));
        }
    }

    @Test
    void becomeAutomationsWithoutAnyJava() throws IOException, InterruptedException {
        Path files = Files.createDirectories(directory.resolve("files"));
        var pattern = Patterns.task("shout")
                .with("file", "ROOT/{name}.txt")
                .with("into", "ROOT/{name}.loud")
                .seen("name", "a")
                .seen("name", "b")
                .below(files.toString());

        var answer = new OwnTemplates(builtInAndOwn()).propose(pattern.build(), new Request(ScriptLanguage.JAVASCRIPT));

        assertThat(answer).isInstanceOfSatisfying(Draft.class, draft -> {
            assertThat(draft.language()).isEqualTo(ScriptLanguage.PYTHON);
            assertThat(DraftRun.metadata(draft).getString("template")).isEqualTo("shout");
        });
        new DraftRun((Draft) answer, Files.createDirectories(directory.resolve("home"))).passesItsTests();
        assertThat(files.resolve("a.loud")).hasContent("REHEARSAL STAND-IN FOR A.TXT\n");
    }

    @Test
    void doNotStopTheBuiltInOnesWhenBroken() throws IOException {
        Files.writeString(folder.resolve("template.toml"), "name = ");

        assertThat(new OwnTemplates(builtInAndOwn()).description()).contains("there are none");
        assertThat(new FileOperationTemplate(builtInAndOwn())
                        .propose(Patterns.shell("cp", "/a", "/b").build(), new Request(ScriptLanguage.PYTHON)))
                .isInstanceOf(Draft.class);
    }

    @Test
    void areReportedByFileLineAndKeyWhenBroken() throws IOException {
        var mistakes = new ArrayList<List<String>>();
        mistakes.add(List.of("reads = [\"input\"]", "reads = [\"inptu\"]", ":9: 'operations[0].reads' names 'inptu'"));
        mistakes.add(List.of(
                "type = \"path\"\nnames = [\"file\"]",
                "type = \"pth\"",
                ":13: 'operations[0].parameters.input.type' is 'pth'"));
        mistakes.add(List.of("types =", "tpyes =", ":11: 'operations[0].tpyes' is unknown"));
        mistakes.add(List.of("shout.py", "loud.py", "'operations[0].scripts.python' names 'loud.py'"));
        mistakes.add(List.of("shout.py", "../../x.py", "outside the template's folder"));
        for (List<String> mistake : mistakes) {
            Files.writeString(folder.resolve("template.toml"), MANIFEST.replace(mistake.get(0), mistake.get(1)));

            assertThatThrownBy(() -> ManifestReader.read(folder))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageStartingWith(folder.resolve("template.toml").toString())
                    .hasMessageContaining(mistake.get(2));
        }
    }

    @Test
    void mayNotReadAParameterThatTheyDoNotDeclare() throws IOException {
        Files.writeString(folder.resolve("shout.py"), SCRIPT.replace("\"input\"", "\"inptu\""));

        assertThatThrownBy(() -> ManifestReader.read(folder))
                .hasMessage(folder.resolve("shout.py")
                        + ":2: 'params.inptu' is used, but the operation declares no such parameter");
    }

    private PluginContext builtInAndOwn() {
        return new PluginContext(List.of(
                GeneratedScriptsTest.CONTEXT.templateDirectories().getFirst(),
                Objects.requireNonNull(folder.getParent())));
    }
}
