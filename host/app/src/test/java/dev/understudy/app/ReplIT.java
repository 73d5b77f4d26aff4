package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The REPL as a program pipes into it; each line is what a person would type. */
class ReplIT {
    @TempDir
    Path folder;

    private Launcher understudy;

    @BeforeEach
    void startWithAnEmptyHome() {
        understudy = new Launcher(folder.resolve("understudy"), folder);
    }

    @Test
    void keepsJavaScriptStateBetweenLinesAndWaitsForTheEndOfAFunction() {
        var result = understudy.type("""
                const prices = [1, 2, 3]
                function total(items) {
                  return items.reduce((sum, item) => sum + item, 0)
                }
                total(prices)
                """, "repl", "js");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("6");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void keepsPythonStateBetweenLinesAndEndsABlockAtAnEmptyLine() {
        var result = understudy.type("""
                import math
                def half(x):
                    return x / 2

                half(math.floor(5.9))
                """, "repl", "python");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("2.5");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void takesAPythonProgramWithEmptyLinesInBlocksAndTexts() {
        var result = understudy.type("""
                class Sum:
                    \"""Adds:

                    one by one
                    \"""

                    def upTo(self, n):
                        total = 0

                        for i in range(n):
                            total += i

                        return total

                Sum().upTo(4)
                if Sum().upTo(1):
                    print("some")
                else:
                    print("none")
                """, "repl", "python");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).contains("6", "none");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void goesOnAfterAnErrorAndSaysSoInTheEnd() {
        var result = understudy.type("boom()\n1 + 1\n", "repl", "js");
        assertThat(result.err()).contains("boom");
        assertThat(result.out().lines()).contains("2");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void changesAGrantedFileOnlyOnceItIsToldTo() throws IOException {
        Path file = Files.writeString(folder.resolve("note.txt"), "before");
        var looked = understudy.type(
                "understudy.files.write('%s', 'after')\n.changes\n".formatted(file),
                "repl",
                "js",
                "--write",
                file.toString());
        assertThat(looked.out()).contains("note.txt", "+after");
        assertThat(file).hasContent("before");
        understudy.type(
                "understudy.files.write('%s', 'after')\n.commit\n".formatted(file),
                "repl",
                "js",
                "--write",
                file.toString());
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo("after");
    }

    @Test
    void refusesALanguageThatHasNone() {
        var result = understudy.run("repl", "cobol");
        assertThat(result.err()).contains("cobol", "js");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Nested
    class CtrlCOnATerminal {
        private final String terminal = "understudy-" + ProcessHandle.current().pid();
        private InputStream screen;

        @BeforeEach
        void start() throws Exception {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux keeps the terminal, and is not installed");
            Path pipe = folder.resolve("screen");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            understudy.startOnTerminal(terminal, pipe, "repl", "js");
            screen = Files.newInputStream(pipe);
        }

        @AfterEach
        void end() throws IOException {
            understudy.tmux(terminal, "kill-server");
            screen.close();
        }

        private void type(String line) {
            understudy.tmux(terminal, "send-keys", "-l", line);
            understudy.tmux(terminal, "send-keys", "Enter");
        }

        /** Reads what the terminal shows up to a text. */
        private String shown(String text) throws IOException {
            var shown = new StringBuilder();
            while (shown.indexOf(text) < 0) {
                int next = screen.read();
                assertThat(next).as("the end, after: %s", shown).isNotNegative();
                shown.append((char) next);
            }
            return shown.toString();
        }

        @Test
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void endsTheEvaluationAndKeepsTheSessionsState() throws Exception {
            shown("js> ");
            type("let answer = 6 * 7; console.log('no' + 'ted')");
            shown("noted");
            shown("js> ");
            type("console.log('be' + 'gun'); while (true) {}");
            shown("begun");
            understudy.tmux(terminal, "send-keys", "C-c");
            assertThat(shown("js> ")).contains("interrupted").doesNotContain("anew");
            type("'still ' + answer");
            assertThat(shown("still 42")).doesNotContain("ReferenceError");
        }
    }
}
