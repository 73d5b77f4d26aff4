package dev.understudy.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the SPI does for detectors of tasks that are all the same. */
class SamePatternTest {
    private static final Instant NOON = Instant.parse("2026-11-16T12:00:00Z");

    private static Task task(int number, boolean success) {
        return new Task(
                "t" + number,
                "backup",
                "",
                Map.of("what", "a{b}"),
                NOON.plusSeconds(number),
                Duration.ofSeconds(number),
                success);
    }

    @Test
    void aPatternOfTasksThatAreTheSameHasTheirFiguresAndNoVariables() {
        TaskPattern pattern =
                TaskPattern.ofSame("id", "mine", List.of(task(2, true), task(4, false), task(3, true)), NOON);

        assertThat(pattern)
                .returns(3, TaskPattern::occurrences)
                .returns(NOON.plusSeconds(2), TaskPattern::first)
                .returns(NOON.plusSeconds(4), TaskPattern::last)
                .returns(Duration.ofSeconds(3), TaskPattern::averageDuration)
                .returns(2 / 3.0, TaskPattern::successRate)
                .returns(List.of(), TaskPattern::variables)
                .returns(Map.of("what", "a{{b}}"), TaskPattern::parameters);
        assertThat(pattern.observations())
                .extracting(observation -> observation.task().id())
                .containsExactly("t4", "t3", "t2");
    }

    @ParameterizedTest
    @CsvSource({"2, 60, 0:59:200, true", "3, 60, 0:59:200, false", "3, 200, 200:0:59, true", "3, 0, 0:59:90000, true"})
    void timesMeetTheSettingsWhereEnoughFallWithinTheWindow(
            int occurrences, long windowSeconds, String times, boolean met) {
        var settings = new PatternDetector.Settings(occurrences, Duration.ofSeconds(windowSeconds), 100);
        assertThat(settings.isMetWithinWindow(Stream.of(times.split(":"))
                        .map(time -> NOON.plusSeconds(Long.parseLong(time)))
                        .toList()))
                .isEqualTo(met);
    }
}
