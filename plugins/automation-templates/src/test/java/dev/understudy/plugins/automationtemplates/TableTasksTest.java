package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.Toml;

/**
 * Recorded tasks with names, which no real program stands behind: right by RFC 4180, RFC 8259 and good sense, in Python
 * and in JavaScript.
 */
class TableTasksTest {
    private static final Patterns TO_JSON = task("csv_to_json", "csv", "json");
    private static final Patterns TO_LINES = task("jsonl_to_json", "jsonl", "json");
    private static final Patterns TO_CSV = task("json_to_csv", "json", "csv");
    private static final Patterns TYPED = task("csv_to_json", "csv", "json").with("infer_types", true);
    private static final Patterns SORT = task("sort_csv", "csv", "csv").with("by", "n");
    private static final Patterns SORT_DOWN =
            task("sort_csv", "csv", "csv").with("by", "n").with("descending", true);
    private static final Patterns SORT_JSON = task("sort_json", "json", "json").with("by", "n");
    private static final Patterns OPEN = task("filter_csv", "csv", "csv").with("where", "s = open");
    private static final Patterns ONE_ID = task("filter_csv", "csv", "csv").with("where", "n = 9007199254740993");
    private static final Patterns ABOVE = task("filter_csv", "csv", "csv").with("where", "n > 9");
    private static final Patterns ABOVE_JSON =
            task("filter_json", "json", "json").with("where", "n > 9007199254740992");
    private static final Patterns FIGURES = task("group_csv", "csv", "csv")
            .with("group_by", "s")
            .with("aggregate", Map.of("n", List.of("sum", "mean", "min", "max")));
    private static final Patterns UNIQUE = task("deduplicate_csv", "csv", "csv");
    private static final Patterns RENAME = task("rename_columns", "csv", "csv").with("rename", Map.of("a", "b"));
    private static final Patterns SELECT = task("select_columns", "csv", "csv").with("columns", List.of("a"));

    @TempDir
    Path root;

    private static Patterns task(String type, String from, String to) {
        return Patterns.task(type).with("input", "ROOT/in." + from).with("output", "ROOT/out." + to);
    }

