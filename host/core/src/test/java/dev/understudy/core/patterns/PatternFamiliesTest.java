package dev.understudy.core.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Sequence;
import dev.understudy.spi.TaskPattern.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list names each routine once, whatever the programs are called (issue 12). */
class PatternFamiliesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T11:00:00Z");

    /** Commands that follow one another, separated by " → "; the text is the id. */
    private static TaskPattern seen(int times, String commands) {
        List<Step> steps = Arrays.stream(commands.split(" → "))
                .map(PatternFamiliesTest::step)
                .toList();
        var took = Duration.ofSeconds(3L * steps.size());
        return new TaskPattern(
                commands,
                "by hand",
                steps.getFirst().taskType(),
                times,
                NOON,
                NOON,
                took,
                1,
                steps.getFirst().parameters(),
                List.of(),
                AutomationPotential.of(times, took, Duration.ZERO),
                List.of(),
                steps.size() == 1 ? Optional.empty() : Optional.of(new Sequence(steps, List.of(), 0, 0)));
    }

    private static Step step(String command) {
        List<String> words = List.of(command.split(" "));
        return new Step(
                words.getFirst(), Map.of(Task.ARGUMENTS, new ArrayList<Object>(words.subList(1, words.size()))));
    }

    private static Map<String, String> variants(TaskPattern... patterns) {
        return PatternFamilies.variants(List.of(patterns));
    }

    @ParameterizedTest(name = "{1} of {0}: {2}")
    @CsvSource({
        // One option more, another one in its place, none.
        "plot -d x {file}, plot x {file}, true",
        "plot -d5 x {file}, plot -d7 x {file}, true",
        "plot -d5 -q {file}, plot -d7 -v {file}, false",
        // More names of the same.
        "plot {file}, plot {files...} {file}, true",
        "plot {a} {b}, plot {c}, true",
        "plot {a}, plot sales-{day}.csv, true",
        "plot sales-{day}.csv, plot costs-{day}.csv, false",
        // Another file, another program of an interpreter, another subject.
        "plot sales.csv, plot costs.csv, false",
        "run load.py {day}, run -m tests {file}, false",
        "plot {file}, draw {file}, false",
    })
    void ofACommandIsOneThatDiffersByAnOption(String more, String less, boolean variant) {
        var found = variants(seen(20, more), seen(4, less));
        assertThat(found).isEqualTo(variant ? Map.of(less, more) : Map.of());
    }

    @ParameterizedTest(name = "{1} of {0}: {2}")
    @CsvSource({
        // All but one of three, three of four, not two of four.
        "write → build → look → send, write → build → print, true",
        "write → build → look → send, write → build → look → print, true",
        "write → build → look → send, write → build → print → drop, false",
        // Two are a routine of their own unless both are there.
        "write → build → look → send, write → look, true",
        "write → build → look → send, write → print, false",
        // A loop begins anywhere.
        "edit → build → test, test → edit → build, true",
        "edit → build → test, test → edit, true",
        "edit → build → test → send, send → test → build → edit, false",
    })
    void ofASequenceIsOneOfMostlyItsSteps(String more, String less, boolean variant) {
        var found = variants(seen(20, more), seen(4, less));
        assertThat(found).isEqualTo(variant ? Map.of(less, more) : Map.of());
    }

    @Test
    void aCommandIsPartOfASequenceThatExplainsHalfOfIt() {
        var morning = seen(9, "pull → load {day} → check -q");
        assertThat(variants(morning, seen(18, "load {day}"), seen(19, "check -q")))
                .isEqualTo(Map.of("load {day}", "pull → load {day} → check -q"));
    }

    @Test
    void aPartOfAVariantBelongsToItsHead() {
        var found = variants(
                seen(30, "write → build → look → send"), seen(6, "write → build → look → print"), seen(6, "print"));
        assertThat(found)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "write → build → look → print", "write → build → look → send",
                        "print", "write → build → look → send"));
    }

    @Test
    void theHeadIsTheOneThatTookLongestAmongThoseOfLikePotential() {
        // 0.97 and 0.98, and four times as much time in all.
        assertThat(variants(seen(46, "edit → build → run → look"), seen(9, "edit → build → run → look → drop")))
                .isEqualTo(Map.of("edit → build → run → look → drop", "edit → build → run → look"));
        // A rare long one does not stand for a frequent one, nor the other way round where potentials are apart.
        assertThat(variants(seen(3, "edit → build → run"), seen(30, "edit → build → run → look")))
                .containsOnlyKeys("edit → build → run");
    }

    @Test
    void tasksThatNoShellRanAreComparedByAllTheirParameters() {
        var one = task("copy-1", Map.of("source", "~/{name}.txt", "destination", "~/bak"));
        var same = task("copy-2", Map.of("source", "~/{file}.txt", "destination", "~/bak"));
        var other = task("copy-3", Map.of("source", "~/{name}.txt", "destination", "~/old"));
        assertThat(PatternFamilies.variants(Stream.of(one, same, other).toList()))
                .isEqualTo(Map.of("copy-2", "copy-1"));
    }

    private static TaskPattern task(String id, Map<String, Object> parameters) {
        var took = Duration.ofSeconds(3);
        return new TaskPattern(
                id,
                "by hand",
                "copy_file",
                9,
                NOON,
                NOON,
                took,
                1,
                parameters,
                List.of(),
                AutomationPotential.of(9, took, Duration.ZERO),
                List.of(),
                Optional.empty());
    }
}
