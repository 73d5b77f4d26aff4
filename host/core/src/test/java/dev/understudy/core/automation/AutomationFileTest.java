package dev.understudy.core.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.automation.RehearsalCase.ExpectedChange;
import dev.understudy.core.automation.RehearsalCase.StagedFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Trigger;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import dev.understudy.spi.ScriptLanguage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutomationFileTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);
    private static final Surroundings HERE = new Surroundings(Path.of("/home/me"), Path.of("/work"));

    @Nested
    class AWholeFile {
        private final AutomationFile file = parse("""
                #!/usr/bin/env python3
                # /// automation
                # id = "tidy-downloads"
                # description = "Moves old files."
                # language = "python"                       # or "js", "bash", "applescript"
                # isolation = "partial"
                # runtime = "native"
                # limits = { wall = "5s", memory = "512MiB" }
                # grants = { reads = ["~/Downloads"], writes = ["{target}", "~/{name}.txt"], hosts = [], programs = ["git"] }
                # parameters.days = { type = "integer", default = 30, description = "Move what is older." }
                # parameters.target = { type = "path" }
                # parameters.name = { type = "string", default = "log" }
                # triggers = [{ cron = "0 9 * * MON" }]
                # reuse = false
                # template = "file_operation"
                #
                # [[tests]]
                # params = { days = 1, target = "/bak" }
                # files = [ { path = "~/a.txt", text = "x" }, { path = "/bak", directory = true } ]
                # expect = { success = true, changes = [ { path = "/bak/a.txt", kind = "created", text = "x" } ], result = { moved = 1 } }
                # ///
                def execute(params):
                    return {"success": True}
                """);

        @Test
        void isRead() {
            assertThat(file)
                    .returns("tidy-downloads", AutomationFile::id)
                    .returns("Moves old files.", AutomationFile::description)
                    .returns(ScriptLanguage.PYTHON, AutomationFile::language)
                    .returns(RunRequest.ScriptRuntime.NATIVE, AutomationFile::runtime)
                    .returns(IsolationLevel.PARTIAL, AutomationFile::isolation)
                    .returns(
                            Limits.DEFAULT.withWallTime(Duration.ofSeconds(5)).withMemoryBytes(512L << 20),
                            AutomationFile::limits)
                    .returns(
                            List.of("cron 0 9 * * MON"),
                            file -> file.triggers().all().stream()
                                    .map(Trigger::key)
                                    .toList())
                    .returns(false, AutomationFile::reuse)
                    .returns("file_operation", AutomationFile::template);
            assertThat(file.parameters().values())
                    .containsExactly(
                            new ScriptParameter("days", ParameterType.INTEGER, 30L, "Move what is older."),
                            new ScriptParameter("target", ParameterType.PATH, null, ""),
                            new ScriptParameter("name", ParameterType.STRING, "log", ""));
            assertThat(file.cases())
                    .containsExactly(new RehearsalCase(
                            "case 1",
                            Map.of("days", 1L, "target", "/bak"),
                            List.of(new StagedFile("~/a.txt", "x", false), new StagedFile("/bak", "", true)),
                            new Ending.Success(),
                            List.of(new ResultCheck.Includes("{\"moved\":1}")),
                            Optional.of(List.of(new ExpectedChange("/bak/a.txt", Kind.CREATED, Optional.of("x"))))));
        }

        /** What it leads to is granted, and the folder from which the person typed need not be. */
        @Test
        void aPathWithStepsBackIsPassedAsWhatItLeadsTo() {
            var request = file.request(
                    file.valuesOf(Map.of("target", "../srv/bak"), TODAY),
                    RunRequest.Mode.COMMIT,
                    RunRequest.Reuse.SHARED,
                    "domain",
                    HERE,
                    AutomationFile.Staged.NOTHING);
            assertThat(request.parametersJson()).contains("\"target\":\"/srv/bak\"");
            assertThat(request.grants().writes()).contains(Path.of("/srv/bak"));
        }

        @Test
        void becomesARequest() {
            var values = file.valuesOf(Map.of("target", "~/bak", "days", "7"), TODAY);
            var request = file.request(
                    values,
                    RunRequest.Mode.COMMIT,
                    RunRequest.Reuse.SHARED,
                    "domain",
                    HERE,
                    AutomationFile.Staged.NOTHING);
            assertThat(request.parametersJson()).isEqualTo("{\"days\":7,\"target\":\"/home/me/bak\",\"name\":\"log\"}");
            assertThat(request.grants())
                    .isEqualTo(new Grants(
                            List.of(Path.of("/home/me/Downloads")),
                            List.of(Path.of("/home/me/bak"), Path.of("/home/me/log.txt")),
                            List.of(),
                            List.of("git")));
            assertThat(request.reuse()).isEqualTo(RunRequest.Reuse.FRESH);
            assertThat(request.workingDirectory()).isEqualTo(Path.of("/work"));
        }
    }

    @ParameterizedTest
    @CsvSource({"js,//", "bash,#", "applescript,--", "python,#"})
    void isReadInTheCommentsOfEveryLanguage(String language, String mark) {
        var file = parse("# /// automation\n# id = 'x'\n# description = 'y'\n# language = '%s'\n# ///\n"
                .formatted(language)
                .replace("#", mark));
        assertThat(file.language().id()).isEqualTo(language);
        assertThat(file.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(file.isolation()).isEqualTo(IsolationLevel.FULL);
    }

    @Nested
    class AGrantThatIsMeantForAPattern {
        private static List<String> mistakes(String path) {
            String text = """
                    # /// automation
                    # id = "a"
                    # description = "Reads."
                    # language = "python"
                    # grants = { reads = ["%s"] }
                    # parameters.name = { type = "string", default = "log" }
                    # ///
                    """.formatted(path);
            return AutomationReader.check("a.py", text, Config.DEFAULT.sandbox()).mistakes().stream()
                    .map(mistake -> mistake.found() + ", " + mistake.allowed())
                    .toList();
        }

        @ParameterizedTest
        @CsvSource({
            "~/notes/**,~/notes",
            "~/notes/*,~/notes",
            "/srv/*.csv,/srv",
            "~/{name}/**/*.txt,~/{name}",
        })
        void isToldWithTheFolderThatWouldDo(String path, String folder) {
            assertThat(mistakes(path))
                    .containsExactly("grants '" + path + "', but a grant is one path and no pattern: '" + folder
                            + "' grants that folder with all that is in it");
        }

        @ParameterizedTest
        @ValueSource(strings = {"~/notes", "~/five*stars.txt", "~/2*3/a", "{name}"})
        void isNoneWhereANameHoldsAStar(String path) {
            assertThat(mistakes(path)).isEmpty();
        }
    }

    @Nested
    class AMistake {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            id = "Tidy"                           | a.py:5:3: 'id' is 'Tidy', but must be lower-case letters, digits and hyphens, starting with a letter, at most 60.
            limit = { wall = "1s" }               | a.py:5:3: 'limit' is unknown
            limits = { wall = "1 year" }          | a.py:5:14: 'limits.wall' is '1 year', but must be a number with a unit
            limits = { memory = 256 }             | a.py:5:14: 'limits.memory' is 256, but must be a number with a unit
            limits = { wal = "1s" }               | a.py:5:14: 'limits.wal' is unknown
            isolation = "ful"                     | a.py:5:3: 'isolation' is 'ful', but must be one of full, partial, minimal; did you mean 'full'?
            grants = { reads = "~/x" }            | a.py:5:14: 'grants.reads' is '~/x', but must be a list.
            grants = { reads = ["{who}"] }        | a.py:5:14: 'grants.reads' names the parameter {who}, but no parameter has this name.
            parameters.a = { type = "int" }       | a.py:5:20: 'parameters.a.type' is 'int', but must be one of string, integer, number, boolean, path, date, list; did you mean 'integer'?
            parameters.a = { default = 1 }        | 'parameters.a.type' is missing, and must be one of string
            parameters.a = { type = "integer", default = "x" } | 'parameters.a.default' is "x", but must be an integer, like 30.
            triggers = [{ cron = "x", path = "y" }] | 'triggers[0]' has 2 of cron, path, task, webhook, but must have exactly one.
            tests = [{ params = { b = 1 } }]      | 'tests[0].params' gives 'b', but no parameter has this name.
            tests = [{ files = [{ text = "x" }] }] | 'tests[0].files[0].path' is missing, and must be a path.
            tests = [{ files = [{ path = "a", base64 = "!" }] }] | 'tests[0].files[0].base64' is '!', but must be the contents of a file in Base64.
            tests = [{ files = [{ path = "a", text = "x", base64 = "eA==" }] }] | 'tests[0].files[0].base64' is given beside text, but a file holds one or the other.
            tests = [{ expect = { changes = [{ path = "x", kind = "made" }] } }] | 'tests[0].expect.changes[0].kind' is 'made', but must be one of created, changed, deleted
            tests = [{ expect = { succes = true } }] | 'tests[0].expect.succes' is unknown, known here are success, error, limit, value, result, schema, assertion_language, assertion, changes; did you mean 'success'?
            tests = [{ expect = { success = true, limit = "cpu" } }] | 'tests[0].expect.success' is true, but 'error' and 'limit' are for runs that do not succeed
            tests = [{ expect = { error = "x", limit = "cpu" } }] | 'tests[0].expect.limit' is given beside 'error', but a run ends in one way
            tests = [{ expect = { limit = "ram" } }] | 'tests[0].expect.limit' is 'ram', but must be one of wall, cpu, memory, processes, output, disk, files
            tests = [{ expect = { success = false, value = 1 } }] | 'tests[0].expect.value' is given, but a run that does not succeed has no result
            tests = [{ expect = { schema = "{" } }] | 'tests[0].expect.schema' is "{", but must be a JSON schema, as a table or text
            tests = [{ expect = { assertion_language = "js" } }] | 'tests[0].expect.assertion_language' is given, but there is no 'assertion'
            tests = [{ expect = { assertion = "x", assertion_language = "bash" } }] | 'tests[0].expect.assertion_language' is 'bash', but must be one of python, js
            language = "js"                       | 'language' is 'js', whose comments start with '//', but this block's lines start with '#'.
            language = "ruby"                     | 'language' is 'ruby', but must be one of js, python, bash, applescript
            id = "x" y                            | this is no TOML
            """)
        void isReportedWithItsPlace(String line, String message) {
            var text = new StringBuilder("import os\n# /// automation\n");
            if (!line.startsWith("id")) text.append("# id = 'x'\n");
            else text.append("#\n");
            text.append("# description = 'y'\n");
            text.append("# ").append(line).append('\n');
            if (!line.startsWith("language")) text.append("# language = 'python'\n");
            text.append("# ///\n");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> AutomationFile.parse("a.py", text.toString(), Config.DEFAULT.sandbox()))
                    .withMessageContaining(message)
                    .returns(UserException.Category.BAD_INPUT, UserException::category);
        }

        @Test
        void isOneOnlyWhereTheLanguageIsUnknown() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> parse(
                            "// /// automation\n// id='x'\n// description='y'\n// language='javascript'\n// ///\n"))
                    .satisfies(
                            e -> assertThat(e.mistakes())
                                    .singleElement()
                                    .satisfies(
                                            mistake -> assertThat(mistake.toString())
                                                    .contains(
                                                            "'language' is 'javascript', but must be one of js, python, bash, applescript")));
        }

        /** Only Bash is given its parameters as variables; elsewhere names that differ are two (issue 12). */
        @Test
        void isTwoParametersThatWouldBecomeOneVariable() {
            String text = """
                    # /// automation
                    # id = "x"
                    # description = "y"
                    # language = "%s"
                    # parameters.in_file = { type = "string", default = "" }
                    # parameters.in_File = { type = "string", default = "" }
                    # ///
                    """;
            assertThat(parse(text.formatted("python")).parameters()).hasSize(2);
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> parse(text.formatted("bash")))
                    .withMessageContaining("both would be the variable PARAM_IN_FILE; rename one");
        }

        @Test
        void isReportedTogetherWithTheOthers() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> parse("# /// automation\n# isolation = 1\n# limits = 2\n# ///\n"))
                    .satisfies(e -> assertThat(e.mistakes())
                            .extracting(mistake -> mistake.line() + " " + mistake.key())
                            .containsExactly("2 id", "2 description", "2 language", "2 isolation", "3 limits"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            def execute(params):                         | a.py:1:1: this file has no metadata; an automation starts with a comment line '# /// automation'.
            # /// automation\\n# id = "x"                 | a.py:1:1: the metadata block does not end; end it with a line '# ///'.
            # /// automation\\nid = "x"\\n# ///           | a.py:2:1: the metadata block does not end; end it with a line '# ///'.
            # /// automation\\n# ///\\n# /// automation   | a.py:3:1: a second metadata block starts here; one file holds one automation.
            """)
        void isABlockThatIsNone(String text, String message) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> parse(text.replace("\\n", "\n") + "\n"))
                    .withMessage(message);
        }

        @Test
        void isMissingInTheWordsOfTheLanguage() {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> AutomationFile.parse("a.js", "console.log(1)\n", Config.DEFAULT.sandbox()))
                    .withMessageContaining("starts with a comment line '// /// automation'");
        }
    }

    @Nested
    class Parameters {
        private final AutomationFile file = parse("""
                # /// automation
                # id = "x"
                # description = "y"
                # language = "python"
                # parameters.text = { type = "string", default = "" }
                # parameters.count = { type = "integer", default = 0 }
                # parameters.share = { type = "number", default = 0.5 }
                # parameters.deep = { type = "boolean", default = false }
                # parameters.folder = { type = "path", default = "~" }
                # parameters.names = { type = "list", default = [] }
                # ///
                """);

        static Stream<Arguments> texts() {
            return Stream.of(
                    Arguments.of("text", "a=b c", "a=b c"),
                    Arguments.of("count", "-3", -3L),
                    Arguments.of("share", "2", 2L),
                    Arguments.of("share", "2.5", 2.5),
                    Arguments.of("deep", "true", true),
                    Arguments.of("folder", "~/x y", "~/x y"),
                    Arguments.of("names", "a,b", List.of("a", "b")),
                    Arguments.of("names", "[\"a, b\", \"c\"]", List.of("a, b", "c")),
                    Arguments.of("names", "", List.of()));
        }

        @ParameterizedTest
        @MethodSource("texts")
        void areReadFromWhatAPersonTypes(String name, String text, Object value) {
            assertThat(file.valuesOf(Map.of(name, text), TODAY))
                    .containsEntry(name, value)
                    .hasSize(6);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            count | 2.5                   | 'count' is '2.5', but must be an integer, like 30
            count | 1e5                   | 'count' is '1e5', but must be an integer
            share | NaN                   | 'share' is 'NaN', but must be a number
            deep  | yes                   | 'deep' is 'yes', but must be true or false
            folder| ''                    | 'folder' is '', but must be a path
            names | [1,                   | 'names' is '[1,', but must be a list
            cuont | 1                     | there is no parameter 'cuont' (known are text, count, share, deep, folder, names); did you mean 'count'?
            """)
        void refuseWhatDoesNotFit(String name, String text, String message) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> file.valuesOf(Map.of(name, text), TODAY))
                    .withMessageContaining(message)
                    .returns(UserException.Category.BAD_INPUT, UserException::category);
        }

        @Test
        void withoutADefaultMustBeGiven() {
            var required = parse(
                    "# /// automation\n# id='x'\n# description='y'\n# language='python'\n# parameters.a = { type = 'path' }\n# ///\n");
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> required.valuesOf(Map.of(), TODAY))
                    .withMessage("The parameters of x do not fit: 'a' has no value and must be a path, like ~/a.txt."
                            + " Pass them as -p name=value");
        }
    }

    /** A parameter that is the day, so that a routine runs without being told (issue 12). */
    @Nested
    class AParameterThatIsADay {
        private final AutomationFile file = parse("""
                # /// automation
                # id = "report"
                # description = "d"
                # language = "python"
                # parameters.yesterday = { type = "date", default = "{yesterday:%Y%m%d}" }
                # parameters.since = { type = "date", default = "2026-01-01" }
                # ///
                """);

        @Test
        void isThatOfTheRunUnlessAnotherIsGiven() {
            assertThat(file.valuesOf(Map.of(), TODAY))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("yesterday", "20261127", "since", "2026-01-01"));
            assertThat(file.valuesOf(Map.of("yesterday", "20261101"), TODAY)).containsEntry("yesterday", "20261101");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            yesterday | 2026-11-01 | 'yesterday' is '2026-11-01', but must be a day like 19691231
            yesterday | ../../etc  | 'yesterday' is '../../etc', but must be a day like 19691231
            since     | tomorrow   | 'since' is 'tomorrow', but must be a day like 1970-01-01
            """)
        void refusesWhatIsNoDayOfItsForm(String name, String text, String message) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> file.valuesOf(Map.of(name, text), TODAY))
                    .withMessageContaining(message);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{todya}", "{today:%Q}", "soon", "{name}"})
        void hasADefaultThatIsADay(String text) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> parse("# /// automation\n# id='x'\n# description='y'\n# language='python'\n"
                            + "# parameters.a = { type = 'date', default = '" + text + "' }\n# ///\n"))
                    .withMessageContaining("but must be a day like 1970-01-01, or one of today, yesterday");
        }
    }

    @Nested
    class Granting {
        @ParameterizedTest
        @CsvSource({
            "{p},/etc/../srv/x,/srv/x",
            "{p},~/x,/home/me/x",
            "{p},x/y,/work/x/y",
            "~/{p}.txt,a,/home/me/a.txt",
            "data/{p},a..b,/work/data/a..b",
            "~/a/../b,x,/home/me/b",
            "~/{p}/{p},x,/home/me/x/x"
        })
        void fillsInTheValue(String grant, String value, Path expected) {
            assertThat(reads(grant, value)).containsExactly(expected);
        }

        @ParameterizedTest
        @CsvSource({
            "~/{p}.txt,../x",
            "~/{p}.txt,a/b",
            "~/{p},..",
            "~/{p}.txt,..",
            "~/{p},.",
            "~/{p},''",
            "~/docs/.{p},.",
            "~/{p}/x,..",
            "{p},/",
            "{p},/..",
            "{p}{p},."
        })
        void refusesAValueThatLeadsElsewhere(String grant, String value) {
            assertRefused(grant, value);
        }

        @ParameterizedTest
        @ValueSource(strings = {"~/{p}", "{p}"})
        void refusesNul(String grant) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> reads(grant, "a\0b"))
                    .withMessageContaining("NUL");
        }

        @Test
        void grantsEachPathOfAList() {
            var grants = new GrantTemplates(List.of("{p}"), List.of(), List.of(), List.of());
            assertThat(grants.resolve(Map.of("p", List.of("~/a", "/b")), HERE).reads())
                    .containsExactly(Path.of("/home/me/a"), Path.of("/b"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"evil.com/", "a b", "user@host", "-x", ""})
        void refusesAValueThatIsNoHost(String value) {
            var grants = new GrantTemplates(List.of(), List.of(), List.of("{p}"), List.of());
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> grants.resolve(Map.of("p", value), HERE))
                    .returns(UserException.Category.NOT_ALLOWED, UserException::category);
        }

        private void assertRefused(String grant, String value) {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> reads(grant, value))
                    .withMessageStartingWith("The grant '" + grant + "' cannot take the value")
                    .returns(UserException.Category.NOT_ALLOWED, UserException::category);
        }

        private List<Path> reads(String grant, String value) {
            return new GrantTemplates(List.of(grant), List.of(), List.of(), List.of())
                    .resolve(Map.of("p", value), HERE)
                    .reads();
        }
    }

    private static AutomationFile parse(String text) {
        return AutomationFile.parse("a.py", text, Config.DEFAULT.sandbox());
    }
}
