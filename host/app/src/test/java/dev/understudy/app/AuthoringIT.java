package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person who writes scripts and templates is helped with: new, check, templates, types. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class AuthoringIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One data home for all: what is prepared on the first run is prepared once. */
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startInAnEmptyFolder() {
        understudy = new Launcher(shared.resolve("understudy"), folder).inThisProcess();
    }

    @Nested
    class NewAutomation {
        @ParameterizedTest
        @CsvSource({"python, py", "js, js", "bash, sh"})
        void runsAsItIs(String language, String ending) throws IOException {
            var written = understudy.run("new", "automation", "my-own", "--language", language);
            assertThat(written.exitCode()).as(written.err()).isZero();
            assertThat(written.out()).contains("my-own." + ending);

            assertThat(understudy.run("check", "my-own." + ending).exitCode()).isZero();
            JsonNode tested = JSON.readTree(
                    understudy.run("test", "my-own." + ending, "--json").out());
            assertThat(tested.path("passed").asInt()).isEqualTo(1);
            var run = understudy.run("run", "my-own." + ending, "-p", "name=Ada");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out() + run.err()).contains("Hello, Ada!");
        }

        @Test
        void ofAppleScriptIsCheckedAsFarAsThisMachineCan() {
            understudy.run("new", "automation", "my-own", "--language", "applescript");

            var checked = understudy.run("check", "my-own.applescript");
            assertThat(checked.exitCode()).as(checked.err()).isZero();
            assertThat(checked.out()).contains("can only be checked on macOS");
        }

        @Test
        void tellsWhereTheTypesAre() {
            assertThat(understudy.run("new", "automation", "my-own").out()).contains("understudy.pyi");
            assertThat(understudy
                            .run("new", "automation", "my-own", "--language", "js")
                            .out())
                    .contains("understudy.d.ts");
        }

        @Test
        void overwritesNothing() throws IOException {
            Files.writeString(folder.resolve("my-own.py"), "mine");

            var result = understudy.run("new", "automation", "my-own");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines()).hasSize(1);
            assertThat(folder.resolve("my-own.py")).hasContent("mine");
        }

        @Test
        void refusesANameThatIsNone() {
            var result = understudy.run("new", "automation", "My Own!");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("Try 'my-own'");
        }
    }

    @Nested
    class Check {
        @Test
        void namesAllMistakesAtOnceWithTheirPlaces() {
            understudy.file("bad.py", """
                    # /// automation
                    # id = "Bad Id"
                    # description = "d"
                    # language = "python"
                    # grants = { reads = ["{nobody}"], hosts = ["example.org"] }
                    # parameters.days = { type = "integer", default = "many" }
                    # ///
                    def execute(params):
                        return {"a": 1
                    """);

            var result = understudy.run("check", "bad.py");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines().stream().filter(line -> line.startsWith("bad.py:")))
                    .hasSize(5);
            assertThat(result.err())
                    .contains(
                            "bad.py:2:3: 'id'",
                            "bad.py:5:14: 'grants.reads' names the parameter {nobody}",
                            "'grants.hosts' names hosts",
                            "bad.py:6:",
                            "bad.py:9:12: syntax error: '{' was never closed");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "js | function execute(p) { return { a 1 }; } | 6:34:",
                    "js | export function execute(p) { return 1 +; } | 6:40:",
                    "python | def execute(params) return 1 | 6:21:",
                    "bash | if true; then echo a; done | 6:1:",
                })
        void findsTheFirstSyntaxErrorOfAScriptWithoutRunningIt(String language, String line, String place) {
            String mark = language.equals("js") ? "//" : "#";
            String file = "bad." + (language.equals("js") ? "js" : language.equals("bash") ? "sh" : "py");
            understudy.file(
                    file,
                    "M /// automation\nM id = \"bad\"\nM description = \"d\"\nM language = \"%s\"\nM ///\n%s\n"
                            .formatted(language, line)
                            .replaceAll("(?m)^M ", mark + " "));

            var result = understudy.run("check", file);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).startsWith(file + ":" + place).contains("syntax error");
        }

        @Test
        void saysThatAScriptHasNoFunctionToCall() {
            understudy.file("bare.js", """
                    // /// automation
                    // id = "bare"
                    // description = "d"
                    // language = "js"
                    // ///
                    const x = 1;
                    """);

            var result = understudy.run("check", "bare.js");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("bare.js:1:1: the script has no function named execute");
        }

        @Test
        void givesMistakesAsJson() throws IOException {
            understudy.file("none.sh", "echo a\n");

            var result = understudy.run("check", "none.sh", "--json");
            assertThat(result.exitCode()).isEqualTo(2);
            JsonNode mistake = JSON.readTree(result.out()).at("/files/0/mistakes/0");
            assertThat(mistake.path("line").asInt()).isEqualTo(1);
            assertThat(mistake.path("found").asText()).contains("no metadata");
        }
    }

    @Nested
    class Templates {
        @Test
        void areTriedOnAHistoryWithoutKeepingAnything() {
            Path own = understudy.home().resolve("templates/mirror");
            understudy.file(own + "/template.toml", """
                    name = "mirror"
                    description = "Copies a folder."
                    [[operations]]
                    id = "mirror"
                    summary = "Copies {source} to {target}."
                    title = "mirror {source}"
                    scripts = { python = "mirror.py" }
                    reads = ["source"]
                    writes = ["target"]
                    types = ["rsync"]
                    operands = ["source", "target"]
                    flags = ["-a"]
                    [operations.parameters.source]
                    type = "folder"
                    description = "From where."
                    [operations.parameters.target]
                    type = "folder"
                    description = "To where."
                    """);
            understudy.file(own + "/mirror.py", "def execute(params):\n    return {'success': True}\n");
            understudy.file("typed", """
                    #1763370000
                    rsync -a /srv/a /bak/a
                    #1763370060
                    rsync -a /srv/b /bak/b
                    #1763370120
                    rsync -a /srv/c /bak/c
                    """);

            var tried = understudy.run("templates", "try", "mirror", "--history", "typed");
            assertThat(tried.exitCode()).as(tried.err()).isZero();
            assertThat(tried.out()).contains("(3 times)", "template = \"mirror\"", "/srv/", "/bak/");
            assertThat(understudy.run("tasks", "--json").out()).doesNotContain("/srv/a");

            understudy.file("broken.jsonl", "not json\n");
            var nothing = understudy.run("templates", "try", "mirror", "--history", "broken.jsonl");
            assertThat(nothing.out()).contains("matches nothing", "templates show mirror");
            assertThat(nothing.errorLines()).singleElement().asString().contains("broken.jsonl, line 1");
        }

        private Path written(String name) {
            assertThat(understudy.run("new", "template", name).exitCode()).isZero();
            return shared.resolve("understudy/templates").resolve(name);
        }

        @Test
        void ofOnesOwnWorkAsTheyAreWritten() throws IOException {
            written("order_lines");

            var checked = understudy.run("templates", "check", "order_lines");
            assertThat(checked.exitCode()).as(checked.err()).isZero();
            JsonNode shown = JSON.readTree(
                    understudy.run("templates", "show", "order_lines", "--json").out());
            assertThat(shown.path("own").asBoolean()).isTrue();
            assertThat(shown.at("/operations/0/taskTypes/0").asText()).isEqualTo("order_lines");
            assertThat(understudy.run("templates").out()).contains("file_operation", "api_call", "order_lines");
        }

        @Test
        void thatAreBrokenAreLeftOutWithFileLineAndKey() throws IOException {
            Path manifest = written("broken").resolve("template.toml");
            Files.writeString(manifest, Files.readString(manifest).replace("type = \"boolean\"", "type = \"bool\""));
            try {
                assertThat(understudy.run("templates", "list", "--json").out()).contains("'bool'");
                var checked = understudy.run("templates", "check", "broken");
                assertThat(checked.exitCode()).isEqualTo(2);
                assertThat(checked.err())
                        .containsPattern("broken/template.toml:\\d+:1: 'operations\\[0].parameters.descending.type'");
            } finally {
                Files.delete(manifest);
            }
        }

        @Test
        void thatWriteOutsideTheirGrantsAreRefused() throws IOException {
            Path script = written("outside").resolve("outside.py");
            Files.writeString(
                    script,
                    Files.readString(script)
                            .replace("    return", "    open(\"/etc/evil\", \"w\").close()\n    return"));
            try {
                var checked = understudy.run("templates", "check", "outside");
                assertThat(checked.exitCode()).isEqualTo(2);
                assertThat(checked.err()).contains("not granted", "/etc/evil");
                assertThat(Path.of("/etc/evil")).doesNotExist();
            } finally {
                Files.delete(script.resolveSibling("template.toml"));
            }
        }
    }

    /** The descriptions for editors say what the object really offers, no more and no less. */
    @Nested
    class Types {
        private static final Path TYPES = Launcher.ROOT.resolve("scripts/types");

        private JsonNode offered(String file, String text) throws IOException {
            understudy.file(file, text);
            return JSON.readTree(understudy.run("run", file, "--json").out()).path("result");
        }

        private static List<String> names(JsonNode array) {
            var names = new TreeSet<String>();
            array.forEach(name -> names.add(name.asText()));
            return List.copyOf(names);
        }

        private static List<String> found(String text, String pattern) {
            var names = new TreeSet<String>();
            Pattern.compile(pattern).matcher(text).results().forEach(match -> names.add(match.group(1)));
            return List.copyOf(names);
        }

        private static String between(String text, String start, String end) {
            int from = text.indexOf(start) + start.length();
            return text.substring(from, text.indexOf(end, from));
        }

        @Test
        void ofJavaScript() throws IOException {
            JsonNode real = offered("types.js", """
                    // /// automation
                    // id = "types"
                    // description = "Lists what the object offers."
                    // language = "js"
                    // ///
                    function execute() {
                      return { all: Object.keys(understudy), files: Object.keys(understudy.files), log: Object.keys(understudy.log) };
                    }
                    """);
            String types = Files.readString(TYPES.resolve("understudy.d.ts"));

            assertThat(found(between(types, "understudy: Readonly<{", "\n}>;"), "(?m)^  (\\w+)[:(]"))
                    .isEqualTo(names(real.path("all")));
            assertThat(found(between(types, "  files: Readonly<{", "\n  }>;"), "(?m)^    (\\w+)\\("))
                    .isEqualTo(names(real.path("files")));
            assertThat(found(between(types, "  log: Readonly<{", "\n  }>;"), "(?m)^    (\\w+)\\("))
                    .isEqualTo(names(real.path("log")));
        }

        @Test
        void ofPython() throws IOException {
            JsonNode real = offered("types.py", """
                    # /// automation
                    # id = "types"
                    # description = "Lists what the object offers."
                    # language = "python"
                    # ///
                    def public(thing):
                        return [name for name in dir(thing) if not name.startswith("_")]


                    def execute(params):
                        return {"all": public(understudy), "files": public(understudy.files), "log": public(understudy.log)}
                    """);
            String types = Files.readString(TYPES.resolve("understudy.pyi"));
            var all = new ArrayList<>(found(types, "(?m)^def (\\w+)\\("));
            all.addAll(found(types, "(?m)^([a-z]\\w*): "));
            all.add("NotAllowed");

            assertThat(new TreeSet<>(all)).containsExactlyElementsOf(names(real.path("all")));
            assertThat(found(between(types, "class Files:", "\nlog: "), "(?m)^    def (\\w+)\\("))
                    .isEqualTo(names(real.path("files")));
            assertThat(found(between(types, "class Log:", "\nclass Files"), "(?m)^    def (\\w+)\\("))
                    .isEqualTo(names(real.path("log")));
        }
    }
}
