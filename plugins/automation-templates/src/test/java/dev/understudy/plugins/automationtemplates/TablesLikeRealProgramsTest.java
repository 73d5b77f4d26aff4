package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.Toml;

/**
 * What is learnt from csvkit, Miller, jq, sort, uniq and cut writes what the program writes, byte for byte, or refuses.
 *
 * <p>The files hold what people report of such tools: two columns of one name (csvkit 563, csvql 102), blank cells among
 * numbers (datatable 11), 64-bit ids (json2csv 149), 1e-5, .5 and +25 (Miller 400), NaN and 1e400 in JSON (NeatJSON 28),
 * semicolons (PapaParse 606), quotes, line ends and blank lines (PapaParse 161, 584), byte order marks (jq 45).
 */
@Tag("slow")
class TablesLikeRealProgramsTest {
    /** A file per kind of nastiness; commands name the columns a, b and n. */
    private static final List<String> TABLES = List.of(
            "a,b,a,n,a\nx,1,second,5,third\ny,2,other,4,\nx,3,,10,\n",
            "a,b,n\nx,1,\ny,2,100\nx,3,9\nz,4,25\nx,5,9\n",
            "a,b,n\nx,1,9007199254740993\nx,2,9007199254740992\ny,3,1234567890123456789\nx,4,9223372036854775807\n",
            "a,b,n\nx,1,1.5e3\ny,2,9\nz,3,.5\nx,4,+25\nx,5,1e-5\nx,6,007\nx,7,1_000\nx,8,-0\nx,9,5.\nx,0,0x1F\n",
            "a,b,n\nNA,none,NaN\nnull,.,Inf\nN/A, ,3\nx,,1e400\n",
            "a;b;n\nx;1;2\ny;2;1\n",
            "\uFEFFa,b,n\r\n\"x, \"\"q\"\"\r\nz\",1,2\r\ny,2,1\r\n",
            "a,b,n\nx,1,2\n\ny,2,1\n\n",
            "\na,b,n\nx,1,2\n",
            "a,b,n,\nx,1,2,\ny,2,1,",
            "a,b,n\nx,1\ny,2,1\n",
            "a,b,n\nx,\"1,2\n",
            "a,b,n\nä,é,2\nZ,😀,1\nz,ﬀ,3\na,\u2028,4\n",
            "a,b,n\n",
            "a,b,n\nx,true,0.1\nx,false,0.2\ny,TRUE,0.30\nx,,0.1\ny,no,1.50\n");

    private static final List<List<String>> TABLE_COMMANDS = List.of(
            List.of("csvcut", "-c", "n,a", "in"),
            List.of("csvcut", "-C", "a", "in"),
            List.of("csvgrep", "-c", "a", "-m", "x", "in"),
            List.of("csvgrep", "-c", "n", "-r", "^[0-9]*$", "in"),
            List.of("csvsort", "-I", "-c", "n", "in"),
            List.of("csvsort", "-I", "-r", "-c", "b,n", "in"),
            List.of("csvjson", "-I", "in"),
            List.of("mlr", "--icsv", "--ojson", "cat", "in"),
            List.of("mlr", "--c2l", "cat", "in"),
            List.of("mlr", "--csv", "cut", "-o", "-f", "n,a", "in"),
            List.of("mlr", "--csv", "head", "-n", "2", "in"),
            List.of("mlr", "--csv", "rename", "a,c", "in"),
            List.of("mlr", "--csv", "sort", "-nf", "n", "in"),
            List.of("mlr", "--csv", "sort", "-nr", "n", "in"),
            List.of("mlr", "--csv", "sort", "-f", "a,n", "in"),
            List.of("mlr", "--csv", "sort", "-r", "n", "in"),
            List.of("mlr", "--csv", "filter", "$n == 9", "in"),
            List.of("mlr", "--csv", "filter", "$n > 4", "in"),
            List.of("mlr", "--csv", "filter", "$n <= 9007199254740992", "in"),
            List.of("mlr", "--csv", "filter", "$a == \"x\"", "in"),
            List.of("mlr", "--csv", "filter", "$n != \"5\"", "in"),
            List.of("mlr", "--csv", "uniq", "-a", "in"),
            List.of("mlr", "--csv", "stats1", "-a", "count,sum,mean,min,max", "-f", "n", "-g", "a", "in"),
            List.of("mlr", "--icsv", "--ojson", "stats1", "-a", "max,count", "-f", "n", "-g", "a", "in"),
            List.of("sort", "-u", "in"),
            List.of("sort", "-r", "in"),
            List.of("uniq", "in"),
            List.of("cut", "-d,", "-f1,3", "in"),
            List.of("cut", "-f2", "in"));

