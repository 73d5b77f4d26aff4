package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.testkit.TaskSourceContract;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryListSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new HistoryListSource();
    }

    @Override
    protected Sample sample() {
        return new Sample("commands.txt", "  501  cp a.txt bak/\n  502  git commit -m 'x y'\n", 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  501  cp a b\n  502* ls -l\n",
                "  501  2026-11-01 10:00:00 cp a b\n  502  2026-11-01 10:00:05 ls -l\n",
                "  501  [2026-11-01 10:00] cp a b\n  502  [2026-11-01 10:01] ls -l\n",
                "  501  01/11/26 10:00:00 cp a b\n  502  01/11/26 10:00:05 ls -l\n",
                "  501  Sun 01 Nov 2026 10:00:00 AM UTC cp a b\n  502  Sun Nov  1 10:00:05 2026 ls -l\n",
                "  501  1.11.2026 10:00  cp a b\n  502  1.11.2026 10:01  ls -l\n",
                "501\tcp a b\n502\tls -l\n",
            })
    void leavesNumbersAndTimesOut(String list) throws IOException {
        assertThat(read(list).tasks())
                .extracting(task -> task.parameters().get(Task.COMMAND))
                .containsExactly("cp a b", "ls -l");
    }

    @Test
    void takesATimeThatHasOneMeaning() throws IOException {
        Reading reading = read("  501  2026-11-01 10:00:00 cp a b\n  502  2026-11-01 10:00:05 ls -l\n");
        assertThat(reading.tasks().getFirst().timestamp())
                .isEqualTo(LocalDateTime.parse("2026-11-01T10:00:00")
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
        assertThat(reading.notes()).singleElement().asString().contains("time zone");
    }

    @Test
    void keepsTheLinesOfACommandTogether() throws IOException {
        assertThat(read("  501  for f in a b\ndo\n  echo 7 $f\ndone\n  502  ls\n")
                        .tasks())
                .extracting(task -> task.parameters().get(Task.COMMAND))
                .containsExactly("for f in a b\ndo\n  echo 7 $f\ndone", "ls");
    }
}
