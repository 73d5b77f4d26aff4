package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcshSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new TcshSource();
    }

    // As tcsh 6.24.07 writes it.
    @Override
    protected Sample sample() {
        return new Sample(".history", "#+1700000000\nls /\n#+1700000005\nforeach f ( a b )\n#+1700000005\nend\n", 3);
    }

    @Test
    void takesTheTimes() throws IOException {
        assertThat(read("#+1700000000\ncp a *.txt b\n").tasks()).singleElement().satisfies(task -> {
            assertThat(task.timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
            assertThat(task.type()).isEqualTo("cp");
            assertThat(task.parameters()).containsEntry(Task.SHELL, "tcsh");
        });
    }

    @Test
    void findsTheHistoryInAHome(@TempDir Path home) throws IOException {
        Path history = Files.writeString(home.resolve(".history"), "");
        assertThat(source().discover(home, Map.of())).containsExactly(history);
    }
}
