package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FishSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new FishSource();
    }

    @Override
    protected Sample sample() {
        return new Sample("fish_history", """
                - cmd: cp a.txt /bak/a.txt
                  when: 1700000000
                  paths:
                    - a.txt
                    - /bak/a.txt
                - cmd: git commit -m 'x: y'
                  when: 1700000005
                """, 2);
    }

    @Test
    void takesTheTimeAndIgnoresThePaths() throws IOException {
        Task task = read(sample().bytes()).tasks().getFirst();
        assertThat(task.timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(task.parameters()).containsOnlyKeys("command", "arguments");
    }

    @Test
    void undoesTheEscapesOfItsFile() throws IOException {
        assertThat(read("- cmd: for f in a\\n  echo \\\\$f\\nend\n  when: 1700000000\n")
                        .tasks())
                .extracting(task -> task.parameters().get("command"))
                .containsExactly("for f in a\n  echo \\$f\nend");
    }

    @Test
    void estimatesATimeThatIsMissing() throws IOException {
        assertThat(read("- cmd: a\n- cmd: b\n  when: 1700000000\n").tasks())
                .extracting(task -> task.timestamp().getEpochSecond())
                .containsExactly(1_699_999_999L, 1_700_000_000L);
    }

    @Test
    void reportsALineThatIsNoneOfItsOwn() throws IOException {
        Reading reading = read("nonsense\n- cmd: a\n  when: soon\n  what: 3\n");
        assertThat(reading.skippedLines()).containsExactly(1L, 3L, 4L);
        assertThat(reading.tasks()).extracting(Task::type).containsExactly("a");
    }

    @Test
    void findsTheHistoryInAHome(@TempDir Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".local/share/fish"));
        Path history = Files.writeString(folder.resolve("fish_history"), "");
        assertThat(source().discover(home)).containsExactly(history);
    }
}
