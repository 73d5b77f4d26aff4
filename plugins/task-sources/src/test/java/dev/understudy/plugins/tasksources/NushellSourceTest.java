package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nushell's text; its database is read with a real SQLite in the host's tests. */
class NushellSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new NushellSource();
    }

    // As reedline's FileBackedHistory writes it.
    @Override
    protected Sample sample() {
        return new Sample(
                "history.txt",
                "ls | where size > 1mb\nfor x in 1..3 {<\\n>  print $x<\\n>}\ncargo build --release\n",
                3);
    }

    @Test
    void tellsItsOwnCommandsFromProgramsThatItCalls() throws IOException {
        assertThat(
                        read("ls | where size > 1mb\nopen a.json | get name\nfor x in 1..3 {<\\n>  print $x<\\n>}\ncargo build\n")
                                .tasks())
                .extracting(Task::type)
                .containsExactly("nushell:ls", "nushell:open", "nushell:for", "cargo build");
        assertThat(read("ls | get 0<\\n>\n").tasks().getFirst().parameters())
                .containsEntry(Task.COMMAND, "ls | get 0\n")
                .containsEntry(Task.ARGUMENTS, List.of("|", "get", "0"));
    }

    @Test
    void takesTheDatabaseWhereBothAreThere(@TempDir Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve("conf/nushell"));
        Path text = Files.writeString(folder.resolve("history.txt"), "");
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", home.resolve("conf").toString());
        assertThat(source().discover(home, environment)).containsExactly(text);
        Path database = Files.writeString(folder.resolve("history.sqlite3"), "");
        assertThat(source().discover(home, environment)).containsExactly(database);
    }
}
