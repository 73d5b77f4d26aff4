package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyOnWriteViewTest {
    @TempDir
    Path folder;

    @Test
    void writesNothingToTheHost() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "before");
        var transactions = new FileTransactions(folder.resolve("runs"), List.of(), InstantSource.system());
        var grants = new Grants(List.of(), List.of(file), List.of(), List.of());
        try (var view = transactions.view("r1", grants, Limits.DEFAULT, Map.of(), Set.of())) {
            int handle = view.open(file, Set.of(OpenMode.READ, OpenMode.WRITE));
            view.write(handle, 6, " and after".getBytes(UTF_8));
            assertThat(view.read(handle, 0, 100)).asString().isEqualTo("before and after");
            view.close(handle);
            assertThat(view.list(folder)).containsExactly("a.txt", "runs");
            assertThat(file).hasContent("before");
        }
        assertThat(folder.resolve("runs/r1")).doesNotExist();
    }
}