    private static final List<String> JSONS = List.of(
            "[{\"a\":\"x\",\"n\":1,\"b\":null},{\"b\":[1,{\"c\":[]}],\"a\":\"y\",\"n\":10},{\"n\":9}]",
            "[{\"a\":\"x\",\"n\":NaN},{\"a\":\"x\",\"n\":1e400},{\"a\":\"x\",\"n\":-0},{\"n\":Infinity},{\"n\":-1e400}]",
            "[{\"a\":\"x\",\"n\":0.00001},{\"a\":\"x\",\"n\":1.50},{\"a\":\"x\",\"n\":1E5},{\"n\":1e17},{\"n\":123e20},{\"n\":5e-324}]",
            "\uFEFF[{\"a\":\"x\",\"n\":1}]",
            "\uFEFF{\"a\":\"x\",\"n\":1}\r\n\r\n{\"n\":2}\r\n",
            "[{\"a\":\"x\\u0001\\u007f\\u2028\\/é😀\\ud83d\\ude00\\\\\\\"\\t\",\"n\":\"9\"}]",
            "[{\"a\":\"x\",\"a\":\"y\",\"n\":true}]",
            "[{\"10\":1,\"2\":2,\"a\":\"x\"}]",
            "[]",
            "",
            "{\"a\":\"x\"}",
            "[1,\"x\",null]",
            "[[1]]",
            "[{\"a\":1,}]",
            "[{\"a\":{\"x\":1,\"y\":[true,\"NA\"]},\"n\":2.50},{\"a\":\"none\",\"n\":null}]",
            "[{\"a\":\"x\",\"n\":\"text\"},{\"a\":\"x\",\"n\":[1]},{\"a\":\"x\",\"n\":{}},{\"a\":\"x\",\"n\":false},{\"a\":\"x\"},{\"a\":\"x\",\"n\":9.0}]");

    private static final List<List<String>> JSON_COMMANDS = List.of(
            List.of("jq", "-c", ".[]", "in"),
            List.of("jq", "-c", ".[] | {a,n}", "in"),
            List.of("jq", "map({a, n})", "in"),
            List.of("jq", "map(select(.a == \"x\"))", "in"),
            List.of("jq", "map(select(.a != \"x\"))", "in"),
            List.of("jq", "map(select(.n == 9))", "in"),
            List.of("jq", "map(select(.n > 1))", "in"),
            List.of("jq", "map(select(.n <= 9))", "in"),
            List.of("jq", "-s", ".", "in"),
            List.of("in2csv", "-I", "-f", "json", "in"));

    @TempDir
    Path root;

    static Stream<Arguments> onTables() {
        return TABLE_COMMANDS.stream().map(command -> Arguments.of(command, TABLES));
    }

    static Stream<Arguments> onJson() {
        return JSON_COMMANDS.stream().map(command -> Arguments.of(command, JSONS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"onTables", "onJson"})
    void writeTheSameOrRefuse(List<String> command, List<String> inputs) throws IOException, InterruptedException {
        String program = command.getFirst();
        assumeTrue(RealProgram.isInstalled(program), program + " is not installed");
        Path folder = Files.createDirectories(root.resolve("files"));
        var words = new ArrayList<>(command.subList(1, command.size()).stream()
                .map(word -> word.replace("{", "{{").replace("}", "}}").replace("[", "\\["))
                .toList());
        words.addAll(List.of(">", "out"));
        var answer = new DataProcessingTemplate(GeneratedScriptsTest.CONTEXT)
                .propose(
                        Patterns.shell(program, words.toArray(String[]::new))
                                .in(folder.toString())
                                .build(),
                        new Request(ScriptLanguage.PYTHON));
        assertThat(answer).isInstanceOf(Draft.class);
        var run = new DraftRun((Draft) answer, Files.createDirectories(root.resolve("home")));

        var differing = new ArrayList<String>();
        int same = 0;
        for (String input : inputs) {
            Files.writeString(folder.resolve("in"), input);
            int code = RealProgram.run(folder, command, ">", "expected");
            Files.deleteIfExists(folder.resolve("out"));
            boolean written = run.run(
                            DraftRun.parameters(
                                    DraftRun.metadata((Draft) answer),
                                    Toml.parse("").getTableOrEmpty("x")),
                            Toml.parse("").getArrayOrEmpty("x"))
                    .contains("\"success\":true");
            if (!written) continue;
            String expected = Files.readString(folder.resolve("expected"), StandardCharsets.UTF_8);
            String actual = Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
            if (code == 0 && expected.equals(actual)) same++;
            else
                differing.add("%s%n--- %s ended with %d and wrote%n%s%n--- the automation wrote%n%s"
                        .formatted(input, program, code, expected, actual));
        }

        assertThat(differing).isEmpty();
        assertThat(same).as("situations in which it did not refuse").isGreaterThanOrEqualTo(3);
    }
}
