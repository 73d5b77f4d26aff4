package dev.understudy.plugins.automationtemplates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Patterns mean what they mean in the shell of the history: isaacs/rimraf#135 (bash without globstar: one level only),
 * fish-shell/fish-shell#3014, mvdan/sh#1277 and jeff-hykin/better-shell-syntax#6 (!(…) and (#q…) taken for something else).
 */
class ShellTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of(
                "top.tmp",
                "keep.tmp",
                "1.jpg",
                "a/x.tmp",
                "a/b/mid.tmp",
                "a/b/c/deep.tmp",
                ".h/hid.tmp",
                ".dot.tmp",
                "a[b")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
        Files.createSymbolicLink(folder.resolve("nowhere.tmp"), Path.of("gone"));
    }

    @ParameterizedTest
    @CsvSource({
        "BASH, **/*.tmp",
        "BASH, **",
        "BASH, **.tmp",
        "BASH, a/**/*.tmp",
        "BASH, [^k]*.tmp",
        "BASH, [!k]*.tmp",
        "BASH, [[:digit:]]*.jpg",
        "BASH, a[b",
        "BASH, *",
        "BASH, .*p",
        "BASH, ?op.*",
        "BASH, */",
        "ZSH, **/*.tmp",
        "ZSH, **.tmp",
        "ZSH, **",
        "ZSH, [^k]*.tmp",
        "ZSH, [[:digit:]]*.jpg",
        "ZSH, *",
        "ZSH, */",
        "FISH, **/*.tmp",
        "FISH, **.tmp",
        "FISH, **",
        "FISH, *",
        "FISH, */*.tmp",
        "FISH, a/**.tmp",
        "FISH, */"
    })
    void patternsMatchWhatTheShellMatches(Shell shell, String pattern) throws Exception {
        String program = shell.name().toLowerCase(Locale.ROOT);
        assumeThat(installed(program)).as(program + " is installed").isTrue();
        String none = shell == Shell.FISH ? "--no-config" : shell == Shell.ZSH ? "-f" : "--norc";
        String expected = output(program, none, "-c", "printf '%s\\n' " + pattern);
        // With globstar bash reads the notation of understudy.files.glob, but for braces.
        String portable = output("bash", "-c", "shopt -s globstar; printf '%s\\n' " + shell.portable(pattern));
        assertThat(sorted(portable)).isEqualTo(sorted(expected)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "BASH, !(keep*).bak",
                "BASH, @(a|b).log",
                "BASH, *.+(c|h)",
                "BASH, ?(x)*",
                "BASH, *(a|b)",
                "BASH, [[=a=]]*",
                "BASH, [[.-.]]*",
                "SH, [^k]*.tmp",
                "ZSH, *(.)",
                "ZSH, *(#qN.)",
                "ZSH, *.(c|h)",
                "ZSH, ^*.tmp",
                "ZSH, *~keep*",
                "ZSH, *.tmp#",
                "ZSH, ***/x",
                "ZSH, <1-9>*.jpg",
                "FISH, ?op.tmp",
                "FISH, [k]*.tmp",
                "FISH, a**b**.tmp",
                "FISH, a**.tmp",
                "OTHER, *.tmp",
                "NONE, [^k]*",
                "NONE, **.tmp",
                "NONE, @(a|b)"
            })
    void whatDependsOnOptionsOrIsNotUnderstoodIsRefusedByName(Shell shell, String pattern) {
        assertThatExceptionOfType(NotAutomatable.class)
                .isThrownBy(() -> shell.portable(pattern))
                .withMessageContaining("'" + pattern + "'");
    }

    @ParameterizedTest
    @CsvSource({"bash, BASH", "zsh, ZSH", "fish, FISH", "dash, SH", "pwsh, OTHER"})
    void isWhatTheHistorySays(String name, Shell shell) {
        assertThat(Shell.of(Patterns.shell("rm", "/a").with(Task.SHELL, name).build()))
                .isEqualTo(shell);
    }

    private static boolean installed(String program) {
        for (String folder : System.getenv("PATH").split(":", -1))
            if (Files.isExecutable(Path.of(folder, program))) return true;
        return false;
    }

    private String output(String... command) throws Exception {
        var builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("HOME", folder.resolve("a").toString());
        Process shell = builder.start();
        String text = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor()).isZero();
        return text;
    }

    private static List<String> sorted(String lines) {
        return new ArrayList<>(new TreeSet<>(List.of(lines.split("\n"))));
    }
}
