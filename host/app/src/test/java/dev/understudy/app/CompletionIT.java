package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Tab completes in real shells. */
class CompletionIT {
    @TempDir
    Path folder;

    private Launcher understudy;
    private String run;

    @BeforeEach
    void startWithAnAutomationAndARun() throws IOException {
        understudy = new Launcher(folder.resolve("understudy"), folder);
        understudy.file("alpha.sh", """
                # /// automation
                # id = "greet-all"
                # description = "Greets."
                # language = "bash"
                # ///
                echo '{"success": true}' >"$RESULT"
                """);
        understudy.run("adopt", "alpha.sh");
        understudy.run("run", "alpha.sh");
        run = understudy
                .run("completion", "names", "runs")
                .out()
                .lines()
                .findFirst()
                .orElseThrow();
        Path program = understudy.file(
                "bin/understudy", "#!/bin/bash\nexec \"$UNDERSTUDY\" --home \"$UNDERSTUDY_HOME\" \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void assumeThereIs(String... programs) {
        for (String program : programs)
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), () -> program + " is not installed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash --noprofile --norc -i", "zsh -f -i"})
    @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void completesFilesAndNamesOnATerminal(String shell) throws Exception {
        String name = shell.substring(0, shell.indexOf(' '));
        assumeThereIs("tmux", name);
        Path setup = understudy.file(
                "setup",
                "PATH=" + folder.resolve("bin") + ":$PATH\nPS1='re''ady> '\n"
                        + (name.equals("zsh")
                                ? "autoload -U compinit; compinit -u -d " + folder.resolve("dump") + "\n"
                                : "")
                        + "source <(understudy completion " + name + ")\n");
        String terminal = "understudy-" + name + "-" + ProcessHandle.current().pid();
        Path pipe = folder.resolve("screen");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        understudy.tmux(terminal, "-f", "/dev/null", "new-session", "-d", "-x", "120", "read -r _; exec " + shell);
        understudy.tmux(terminal, "pipe-pane", "exec cat >'" + pipe + "'");
        understudy.tmux(terminal, "send-keys", "Enter");
        try (InputStream screen = Files.newInputStream(pipe)) {
            understudy.tmux(terminal, "send-keys", "source " + setup, "Enter");
            Launcher.readUpTo(screen, "ready> ");
            complete(terminal, "understudy run al");
            Launcher.readUpTo(screen, "alpha.sh");
            complete(terminal, "understudy run gre");
            Launcher.readUpTo(screen, "greet-all");
            complete(terminal, "understudy automations show gre");
            Launcher.readUpTo(screen, "greet-all");
            complete(terminal, "understudy plugins disable workl");
            Launcher.readUpTo(screen, "workloads");
            complete(terminal, "understudy undo " + run.substring(0, 4));
            Launcher.readUpTo(screen, run);
        } finally {
            understudy.tmux(terminal, "kill-server");
        }
    }

    private void complete(String terminal, String typed) {
        understudy.tmux(terminal, "send-keys", "C-u");
        understudy.tmux(terminal, "send-keys", "-l", typed);
        understudy.tmux(terminal, "send-keys", "Tab");
    }

    @Test
    void completesFilesAndNamesInFish() {
        assumeThereIs("fish");
        String path = folder.resolve("bin").toString();
        var result = understudy.bash("""
                understudy completion fish >complete.fish
                exec fish --no-config -c 'set -p PATH %s; source complete.fish
                complete -C "understudy run al"
                complete -C "understudy run gre"
                complete -C "understudy rehearse gre"
                complete -C "understudy plugins disable workl"
                complete -C "understudy undo %s"
                complete -C "understudy check al"
                complete -C "understudy dis"'
                """.formatted(path, run.substring(0, 4)));
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsExactly("alpha.sh", "greet-all", "greet-all", "workloads", run, "alpha.sh");
    }

    @Test
    void saysWhichShellsThereAre() {
        var result = understudy.run("completion");
        assertThat(result.errorLines())
                .containsExactly("understudy: No shell was named: each has a completion of its own."
                        + " Write completion bash, zsh or fish");
        assertThat(result.exitCode()).isEqualTo(2);
    }
}
