package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories of shells of today, found where they lie by {@code import} without a file. */
@Tag("slow")
class FoundHistoriesIT {
    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void ofNushellPowerShellXonshAndAtuinAreReadAndWhatIsOfTheirOwnLanguageIsCalledSo() throws Exception {
        // In the home that tests have, and where a variable says.
        file("user/.config/nushell/history.txt", "ls | where size > 1mb\ncargo build\n");
        file("data/powershell/PSReadLine/ConsoleHost_history.txt", "Get-ChildItem `\n  -Recurse\ngit status\n");
        file("data/xonsh/history_json/xonsh-1.json", """
                {"locs": [1], "data": {"cmds": [{"inp": "make", "rtn": 0, "ts": [1700000000.0, 1700000001.0]}],
                 "env": {"TOKEN": "hunter2"}, "sessionid": "1"}}""");
        Files.createDirectories(folder.resolve("data/atuin"));
        try (var atuin = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/atuin/history.db"));
                var statement = atuin.createStatement()) {
            statement.execute(
                    "create table history (id text primary key, timestamp integer not null, duration integer not null,"
                            + " exit integer not null, command text not null, cwd text not null, session text not null,"
                            + " hostname text not null, unique(timestamp, cwd, command))");
            statement.execute(
                    "insert into history values ('a', 1700000100000000000, 1, 0, 'tar -cf a.tar b', '/srv', 's', 'h')");
        }
        var understudy = new Launcher(
                folder.resolve("understudy"),
                folder,
                Map.of("XDG_DATA_HOME", folder.resolve("data").toString()));

        var imported = understudy.run("import");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("(nushell)", "(powershell)", "(xonsh)", "(atuin)");

        JsonNode tasks = new ObjectMapper()
                .readTree(understudy.run("tasks", "--json").out())
                .path("tasks");
        assertThat(tasks)
                .extracting(task -> task.path("task_type").asText())
                .containsExactlyInAnyOrder(
                        "nushell:ls", "cargo build", "powershell:Get-ChildItem", "git status", "make", "tar");
        assertThat(tasks.toString()).doesNotContain("hunter2");
    }
}