    static Stream<Arguments> written() {
        return Stream.of(
                // Two columns of one name: csvql 102, fast-csv 276, csvkit 563.
                row(OPEN, "a,b,s,b\n1,first,open,second\n2,x,done,y\n", "a,b,s,b\n1,first,open,second\n"),
                row(UNIQUE, "b,b\n1,2\n1,3\n1,2\n", "b,b\n1,2\n1,3\n"),
                row(
                        TO_JSON,
                        "b,b,b_2\n1,2,3\n",
                        "[\n  {\n    \"b\": \"1\",\n    \"b_2\": \"2\",\n    \"b_2_2\": \"3\"\n  }\n]\n"),
                // Blank cells among numbers: datatable 11, md-advanced-tables 24.
                row(SORT, "a,n\n1,100\n2,9\n3,\n4,25\n", "a,n\n2,9\n4,25\n1,100\n3,\n"),
                row(SORT_DOWN, "a,n\n1,100\n2,9\n3, \n4,n/a\n5,25\n", "a,n\n1,100\n5,25\n2,9\n3, \n4,n/a\n"),
                row(SORT, "a,n\n1,b\n2,\n3,10\n4,9\n", "a,n\n2,\n3,10\n4,9\n1,b\n"),
                row(ABOVE, "a,n\n1,10\n2,\n3,9\n4,9.5\n", "a,n\n1,10\n4,9.5\n"),
                // Numbers however they are written: Miller 400, coreutils 10437.
                row(
                        SORT,
                        "n\n1.5e3\n9\n.5\n+25\n1e-5\n-0\n-2.\n007\n1E2\n",
                        "n\n-2.\n-0\n1e-5\n.5\n007\n9\n+25\n1E2\n1.5e3\n"),
                row(
                        SORT,
                        "n\n-9007199254740993\n9007199254740993\n9007199254740992\n1e400\n1e-400\n-9007199254740992\n",
                        "n\n-9007199254740993\n-9007199254740992\n1e-400\n9007199254740992\n9007199254740993\n1e400\n"),
                row(
                        SORT_JSON,
                        "[{\"n\":9},{\"n\":0.00001},{\"n\":10},{\"n\":null},{\"n\":1e400},{\"n\":-0}]",
                        list("-0", "0.00001", "9", "10", "1e400", "null")),
                // 64-bit and longer: json2csv 149, cjworkbench 220, upickle 522.
                row(
                        ONE_ID,
                        "n\n9007199254740992\n9007199254740993\n9007199254740993.0\n",
                        "n\n9007199254740993\n9007199254740993.0\n"),
                row(ONE_ID, "n\n09007199254740993\n", "n\n"),
                row(
                        ABOVE_JSON,
                        "[{\"n\":9007199254740992},{\"n\":9007199254740993}]",
                        "[\n  {\n    \"n\": 9007199254740993\n  }\n]\n"),
                row(
                        FIGURES,
                        "s,n\nx,9007199254740993\nx,9007199254740992\nx,\ny,0.1\ny,0.2\ny,1.00\nz,1\nz,1\nz,2\n",
                        """
                        s,n_sum,n_mean,n_min,n_max
                        x,18014398509481985,9007199254740992.5,9007199254740992,9007199254740993
                        y,1.3,0.4333333333333333,0.1,1.00
                        z,4,1.333333333333333,1,2
                        """),
                row(
                        TO_CSV,
                        "[{\"id\":12345678901234567890,\"x\":1.10,\"y\":[1e400,{\"z\":-0}]}]",
                        "id,x,y\n12345678901234567890,1.10,\"[1e400, {\"\"z\"\": -0}]\"\n"),
                row(
                        TYPED,
                        "a,n\n007,1.50\n1e5,-12345678901234567890\n",
                        "[\n  {\n    \"a\": \"007\",\n    \"n\": 1.50\n  },\n  {\n    \"a\": \"1e5\",\n    \"n\": -12345678901234567890\n  }\n]\n"),
                // Dialects: ragflow 19740, PapaParse 606.
                row(OPEN, "a;s\n1;open\n\"2;x\";done\n", "a;s\n1;open\n"),
                row(OPEN, "a\ts\n1,5\topen\n", "a\ts\n1,5\topen\n"),
                row(OPEN, "a|s\n1|open\n", "a|s\n1|open\n"),
                row(OPEN, "sep=;\r\na;s\r\n1,5;open\r\n", "a;s\n1,5;open\n"),
                row(OPEN, "a;b,s\n1,open\n", "a;b,s\n1,open\n"),
                row(TO_JSON, "n\n1;2\n", "[\n  {\n    \"n\": \"1;2\"\n  }\n]\n"),
                // Quotes, line ends, blank lines, marks: DataBasic 176, PapaParse 161 and 584.
                row(
                        TO_JSON,
                        "\uFEFF\"n\",\"m\"\r\n\"a, \"\"q\"\"\r\nx\",5\r\n\"b\",\r\n",
                        "[\n  {\n    \"n\": \"a, \\\"q\\\"\\r\\nx\",\n    \"m\": \"5\"\n  },\n  {\n    \"n\": \"b\",\n    \"m\": \"\"\n  }\n]\n"),
                row(TO_JSON, "n,m\ra,5\r", "[\n  {\n    \"n\": \"a\",\n    \"m\": \"5\"\n  }\n]\n"),
                row(
                        TO_JSON,
                        "\n\nn,m,\n\na,007,\n\n",
                        "[\n  {\n    \"n\": \"a\",\n    \"m\": \"007\",\n    \"\": \"\"\n  }\n]\n"),
                row(UNIQUE, "n\n\"\"\nx\n\"\"", "n\n\"\"\nx\n"),
                row(UNIQUE, "n\n", "n\n"),
                // A byte order mark before JSON: jq 45, gojq 92, jsonlines 68.
                row(
                        TO_LINES,
                        "\uFEFF{\"2\":1,\"1\":\"\\u00e9\u2028\"}\r\n\r\n{\"n\":{\"m\":[]}}",
                        "[\n  {\n    \"2\": 1,\n    \"1\": \"é\u2028\"\n  },\n  {\n    \"n\": {\n      \"m\": []\n    }\n  }\n]\n"));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                row(OPEN, "s,s\nopen,done\n", "There are 2 columns 's'"),
                row(SELECT, "a,a\n1,2\n", "There are 2 columns 'a'"),
                row(RENAME, "a,b\n1,2\n", "There would be two columns 'b'"),
                row(OPEN, "a,s\n1,open,2\n", "row 1 has 3 fields, but there are 2 columns"),
                row(OPEN, "# today\na,s\n1,open\n", "row 1 has 2 fields, but there are 1 columns"),
                row(OPEN, "a;b,s\n1;x,open\n", "It cannot be told what separates the fields"),
                row(OPEN, "a,s\n1,\"open\n", "is no CSV"),
                row(OPEN, "a,s\n1,\"open\"x\n", "is no CSV"),
                row(OPEN, "a\0,\0s\0\n", "UTF-16"),
                row(ABOVE, "n\n10\nten\n", "'ten' in column 'n' is no number"),
                row(FIGURES, "s,n\nx,1\nx,many\n", "'many' in column 'n' is no number"),
                row(SORT, "a;n\n1;9,5\n2;10,25\n", "'9,5' in column 'n'"),
                row(SORT, "a,n\n1,\"1,000\"\n2,999\n", "'1,000' in column 'n'"),
                row(SORT_JSON, "[{\"n\":NaN}]", "is no JSON"),
                row(SORT_JSON, "[{\"n\":-Infinity}]", "is no JSON"),
                row(SORT_JSON, "[{\"n\":007}]", "is no JSON"),
                row(SORT_JSON, "[{\"n\":1,\"n\":2}]", "two values of 'n'"),
                row(SORT_JSON, "{\"n\":1}", "is no list of objects"));
    }

    /** A list of objects with one number each, as JSON is written. */
    private static String list(String... numbers) {
        return Arrays.stream(numbers)
                .map("  {\n    \"n\": %s\n  }"::formatted)
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private static Arguments row(Patterns task, String input, String expected) {
        return Arguments.of(task, input, expected);
    }

    @ParameterizedTest
    @MethodSource("written")
    void write(Patterns task, String input, String expected) throws IOException, InterruptedException {
        for (var language : List.of(ScriptLanguage.PYTHON, ScriptLanguage.JAVASCRIPT)) {
            assertThat(run(task, language, input)).as(language.toString()).contains("\"success\":true");
            assertThat(Files.readString(output(task))).as(language.toString()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuse(Patterns task, String input, String reason) throws IOException, InterruptedException {
        for (var language : List.of(ScriptLanguage.PYTHON, ScriptLanguage.JAVASCRIPT)) {
            assertThat(run(task, language, input))
                    .as(language.toString())
                    .contains("\"success\":false")
                    // DraftRun leaves out blanks behind punctuation.
                    .contains(reason.replaceAll("([\":,\\]}]) +", "$1"));
            assertThat(output(task)).doesNotExist();
        }
    }

    private String run(Patterns task, ScriptLanguage language, String input) throws IOException, InterruptedException {
        Path files = Files.createDirectories(root.resolve("files"));
        var pattern = task.below(files.toString()).build();
        var draft = (Draft)
                new DataProcessingTemplate(GeneratedScriptsTest.CONTEXT).propose(pattern, new Request(language));
        assertThat(draft.language()).isEqualTo(language);
        Files.writeString(Path.of(String.valueOf(pattern.parameters().get("input"))), input);
        Files.deleteIfExists(output(task));
        return new DraftRun(draft, Files.createDirectories(root.resolve("home")))
                .run(
                        DraftRun.parameters(
                                DraftRun.metadata(draft), Toml.parse("").getTableOrEmpty("none")),
                        Toml.parse("").getArrayOrEmpty("none"));
    }

    private Path output(Patterns task) {
        return Path.of(String.valueOf(task.below(root.resolve("files").toString())
                .build()
                .parameters()
                .get("output")));
    }
}
