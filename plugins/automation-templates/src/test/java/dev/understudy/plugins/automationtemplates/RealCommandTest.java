package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '"',
            value = {
                "{name}.csv            # 'it'\\''s ä; rm -rf ~.csv'",
                "*.tmp                 # *.tmp",
                "a b*.tmp              # 'a b'*.tmp",
                "[^k]*.tmp             # [^k]*.tmp",
                "{name}[0-9]?          # 'it'\\''s ä; rm -rf ~'[0-9]?",
                "\\*.tmp               # '*.tmp'",
                "~/x y                 # ~/'x y'",
                "~                     # ~",
                "a~b                   # 'a~b'",
                "$(id)                 # '$(id)'",
                ">                     # >",
                "2>                    # 2>",
                "'>'                   # '>'",
                "|                     # |",
            })
    void quotesAllButWhatTheShellReads(String word, String expected) {
        assertThat(line(List.of(word)).get("line")).isEqualTo("cp " + expected);
    }

    @Test
    void setsVariablesBeforeTheProgram() {
        assertThat(line(List.of("LC_ALL=C", "a", "b")).get("line")).isEqualTo("LC_ALL=C cp a b");
    }

    @Test
    void namesEachProgramOfAPipe() {
        assertThat(line(List.of("a", "|", "uniq", ">", "b")))
                .containsEntry("line", "cp a | uniq > b")
                .containsEntry("folder", "/d")
                .containsEntry("programs", List.of("cp", "uniq"));
    }

    private static Map<String, Object> line(List<Object> words) {
        var pattern = new TaskPattern(
                "p",
                "d",
                "cp",
                3,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                1,
                Map.of(Task.ARGUMENTS, words, Task.WORKING_DIRECTORY, "/d"),
                List.of(),
                AutomationPotential.of(3, Duration.ofSeconds(1), Duration.ZERO),
                List.of());
        return RealCommand.of(pattern, Map.of("name", "it's ä; rm -rf ~")).orElseThrow();
    }
}
