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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    // atuinsh/atuin#234: what fish 3.6 writes for such commands, which is no YAML, and an entry that was cut short.
    @Test
    void readsTheFormsThatFishWrites() throws IOException {
        Reading reading = read("""
                - cmd: for f in a b\\n    echo $f\\nend
                  when: 1795888748
                - cmd: true; and echo yes; or echo no
                  when: 1795888749
                - cmd: echo 'it\\\\'s' # note
                  when: 1795888750
                - cmd: echo "a\\\\\\\\b"
                  when: 1795888751
                - cmd: echo foo \\\\\\n  bar
                  when: 1795888753
                - cmd: echo 'one\\n\\ntwo'
                  when: 1795888754
                - cmd: mv a.txt
                  when: 17958
                """);
        assertThat(reading.tasks())
                .extracting(task -> task.type() + task.parameters().get("arguments"))
                .containsExactly(
                        "for[f, in, a, b, ;, echo, $f, ;, end]",
                        "true ; echo ; echo[;, and, echo, yes, ;, or, echo, no]",
                        "echo[it's]",
                        "echo[a\\b]",
                        "echo[foo, bar]",
                        "echo[one\n\ntwo]",
                        "mv[a.txt]");
        assertThat(reading.tasks().getLast().timestamp()).isAfter(Instant.ofEpochSecond(1_795_888_754));
        assertThat(reading.skippedLines()).containsExactly(14L);
    }

    @Test
    void saysThatARepeatedCommandStandsThereOnce() throws IOException {
        assertThat(read(sample().bytes()).notes()).singleElement().asString().contains("keeps a repeated command once");
    }

    // Each cd stands where it was typed last, so that none tells where another command ran.
    @Test
    void knowsNoFolder() throws IOException {
        assertThat(read("- cmd: cd /srv\n  when: 1700000000\n- cmd: cp *.txt b\n  when: 1700000001\n")
                        .tasks())
                .last()
                .satisfies(task -> assertThat(task.parameters())
                        .doesNotContainKey(Task.WORKING_DIRECTORY)
                        .containsEntry(Task.SHELL, "fish"));
    }

    // atuinsh/atuin#601, #573; fish-shell/fish-shell#862, #4172: XDG_DATA_HOME, and a history for each name.
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".local/share/fish/fish_history",
                ".local/share/fish/work_history",
                "x/fish/fish_history",
                ".config/fish/fish_history",
            })
    void findsTheHistoryInAHome(String name, @TempDir Path home) throws IOException {
        Path history = home.resolve(name);
        Files.createDirectories(history.getParent());
        Files.writeString(history, "");
        assertThat(source().discover(
                                home, Map.of("XDG_DATA_HOME", home.resolve("x").toString())))
                .containsExactly(history);
    }
}
