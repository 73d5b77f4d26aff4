package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KshSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new KshSource();
    }

    // As ksh93u+m 1.0.4 writes it.
    @Override
    protected Sample sample() {
        return new Sample(
                ".sh_history",
                "\u0081\u0001ls /\n\0echo \"a b\"\n\0for f in a b\ndo\necho $f\ndone\n\0exit\n\0",
                4,
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void keepsTheLinesOfACommandTogether() throws IOException {
        assertThat(read(sample().bytes()).tasks())
                .extracting(task -> task.parameters().get(Task.COMMAND))
                .containsExactly("ls /", "echo \"a b\"", "for f in a b\ndo\necho $f\ndone", "exit");
    }

    @Test
    void passesOverTheMarksBetweenCommands() throws IOException {
        byte[] file =
                "\u0081\u0001ls\n\0\0\u0082\0\0\1\2\0wrong\n\0\u0081\0pwd\n\0".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(file).tasks()).extracting(Task::type).containsExactly("ls", "pwd");
    }

    @Test
    void keepsTheCommandsBeforeAMarkThatIsCutOff() throws IOException {
        byte[] file = "ls\n\0\u00FF\0\0".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(file).tasks()).extracting(Task::type).containsExactly("ls");
    }

    @Test
    void readsWhatMkshWrites() throws IOException {
        // As mksh 59c writes it.
        byte[] file =
                "\u00AB\u00CD\u00FF\0\0\0\1ls /\0\u00FF\0\0\0\2echo \"a b\"\0\u00FF\0\0\0\3for f in a b\ndo\necho $f\ndone\0"
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(file).tasks()).extracting(Task::type).containsExactly("ls", "echo", "for");
        assertThat(source().confidence(new TaskSource.Probe("h", new String(file, StandardCharsets.UTF_8))))
                .isGreaterThan(0.5);
    }
}
