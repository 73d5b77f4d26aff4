package dev.understudy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.history.ImportReport;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.plugins.tasksources.JsonLinesSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedTasksTest {

    @Test
    void areAllReadableAndTheSameEachTime(@TempDir Path folder) throws IOException {
        Path file = GeneratedTasks.write(folder.resolve("a.jsonl"), 2000);
        ImportReport report =
                TaskHistory.inMemory(List.of(new JsonLinesSource()), 5000).importFile(file);
        assertThat(report.skippedLines()).isEmpty();
        assertThat(report.imported()).isEqualTo(2000);
        assertThat(report.redacted()).isZero();
        assertThat(GeneratedTasks.write(folder.resolve("b.jsonl"), 2000)).hasSameTextualContentAs(file);
        assertThat(Files.size(file) / 2000).isBetween(150L, 400L);
    }
}
