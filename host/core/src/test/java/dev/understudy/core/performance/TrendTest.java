package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.config.Config;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");

    @TempDir
    Path folder;

    private static WorkflowExecution execution(Instant start, long millis) {
        return new WorkflowExecution(
                start.toString(), "deploy", start, start.plusMillis(millis), ExecutionState.SUCCEEDED, List.of());
    }

    @Test
    void cutsAPeriodIntoThirtyPartsOfWholeHours() {
        var period = new Period(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(30)));
        assertThat(Trend.step(period)).isEqualTo(Duration.ofDays(1));
        assertThat(Trend.parts(period)).hasSize(30).startsWith(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)));
        assertThat(Trend.step(new Period(MIDNIGHT, MIDNIGHT.plusSeconds(600)))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void isThereForEachStep() {
        try (Database database = Database.open(folder.resolve("store.db"))) {
            PerformanceHistory history = PerformanceHistory.of(Config.DEFAULT, database);
            for (int day = 0; day < 10; day++) {
                Instant start = MIDNIGHT.plus(Duration.ofDays(day));
                Instant middle = start.plusMillis(1000);
                // The join takes longer every day, the rest as long as ever.
                Instant end = middle.plusMillis(500L * (day + 1));
                history.recordExecutions(List.of(new WorkflowExecution(
                        "e" + day,
                        "nightly",
                        start,
                        end,
                        ExecutionState.SUCCEEDED,
                        List.of(
                                new StepExecution(
                                        "read", start, middle, ExecutionState.SUCCEEDED, Map.of(), ResourceUse.UNKNOWN),
                                new StepExecution(
                                        "join",
                                        middle,
                                        end,
                                        ExecutionState.SUCCEEDED,
                                        Map.of(),
                                        ResourceUse.UNKNOWN)))));
            }
            var period = new Period(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(10)));
            List<Trend.Part> join = Trend.ofStep(history, "nightly", "join", period);
            assertThat(join).hasSize(10);
            assertThat(join.getFirst().statistics().meanMillis()).isCloseTo(500, within(5.0));
            assertThat(join.getLast().statistics().meanMillis()).isCloseTo(5000, within(50.0));
            assertThat(Trend.ofStep(history, "nightly", "read", period))
                    .allSatisfy(
                            part -> assertThat(part.statistics().meanMillis()).isCloseTo(1000, within(10.0)));
            assertThat(Trend.ofStep(history, "nightly", "none", period)).isEmpty();
        }
    }

    @Test
    void putsEachExecutionIntoThePartInWhichItBegan() {
        try (Database database = Database.open(folder.resolve("store.db"))) {
            PerformanceHistory history = PerformanceHistory.of(Config.DEFAULT, database);
            history.recordExecutions(Stream.of(
                            execution(MIDNIGHT.plus(Duration.ofMinutes(1)), 100),
                            execution(MIDNIGHT.plus(Duration.ofMinutes(119)), 300),
                            execution(MIDNIGHT.plus(Duration.ofMinutes(120)), 500),
                            execution(MIDNIGHT.plus(Duration.ofHours(23)), 700))
                    .toList());
            List<Trend.Part> trend =
                    Trend.of(history, "deploy", new Period(MIDNIGHT, MIDNIGHT.plus(Duration.ofHours(60))));
            assertThat(trend)
                    .extracting(Trend.Part::from)
                    .containsExactly(MIDNIGHT, MIDNIGHT.plus(Duration.ofHours(2)), MIDNIGHT.plus(Duration.ofHours(22)));
            assertThat(trend).extracting(part -> part.statistics().count()).containsExactly(2L, 1L, 1L);
            assertThat(trend)
                    .extracting(part -> Math.round(part.statistics().meanMillis()))
                    .containsExactly(200L, 500L, 700L);
        }
    }
}
