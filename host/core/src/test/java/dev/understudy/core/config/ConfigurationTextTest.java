package dev.understudy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTextTest {
    private static String with(String text, String setting, Object value) {
        return ConfigurationText.with(text, List.of(setting.split("\\.")), value)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "executor:¶  a: 1 # mine¶  b: 2¶      | executor.a | executor:¶  a: 7 # mine¶  b: 2¶",
                "executor: { a: 1, b: 2 }¶           | executor.a | executor: { a: 7, b: 2 }¶",
                "executor: { b: 2 }¶                 | executor.a | executor: { a: 7, b: 2 }¶",
                "executor: {}¶                       | executor.a | executor: { a: 7 }¶",
                "executor:¶                          | executor.a | executor: { a: 7 }¶",
                "executor:   # as it is¶  # of b¶  b: 2¶ | executor.a | executor:   # as it is¶  a: 7¶  # of b¶  b: 2¶",
                "# nothing yet                       | executor.a | # nothing yet¶executor:¶  a: 7¶",
                "\"\"                                | executor.a | executor:¶  a: 7¶",
                "host:¶    idle: 3                   | executor.a | host:¶    idle: 3¶executor:¶  a: 7¶",
                "# ü 😀¶host: { idle: 3 }¶           | host.idle  | # ü 😀¶host: { idle: 7 }¶",
                "p:¶  q: 1¶                          | p.w.x.a    | p:¶  w:¶    x:¶      a: 7¶  q: 1¶",
                "p: {q: 1}¶                          | p.w.a      | p: { w: { a: 7 },q: 1}¶",
            })
    void getsOneSettingAndStaysAsItWasElsewhere(String text, String setting, String expected) {
        assertThat(with(text.replace('¶', '\n'), setting, 7)).isEqualTo(expected.replace('¶', '\n'));
    }

    @Test
    void keepsTheEndsOfItsLines() {
        assertThat(with("executor:\r\n  b: 2\r\n", "executor.a", true))
                .isEqualTo("executor:\r\n  a: true\r\n  b: 2\r\n");
    }

    @ParameterizedTest
    @CsvSource({"16MiB,16MiB", "fixed,fixed", "true,'\"true\"'", "12,'\"12\"'", "'a \"b\" # c','\"a \\\"b\\\" # c\"'"})
    void quotesTextsThatWouldBeReadAsSomethingElse(String value, String written) {
        assertThat(with("", "executor.a", value)).isEqualTo("executor:\n  a: " + written + "\n");
    }

    @Test
    void quotesNamesThatAreNoPlainWords() {
        assertThat(ConfigurationText.with("", List.of("workflows", "automation:x y", "a"), 7))
                .contains("workflows:\n  \"automation:x y\":\n    a: 7\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a list\n",
                "executor: a word\n",
                "executor: [a]\n",
                "executor:\n  a:\n    b: 1\n",
                "x: &x { a: 1 }\nexecutor: *x\n",
                "executor: &x { a: 1 }\nother: *x\n",
                "host: {}\n...\n",
                "executor: [\n",
            })
    void isLeftAloneWhereMoreThanTheSettingWouldChange(String text) {
        assertThat(ConfigurationText.with(text, List.of("executor", "a"), 7)).isEmpty();
    }

    @Test
    void tellsWhatIsSet() {
        String text = "executor: { a: 7 }\nhost: 3\n";
        assertThat(ConfigurationText.value(text, List.of("executor", "a"))).contains("7");
        assertThat(ConfigurationText.value(text, List.of("executor", "b"))).isEmpty();
        assertThat(ConfigurationText.value(text, List.of("host", "b"))).isEmpty();
        assertThat(ConfigurationText.value("", List.of("host"))).isEmpty();
    }
}
