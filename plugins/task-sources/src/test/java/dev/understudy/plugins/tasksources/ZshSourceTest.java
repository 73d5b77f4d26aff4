package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void findsTheHistoryInAHome(@TempDir Path home) throws IOException {
        Path history = Files.writeString(home.resolve(".zsh_history"), "ls\n");
        assertThat(source().discover(home)).containsExactly(history);
    }
}
