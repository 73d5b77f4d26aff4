package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session of xonsh; its database is read with a real SQLite in the host's tests. */
class XonshSourceTest extends TaskSourceContract {
    // As xonsh.lazyjson.ljdump writes it.
    private static final String SESSION = """
            {"locs": [  70,  600,  602,  620],
             "index": {"offsets": {"cmds": [10, 20], "env": {"HOME": 5}}, "sizes": {"cmds": [3, 4]}},
             "data": {"cmds": [
            {"cwd": "/home/ada/src", "inp": "git status\\n", "rtn": 0, "ts": [1700000000.25, 1700000001.75]}
            , {"inp": "for x in range(3):\\n    print(x)\\n", "out": "0 1 2", "rtn": 0, "ts": [1700000002.0, 1700000002.5]}
            , {"inp": "make", "rtn": 2, "ts": [1700000003.0, null]}
            ]
            , "env": {"HOME": "/home/ada", "TOKEN": "s3cret", "cmds": [{"inp": "none"}]}, "locked": false,
             "sessionid": "1-2", "ts": [1700000000.0, null]}
            }
            """;

    @Override
    protected TaskSource source() {
        return new XonshSource();
    }

    @Override
    protected Sample sample() {
        return new Sample("xonsh-1-2.json", SESSION, 3);
    }

    @Test
    void takesTimesFoldersAndExitCodes() throws IOException {
        var tasks = read(SESSION).tasks();
        assertThat(tasks).extracting(Task::type).containsExactly("git status", "xonsh:for", "make");
        assertThat(tasks.getFirst())
                .returns(Instant.ofEpochMilli(1_700_000_000_250L), Task::timestamp)
                .returns(Duration.ofMillis(1500), Task::duration)
                .returns(true, Task::success);
        assertThat(tasks.getFirst().parameters()).containsEntry(Task.WORKING_DIRECTORY, "/home/ada/src");
        assertThat(tasks.getLast()).returns(false, Task::success);
    }

    @Test
    void leavesTheEnvironmentThatASessionHoldsWhereItIs() throws IOException {
        assertThat(read(SESSION).tasks()).noneMatch(task -> task.toString().contains("s3cret"));
        assertThat(read("{\"cmds\": [], \"sessionid\": \"1\", \"env\": {\"cmds\": [{\"inp\": \"ls\"}]}}")
                        .tasks())
                .isEmpty();
    }

    @Test
    void keepsWhatStandsBeforeABreak() throws IOException {
        var read = read(SESSION.substring(0, SESSION.indexOf("{\"inp\": \"make\"") + 5));
        assertThat(read.tasks()).hasSize(2);
        assertThat(read.skippedLines()).hasSize(1);
    }

    @Test
    void refusesOtherJson() {
        assertThatExceptionOfType(TaskSource.RefusedException.class).isThrownBy(() -> read("{\"sessionid\": \"1\"}"));
        assertThatExceptionOfType(TaskSource.RefusedException.class).isThrownBy(() -> read("{}"));
    }

    @Test
    void findsTheSessionsOfOldAndNewVersions(@TempDir Path home) throws IOException {
        Path data = Files.createDirectories(home.resolve(".local/share/xonsh/history_json"));
        Path old = Files.writeString(data.resolveSibling("xonsh-1.json"), "");
        Path now = Files.writeString(data.resolve("xonsh-2.json"), "");
        Path database = Files.writeString(data.resolveSibling("xonsh-history.sqlite"), "");
        Files.writeString(data.resolve("other.json"), "");
        assertThat(source().discover(home, Map.of())).containsExactly(old, now, database);
    }
}
