package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Testing and measuring a script file, as a person or a CI job does. */
@ExtendWith(HostInProcess.Closing.class)
class AutomationTestIT {
    private static final String SCRIPT = """
            // /// automation
            // id = "shout"
            // description = "Writes a word in capitals."
            // language = "js"
            // parameters.word = { type = "string" }
            // [[tests]]
            // name = "by value"
            // params = { word = "a" }
            // expect = { value = { text = "A" } }
            // [[tests]]
            // name = "by schema and assertion"
            // params = { word = "b" }
            // expect = { schema = { required = ["text"] }, assertion = "function execute(p) { return p.result.text === 'B' }" }
            // [[tests]]
            // name = "wrong"
            // params = { word = "c" }
            // expect = { result = { text = "c" } }
            // ///
            function execute(params) {
              return { text: params.word.toUpperCase() };
            }
            """;

    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void write() throws IOException {
        understudy = new Launcher(folder.resolve("understudy"), folder).inThisProcess();
        Files.writeString(folder.resolve("shout.js"), SCRIPT);
    }

    @Test
    void comparesReportsAndRemembers() throws IOException {
        var result = understudy.run("test", "shout.js", "--json", "--junit", "out/report.xml");
        assertThat(result.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.path("passed").asInt()).isEqualTo(2);
        assertThat(json.path("failed").asInt()).isEqualTo(1);
        assertThat(json.path("source").asText()).isEqualTo("file");
        assertThat(json.path("cases").get(2).path("name").asText()).isEqualTo("wrong");
        assertThat(json.path("cases").get(2).path("outcome").asText()).isEqualTo("failed");
        assertThat(json.path("cases").get(2).path("problems").get(0).asText())
                .isEqualTo("at /text: expected \"c\", was \"C\"");
        assertThat(json.path("cases").get(2).path("durationMillis").isNumber()).isTrue();
        assertThat(json.path("validation").path("deployable").asBoolean()).isFalse();
        assertThat(folder.resolve("out/report.xml"))
                .content()
                .contains("<testsuite name=\"shout\" tests=\"3\" failures=\"1\"");
        assertThat(result.exitCode()).isEqualTo(1);

        var history = understudy.run("test", "--history", "--json");
        assertThat(new ObjectMapper().readTree(history.out()).path("tests"))
                .hasSize(3)
                .allSatisfy(test -> assertThat(test.path("automation").asText()).isEqualTo("shout"));
        assertThat(history.exitCode()).isZero();
    }

    @Test
    void proposesLimitsThatTheMetadataTakes() throws IOException {
        var result = understudy.run("run", "shout.js", "-p", "word=a", "--measure", "--runs", "2", "--json");
        assertThat(result.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.path("runs").asInt()).isEqualTo(2);
        assertThat(json.path("limits"))
                .extracting(limit -> limit.path("name").asText())
                .containsExactly("wall", "cpu", "memory", "processes", "output", "disk", "files");
        String line = json.path("line").asText();
        Files.writeString(
                folder.resolve("limited.js"),
                SCRIPT.replace("// [[tests]]", "// " + line + "\n// [[tests]]")
                        .replaceAll("(?s)// \\[\\[tests]].*// ///", "// ///"));
        var limited = understudy.run("run", "limited.js", "-p", "word=a", "--isolation", "minimal", "--json");
        JsonNode run = new ObjectMapper().readTree(limited.out());
        assertThat(run.path("result").path("text").asText()).isEqualTo("A");
        assertThat(run.path("isolation").asText()).isEqualTo("minimal");
        assertThat(limited.exitCode()).isZero();
    }

    @Nested
    class BadInput {
        static Stream<Arguments> lines() {
            return Stream.of(
                    Arguments.of("test", "There is nothing to test: "),
                    Arguments.of("test nothing", "There is no automation nothing: "),
                    Arguments.of("test none.js", "none.js cannot be read: "),
                    Arguments.of("test shout.js --min-success-rate 2", "--min-success-rate is 2.0: "),
                    Arguments.of("run shout.js --measure --runs 0", "--runs is 0: "),
                    Arguments.of("run shout.js --keep-changes", "--keep-changes does not fit here: "),
                    Arguments.of("run shout.js --isolation none", "'--isolation'"));
        }

        @ParameterizedTest
        @MethodSource("lines")
        void isOneLine(String line, String said) {
            var result = understudy.run(line.split(" "));
            assertThat(result.errorLines()).singleElement().asString().contains(said);
            assertThat(result.exitCode()).isEqualTo(2);
        }
    }
}
