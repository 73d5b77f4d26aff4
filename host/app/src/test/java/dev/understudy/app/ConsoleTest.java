package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How wide what is printed may be. */
class ConsoleTest {
    private static Console of(String columns) {
        var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Console(silent, silent, true, Map.of("COLUMNS", columns));
    }

    @ParameterizedTest
    @CsvSource({"80, 80", "20, 40", "0, 100", "many, 100", "9999, 400"})
    void goesByTheTerminalAsFarAsThatKnows(String columns, int width) {
        assertThat(of(columns).width()).isEqualTo(width);
    }

    @Test
    void leavesRoomForHelpWhereTheTerminalIsNarrow() {
        assertThat(CommandLineInterface.run(of("40"), "--help")).isEqualTo(ExitCode.DONE);
    }
}
