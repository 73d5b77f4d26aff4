package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.ReplLine.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplLineTest {
    private static ReplLine at(String before, ReplLanguage language) {
        return ReplLine.of(before + "REST", before.length(), language);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            emptyValue = "",
            value = {
                "%he|WORD||%he",
                "%grant re|ARGUMENT|%grant |re",
                "%grant read ~/a|ARGUMENT|%grant read |~/a",
                "%time sho|NAME||sho",
                "?sho|NAME||sho",
                "let x = sho|NAME||sho",
                "f(shop.fr|MEMBER|shop|fr",
                "shop.fruit[0].|MEMBER|shop.fruit.0|",
                "f().le|MEMBER|.|le",
                "read('let|QUOTED||let",
                "read('a') + 'b/c|QUOTED||b/c",
                "x = `a ${b} c|QUOTED||a ${b} c",
                "it // isn't sh|NAME||sh"
            })
    void tellsWhatIsTypedInJavaScript(String before, Kind kind, String context, String word) {
        ReplLine line = at(before, ReplLanguage.JAVASCRIPT);
        assertThat(line.kind()).isEqualTo(kind);
        assertThat(line.context()).isEqualTo(context == null ? "" : context);
        assertThat(line.word()).isEqualTo(word == null ? "" : word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "ec|COMMAND|ec",
                "echo a; ec|COMMAND|ec",
                "if tr|COMMAND|tr",
                "cat a/b|FILE|a/b",
                "./a|FILE|./a",
                "echo $ho|VARIABLE|$ho",
                "echo x >fi|FILE|fi"
            })
    void tellsWhatIsTypedInBash(String before, Kind kind, String word) {
        ReplLine line = at(before, ReplLanguage.BASH);
        assertThat(line.kind()).isEqualTo(kind);
        assertThat(line.word()).isEqualTo(word);
    }

    @Test
    void coloursKeepTheText() {
        var highlighter = new ReplHighlighter(() -> ReplLanguage.JAVASCRIPT);
        String text = "const x = 'a' + 1 // note";
        assertThat(highlighter.highlighted(text).toString()).isEqualTo(text);
        assertThat(highlighter.highlighted(text).toAnsi()).isNotEqualTo(text);
        assertThat(highlighter.highlighted("%ti" + "me `open").toString()).isEqualTo("%time `open");
    }
}
