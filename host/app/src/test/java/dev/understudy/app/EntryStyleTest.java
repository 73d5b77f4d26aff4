package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** microsoft/PTVS#222, python/cpython#121757: pasted programs that ended at a blank line, or were refused as a whole. */
class EntryStyleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~def f():\n    a = 1~ | ~~ | true",
                "~def f():\n    a = 1\n~ | ~    return a~ | true",
                "~def f():\n    a = 1\n~ | ~print(f())~ | false",
                "~if x:\n    pass~ | ~else:~ | true",
                "~if x:\n    pass~ | ~# why~ | true",
                "~x = 1~ | ~y = 2~ | false",
                "~x = 1~ | ~~ | false",
            })
    void aPythonBlockGoesOnOverBlankLines(String entry, String next, boolean goesOn) {
        assertThat(EntryStyle.PYTHON.goesOn(entry.translateEscapes(), next)).isEqualTo(goesOn);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~if (x) {\n}~ | ~else {~ | true",
                "~[1, 2]~ | ~  .map(String)~ | true",
                "~1 + 1~ | ~2 + 2~ | false",
            })
    void aJavaScriptStatementGoesOnWhereTheNextLineSaysSo(String entry, String next, boolean goesOn) {
        assertThat(EntryStyle.JAVASCRIPT.goesOn(entry.translateEscapes(), next)).isEqualTo(goesOn);
    }
}
