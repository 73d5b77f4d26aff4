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

class PowerShellSourceTest extends TaskSourceContract {

    @Override
    protected TaskSource source() {
        return new PowerShellSource();
    }

    // As PSReadLine 2.3 writes it: File.WriteLine of each entry, with "`\n" for a line end in it.
    @Override
    protected Sample sample() {
        return new Sample(
                "ConsoleHost_history.txt",
                "Get-ChildItem -Recurse `\n  -Filter *.log\ngit status\nforeach ($f in 1..3) {`\n  $f`\n}\n",
                3);
    }

    @Test
    void aCommandOfItsOwnIsNoOtherShells() throws IOException {
        assertThat(read("Get-ChildItem -Recurse `\n  -Filter *.log\n").tasks())
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.type()).isEqualTo("powershell:Get-ChildItem");
                    assertThat(task.parameters())
                            .containsEntry(Task.COMMAND, "Get-ChildItem -Recurse \n  -Filter *.log")
                            .containsEntry(Task.ARGUMENTS, List.of("-Recurse", "-Filter", "*.log"));
                });
        // On Windows these are cmdlets by other names.
        assertThat(read("cp a.txt b\nrm -r -fo x\n$x = 1\ncurl http://a/b\n1..3 | % { $_ }\n& ./x.ps1\n")
                        .tasks())
                .extracting(Task::type)
                .allMatch(type -> type.startsWith("powershell:"));
    }

    @Test
    void aProgramWithPlainWordsIsTheSameTaskAsAnywhere() throws IOException {
        assertThat(read("git commit --amend\nGet-Date\n").tasks().getFirst()).satisfies(task -> {
            assertThat(task.type()).isEqualTo("git commit");
            assertThat(task.parameters())
                    .containsEntry(Task.ARGUMENTS, List.of("--amend"))
                    .doesNotContainKey(Task.SHELL);
        });
        // A backslash is no escape there, nor is a comma a part of a word.
        assertThat(read("git add C:\\x\\y\ngit add a,b\n").tasks())
                .extracting(Task::type)
                .containsOnly("powershell:git");
    }

    @Test
    void saysWhereAnEntryIsCutShort() throws IOException {
        assertThat(read("git status\nGet-Item `\n").skippedLines()).hasSize(1);
    }

    @Test
    void findsTheHistoryInAHomeAndWhereXdgSays(@TempDir Path home) throws IOException {
        Path usual = file(home.resolve(".local/share/powershell/PSReadLine/ConsoleHost_history.txt"));
        Path named = file(home.resolve("data/powershell/PSReadLine/ConsoleHost_history.txt"));
        assertThat(source().discover(
                                home,
                                Map.of("XDG_DATA_HOME", home.resolve("data").toString())))
                .containsExactly(named, usual);
    }

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "");
    }
}
