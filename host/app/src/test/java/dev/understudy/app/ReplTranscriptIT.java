package dev.understudy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of the REPL in a real terminal, from the first prompt on (issue 17). */
@Tag("slow")
class ReplTranscriptIT {
    private final String terminal = "understudy-seen-" + ProcessHandle.current().pid();

    @TempDir
    Path folder;

    @BeforeEach
    void requireTmux() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux keeps the terminal, and is not installed");
    }

    /** Types the same session into a terminal of a width, and gives what it shows then; with escapes where they are asked for. */
    private String session(int columns, String environment, String... captured) throws Exception {
        var understudy = new Launcher(folder.resolve("understudy"), folder);
        Path pipe = folder.resolve("screen");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path script = understudy.file(
                "typed.sh",
                "export LC_ALL=C.UTF-8 " + environment
                        + "\nexec \"$UNDERSTUDY\" --home \"$UNDERSTUDY_HOME\" --no-host repl\n");
        String width = Integer.toString(columns);
        understudy.tmux(
                terminal,
                "-u",
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                width,
                "-y",
                "30",
                "read -r _; exec bash " + script);
        understudy.tmux(terminal, "pipe-pane", "exec cat >'" + pipe + "'");
        understudy.tmux(terminal, "send-keys", "Enter");
        try (InputStream screen = Files.newInputStream(pipe)) {
            Launcher.readUpTo(screen, "js> ");
            enter(understudy, screen, "'漢字' + ' w' + 'ide'", "wide");
            enter(understudy, screen, "[{name: '漢字', n: 1}, {name: 'é', n: 20 + 2}]", "     22");
            enter(
                    understudy,
                    screen,
                    "let long = 'abcdefghijklmnopqrstuvwxyz 0123456789'; 'has ' + long.length",
                    "has 37");
            enter(understudy, screen, "Array.from({length: 8}, (_, i) => i * i)", "█");
            var capture =
                    new java.util.ArrayList<>(java.util.List.of("tmux", "-u", "-L", terminal, "capture-pane", "-p"));
            capture.addAll(java.util.List.of(captured));
            Process shown = new ProcessBuilder(capture).start();
            String text = new String(shown.getInputStream().readAllBytes(), UTF_8);
            return text.substring(text.indexOf("js>")).stripTrailing();
        } finally {
            understudy.tmux(terminal, "kill-server");
        }
    }

    private void enter(Launcher understudy, InputStream screen, String entry, String answer) throws Exception {
        understudy.tmux(terminal, "send-keys", "-l", entry);
        understudy.tmux(terminal, "send-keys", "Enter");
        Launcher.readUpTo(screen, new String(answer.getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1));
        Launcher.readUpTo(screen, "js> ");
    }

    private static final String WIDE = """
            js> '漢字' + ' w' + 'ide'
            漢字 wide
            js> [{name: '漢字', n: 1}, {name: 'é', n: 20 + 2}]
            #  name   n
            0  漢字   1
            1  é     22
            js> let long = 'abcdefghijklmnopqrstuvwxyz 0123456789'; 'has ' + long.length
            has 37
            js> Array.from({length: 8}, (_, i) => i * i)
            [
               0,  1,  4,  9,
              16, 25, 36, 49
            ]
            ▁▁▁▂▃▅▆█
            js>""";

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void inANarrowWindowEntriesGoOnInTheNextRow() throws Exception {
        assertThat(session(46, "A=1")).isEqualTo("""
                js> '漢字' + ' w' + 'ide'
                漢字 wide
                js> [{name: '漢字', n: 1}, {name: 'é', n: 20 +
                 2}]
                #  name   n
                0  漢字   1
                1  é     22
                js> let long = 'abcdefghijklmnopqrstuvwxyz 012
                3456789'; 'has ' + long.length
                has 37
                js> Array.from({length: 8}, (_, i) => i * i)
                [
                   0,  1,  4,  9,
                  16, 25, 36, 49
                ]
                ▁▁▁▂▃▅▆█
                js>""");
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDumbTerminalIsEnough() throws Exception {
        assertThat(session(100, "TERM=dumb")).isEqualTo(WIDE);
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void withoutColourItIsTheSame() throws Exception {
        assertThat(session(100, "NO_COLOR=1", "-e")).isEqualTo(WIDE).doesNotContain("\u001b");
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void withColourThePromptStandsOut() throws Exception {
        assertThat(session(100, "TERM=xterm-256color", "-e")).contains("\u001b[");
    }
}
