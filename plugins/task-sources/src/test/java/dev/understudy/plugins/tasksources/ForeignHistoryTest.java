package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.TaskSource;
import dev.understudy.spi.TaskSource.Probe;
import dev.understudy.spi.TaskSource.Refusal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories that no source reads are refused by name, wherever they lie and whatever they are called. */
class ForeignHistoryTest {

    private static Optional<Refusal> refusal(String path, String head) {
        return new BashSource().refusal(new Probe(Path.of(path), head));
    }

    static Stream<Arguments> foreign() {
        return Stream.of(
                Arguments.of(
                        "/home/ada/list.txt",
                        "2026-11-28 10:00:00\tls -l\t1ms\n2026-11-28 10:01:00\tmake\t1m2s\n",
                        "atuin history list"),
                Arguments.of(
                        "/home/ada/session.txt",
                        "ada@box:~$ ls\nMail\nada@box:~/Mail$ gzip a.log\nada@box:~/Mail$ exit\n",
                        "transcript"),
                Arguments.of("/home/ada/fedora.txt", "[ada@box ~]$ ls\na.log\n[ada@box ~]# make\n", "transcript"),
                Arguments.of("/home/ada/mac.txt", "ada@box work % ls\na.log\nada@box work % make\n", "transcript"),
                Arguments.of("/home/ada/some.db", "SQLite format 3\0\u0010\0CREATE TABLE t (a)", "SQLite"),
                Arguments.of(
                        "/home/ada/db.bolt",
                        "\0\0\0\0\0\0\0\0\u0004\0\0\0\0\0\0\0\uFFFD\uFFFD\f\uFFFD\u0002\0",
                        "elvish"));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void isToldByName(String path, String head, String name) {
        assertThat(refusal(path, head)).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).contains(name).endsWith("which is not read");
            assertThat(refusal.mend()).contains("JSON Lines");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls\ncat a | sort | head\ngit commit -m 'Get-Item'\npwsh -c Get-Item\nmake\ncd x\n",
                "scp ada@box:~/a .\nssh ada@box\necho 'ada@box:~$ ls'\n[ -f a ] && ls\n",
                "#1700000000\nGet-Item x\n#1700000001\nSet-Location y\n",
                ": 1700000000:0;Get-Item x\n",
                "- cmd: Get-Item x\n",
                "{\"task_type\":\"x\",\"parameters\":{\"command\":\"cd x; Get-Item y\"}}\n",
                "",
            })
    void leavesTheOthersAlone(String head) {
        assertThat(refusal("/home/ada/history", head)).isEmpty();
    }

    /** Whose a file is when it has a name that tells nothing. */
    static Stream<Arguments> ofOtherShells() {
        return Stream.of(
                // PowerShell/PSReadLine#2244, capydev42/ctrlr#71
                Arguments.of("/home/ada/ConsoleHost_history.txt", "ls\n", "powershell"),
                Arguments.of(
                        "/home/ada/old.txt",
                        "Copy-Item .\\r-1.txt .\\archive\\\r\nGet-ChildItem -Recurse `\r\n  -Filter *.log\r\ngit status\r\n",
                        "powershell"),
                Arguments.of("/home/ada/x", "ls\n$x = Get-Content a.txt\ncd ..\n", "powershell"),
                Arguments.of("/home/ada/.config/nushell/history.txt", "ls\ncd src\n", "nushell"),
                Arguments.of(
                        "/home/ada/h.txt", "ls | where size > 1mb\nfor x in 1..3 {<\\n>print $x<\\n>}\n", "nushell"),
                Arguments.of(
                        "/home/ada/xonsh-1.json",
                        "{\"locs\": [10, 20], \"data\": {\"cmds\": [], \"env\": {\"TOKEN\": \"x\"}, \"sessionid\": \"1\"}}",
                        "xonsh"),
                Arguments.of("/home/ada/.bash_history", "Get-Item x\nGet-Item y\n", "bash"),
                Arguments.of("/home/ada/h", "ls\ncat a | sort | head\npwsh -c Get-Item\nmake\ncd x\nls\n", "bash"));
    }

    @ParameterizedTest
    @MethodSource("ofOtherShells")
    void thatAreReadAreReadByTheSourceOfTheirShell(String path, String head, String name) {
        var probe = new Probe(Path.of(path), head);
        assertThat(refusal(path, head)).isEmpty();
        TaskSource surest = Stream.of(
                        new BashSource(),
                        new ZshSource(),
                        new FishSource(),
                        new TcshSource(),
                        new KshSource(),
                        new HistoryListSource(),
                        new JsonLinesSource(),
                        new CsvSource(),
                        new AtuinSource(),
                        new NushellSource(),
                        new PowerShellSource(),
                        new XonshSource())
                .max(Comparator.comparingDouble((TaskSource source) -> source.confidence(probe)))
                .orElseThrow();
        assertThat(surest.name()).isEqualTo(name);
    }
}
