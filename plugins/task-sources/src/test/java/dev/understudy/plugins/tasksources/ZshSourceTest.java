package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZshSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new ZshSource();
    }

    @Override
    protected Sample sample() {
        return new Sample(".zsh_history", ": 1700000000:0;ls\n: 1700000005:12;make -j4\n", 2);
    }

    @Test
    void takesStartAndElapsedTime() throws IOException {
        Task task = read(sample().bytes()).tasks().getLast();
        assertThat(task.timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_005));
        assertThat(task.duration()).isEqualTo(Duration.ofSeconds(12));
        assertThat(task.type()).isEqualTo("make");
    }

    @Test
    void goesOnAfterABackslashAtTheLineEnd() throws IOException {
        assertThat(read(": 1700000000:0;for f in a b\\\ndo\\\n  rm $f\\\ndone\n: 1700000009:0;ls\n")
                        .tasks())
                .extracting(task -> task.parameters().get("command"))
                .containsExactly("for f in a b\ndo\n  rm $f\ndone", "ls");
    }

    @Test
    void undoesTheEscapesOfBytes() throws IOException {
        // zsh writes U+4E2D, which is E4 B8 AD in UTF-8, with its own marker 0x83 before each byte that it reserves;
        // U+2019, E2 80 99, has one such byte: 0x99 is written as 0x83 0xB9.
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(": 1700000000:0;echo ".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(new byte[] {(byte) 0xE2, (byte) 0x80, (byte) 0x83, (byte) 0xB9, '\n'});
        assertThat(read(bytes.toByteArray()).tasks())
                .extracting(task -> task.parameters().get("command"))
                .containsExactly("echo \u2019");
    }

    @Test
    void readsPlainHistoryWithEstimatedTimes() throws IOException {
        Reading reading = read("ls\n: a colon is a command too\ncd /tmp\n");
        assertThat(reading.tasks()).extracting(Task::type).containsExactly("ls", ":", "cd");
        assertThat(reading.tasks().getLast().timestamp()).isEqualTo(Instant.parse("2026-11-16T12:00:00Z"));
        assertThat(reading.notes()).hasSize(1);
    }

    // atuinsh/atuin#1490, #1555, #100, dvorka/hstr#274: the bytes that zsh 5.9 writes for such commands.
    @Nested
    class InAFileOfZsh {
        private static final String ENTRIES = """
                %secho foo\\\\ \n%sdocker run \\\\
                  -it img
                %secho 'a\\\\\\
                b'
                %sfor i in *.xml; do\\
                  echo "$i"\\
                done
                %secho 'one\\
                \\
                two'
                %sls
                """;

        @ParameterizedTest
        @ValueSource(strings = {"", ": 1700000000:0;"})
        void isAsTyped(String stamp) throws IOException {
            assertThat(read(ENTRIES.replace("%s", stamp)).tasks())
                    .extracting(task -> task.parameters().get("command"))
                    .containsExactly(
                            "echo foo\\\\",
                            "docker run \\\n  -it img",
                            "echo 'a\\\\\nb'",
                            "for i in *.xml; do\n  echo \"$i\"\ndone",
                            "echo 'one\n\ntwo'",
                            "ls");
        }

        @Test
        void isTheOneThatZshMakesHere(@TempDir Path folder) throws IOException, InterruptedException {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "zsh is not installed: apt-get install zsh");
            Path history = folder.resolve("h");
            String script = "HISTFILE=$1 HISTSIZE=99 SAVEHIST=99; setopt extended_history; print -rs -- 'echo foo\\\\';"
                    + " print -rs -- 'cp Rechnung-M\u00E4rz.pdf \u65E5\u672C\u8A9E \u00E0 \u00C3';"
                    + " print -rs -- $'for i in *.xml; do\\n  echo \"$i\"\\ndone'; fc -W $1";
            var zsh = new ProcessBuilder("/usr/bin/zsh", "-fic", script, "zsh", history.toString());
            zsh.environment().put("LC_ALL", "C.UTF-8");
            zsh.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
            assertThat(zsh.start().waitFor()).isZero();
            assertThat(read(Files.readAllBytes(history)).tasks())
                    .extracting(task -> task.parameters().get("command"))
                    .containsExactly(
                            "echo foo\\\\",
                            "cp Rechnung-M\u00E4rz.pdf \u65E5\u672C\u8A9E \u00E0 \u00C3",
                            "for i in *.xml; do\n  echo \"$i\"\ndone");
        }
    }

    @Test
    void takesAnImpossibleTimeForNone() throws IOException {
        Reading reading = read(": 0:0;ls\n: 1700000000:0;pwd\n");
        assertThat(reading.tasks())
                .extracting(Task::timestamp)
                .containsExactly(Instant.ofEpochSecond(1_699_999_999), Instant.ofEpochSecond(1_700_000_000));
    }

    // A crash leaves a block of NUL characters where the last commands were not yet on the disk.
    @Test
    void readsOnAfterNulCharacters() throws IOException {
        Reading reading = read(": 1700000000:0;ls\n: 1700000005:0;git pu" + "\0".repeat(4096)
                + ": 1700000010:0;pwd\n: 1700000015:0;make\n");
        assertThat(reading.tasks()).extracting(Task::type).containsExactly("ls", "git pu", "pwd", "make");
        assertThat(reading.notes()).singleElement().asString().contains("NUL characters");
    }

    @Nested
    class IsSure {
        private double confidence(String path, String head) {
            return source().confidence(new TaskSource.Probe(Path.of(path), head));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                value = {
                    "/home/a/.zhistory § ls",
                    "/home/a/.local/state/zsh/history § ls",
                    "/home/a/.zsh/h § ls",
                    "/home/a/commands § : 1700000000:0;ls",
                    "/home/a/commands § cp \u00C3\uFFFD \u00C3\uFFFD.txt",
                    "/home/a/history § for i in *; do\\",
                })
        void ofItsFilesWhereverTheyLie(String path, String head) {
            assertThat(confidence(path, head + "\n" + head + "\n"))
                    .isGreaterThan(new BashSource().confidence(new TaskSource.Probe(Path.of(path), head)));
        }

        @Test
        void ofNoOthers() {
            assertThat(confidence("/home/a/.bash_history", "ls\ncp \u00E4 \uFFFD\n"))
                    .isZero();
            assertThat(confidence("/home/a/x", "#!/bin/sh\ndocker run \\\n  -it\n"))
                    .isZero();
            assertThat(confidence("/home/a/.zsh_history", "l\0s\0 \0-\0l\0\n\0"))
                    .isZero();
        }
    }

    @Test
    void saysWhichShellAPatternWasTypedInto() throws IOException {
        assertThat(read("cp *.txt a\ncp '*.txt' a\ncp a.txt b\nls *(.)\ncp r.(csv|txt) x\ngreet() { ls; }\n")
                        .tasks())
                .extracting(task -> task.type() + task.parameters().getOrDefault(Task.SHELL, ""))
                .containsExactly("cpzsh", "cp", "cp", "lszsh", "cpzsh", "function");
    }

    // atuinsh/atuin#1607, #2586: HISTFILE, ZDOTDIR and the folders of XDG.
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".zsh_history",
                ".zhistory",
                ".histfile",
                "z/.zsh_history",
                "z/history",
                ".local/state/zsh/history",
                ".cache/zsh/zsh_history",
                ".config/zsh/.zsh_history",
                "s/zsh/history",
            })
    void findsTheHistoryInAHome(String name, @TempDir Path home) throws IOException {
        Path history = home.resolve(name);
        Files.createDirectories(history.getParent());
        Files.writeString(history, "ls\n");
        var environment = Map.of(
                "ZDOTDIR",
                home.resolve("z").toString(),
                "XDG_STATE_HOME",
                home.resolve("s").toString());
        assertThat(source().discover(home, environment)).containsExactly(history);
    }
}
