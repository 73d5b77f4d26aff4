package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskMatchTest {
    private static Optional<Map<String, String>> bindings(Map<String, String> where, Map<String, Object> parameters) {
        var match = new TaskMatch(new Trigger.TaskRecorded("cp", where));
        return match.bindings(new Task("1", "cp", "", parameters, Instant.EPOCH, Duration.ZERO, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            cp {file} /bak            | cp a.txt /bak          | a.txt
            cp {file} /bak            | cp 'a b.txt' /bak      | a b.txt
            cp {file} /bak            | cp "it's.txt" /bak     | it's.txt
            cp ~/notes/{file}.txt /bak | cp ~/notes/x.txt /bak | x
            """)
    void aWordOfTheCommandIsBoundWithoutItsQuotes(String form, String command, String bound) {
        assertThat(bindings(Map.of("command", form), Map.of(Task.COMMAND, command)))
                .contains(Map.of("file", bound));
    }

    @ParameterizedTest
    @CsvSource({"cp a b /bak", "cp a /bak extra", "mv a /bak", "cp /bak"})
    void anotherCommandIsNone(String command) {
        assertThat(bindings(Map.of("command", "cp {file} /bak"), Map.of(Task.COMMAND, command)))
                .isEmpty();
    }

    @Test
    void valuesOfOtherParametersAreBoundWholeWithTheirSpaces() {
        assertThat(bindings(
                        Map.of("input", "{month}/sales {place}.csv", "copies", "2"),
                        Map.of("input", "2026-11/sales old harbour.csv", "copies", 2L)))
                .contains(Map.of("month", "2026-11", "place", "old harbour"));
    }

    @Test
    void onePlaceholderStandsForOneText() {
        Map<String, String> where = Map.of("input", "{name}.csv", "output", "{name}.json");
        assertThat(bindings(where, Map.of("input", "a.csv", "output", "a.json")))
                .contains(Map.of("name", "a"));
        assertThat(bindings(where, Map.of("input", "a.csv", "output", "b.json")))
                .isEmpty();
    }

    @Test
    void aTaskWithoutTheParameterOrWithAListIsNone() {
        assertThat(bindings(Map.of("input", "{name}"), Map.of())).isEmpty();
        assertThat(bindings(Map.of("input", "{name}"), Map.of("input", List.of("a"))))
                .isEmpty();
    }

    @Test
    void withoutAConditionEveryTaskOfTheTypeIsMeant() {
        assertThat(bindings(Map.of(), Map.of("x", "y"))).contains(Map.of());
        var match = new TaskMatch(new Trigger.TaskRecorded("mv", Map.of()));
        assertThat(match.bindings(new Task("1", "cp", "", Map.of(), Instant.EPOCH, Duration.ZERO, true)))
                .isEmpty();
    }
}
