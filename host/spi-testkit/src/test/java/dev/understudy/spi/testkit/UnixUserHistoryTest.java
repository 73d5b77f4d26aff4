package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixUserHistoryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "**SOF** ls cd <1> exit **EOF** § ls; cd name; exit",
                "**SOF** cp <2> ls -l **EOF** **SOF** ls § cp name name; ls -l; ls",
                "cat <1> | more man ls § cat name | more; man ls",
                "cc <1> > out rm -f <1> § cc name > out; rm -f name",
                "netscape & rlogin <1> § netscape &; rlogin name",
                "<GENSYM:0>/vi <1> § /gensym0/vi name",
                "echo a'b § echo; 'a'\\''b'",
                "**SOF** **EOF** § ''",
            })
    void beginsALineAtEachCommand(String tokens, String commands) {
        assertThat(UnixUserHistory.toShellHistory(tokens.replace(' ', '\n')).strip())
                .isEqualTo(commands.replace("; ", "\n").replaceAll("^''$", ""));
    }
}
