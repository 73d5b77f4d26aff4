package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.PerformanceMetric;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.Thresholds;
import dev.understudy.spi.performance.WorkflowExecution;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformanceHistoryTest {
    static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");
    static final Thresholds THRESHOLDS =
            new Thresholds(Duration.ofSeconds(1), Duration.ofSeconds(2), 80, 80, 0.95, Duration.ofSeconds(5));

    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("store.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private PerformanceHistory keeping(int metrics, int executions) {
        return new PerformanceHistory(database, THRESHOLDS, metrics, executions);
    }

    private static PerformanceMetric metric(int minute, long millis, boolean success) {
        return new PerformanceMetric(
                "m" + minute,
                "backup",
                DAY.plus(Duration.ofMinutes(minute)),
                Duration.ofMillis(millis),
                minute % 10 == 0 ? 90 : 10,
                5,
                success);
    }

    private static WorkflowExecution execution(int minute, long millis) {
        Instant start = DAY.plus(Duration.ofMinutes(minute));
        Instant end = start.plusMillis(millis);
        return new WorkflowExecution(
                "e" + minute,
                "deploy",
                start,
                end,
                ExecutionState.SUCCEEDED,
                List.of(new StepExecution(
                        "build",
                        start,
                        end,
                        ExecutionState.SUCCEEDED,
                        Map.of("module", "core"),
                        new ResourceUse(42.5, Double.NaN))));
    }

    private static final Instant END = DAY.plus(Duration.ofDays(30));

    @Nested
    class Metrics {
        @Test
        void comeBackAsTheyWereRecorded() {
            PerformanceHistory history = keeping(100, 100);
            PerformanceMetric metric = metric(7, 1234, false);

            assertThat(history.recordMetrics(List.of(metric, metric))).isEqualTo(1);
            assertThat(history.metrics("backup", DAY, END)).containsExactly(metric);
        }

        @Test
        void haveStatisticsOverATimeRange() {
            PerformanceHistory history = keeping(100, 100);
            history.recordMetrics(List.of(
                    metric(1, 100, true),
                    metric(2, 200, true),
                    metric(3, 300, false),
                    metric(4, 1400, true),
                    metric(600, 9, true)));

            DurationStatistics found = history.processStatistics("backup", DAY, DAY.plus(Duration.ofHours(1)));

            assertThat(found.count()).isEqualTo(4);
            assertThat(found.successRate()).isEqualTo(0.75);
            assertThat(found.meanMillis()).isEqualTo(500);
            assertThat(found.minMillis()).isEqualTo(100);
            assertThat(found.maxMillis()).isEqualTo(1400);
            // (400² + 300² + 200² + 900²) / 4
            assertThat(found.varianceMillis2()).isCloseTo(275_000, within(1e-6));
            assertThat(found.bottlenecks()).isEqualTo(1);
            assertThat(found.p99Millis()).isCloseTo(1400, within(1.4));
        }

        @Test
        void thatAreNoLongerKeptStillCount() {
            PerformanceHistory history = keeping(10, 100);
            history.recordMetrics(IntStream.range(0, 1000)
                    .mapToObj(i -> metric(i, i + 1, i % 4 != 0))
                    .toList());

            DurationStatistics found = history.processStatistics("backup", DAY, END);

            assertThat(history.metrics("backup", DAY, END)).hasSize(10);
            assertThat(found.count()).isEqualTo(1000);
            assertThat(found.successRate()).isEqualTo(0.75);
            assertThat(found.meanMillis()).isCloseTo(500.5, within(1e-9));
            assertThat(found.medianMillis()).isCloseTo(500, within(1.0));
            assertThat(found.p95Millis()).isCloseTo(950, within(2.0));
            // A tenth of them used 90 % of their processor time.
            assertThat(found.bottlenecks()).isEqualTo(100);
        }

        @Test
        void nameTheSlowProcesses() {
            PerformanceHistory history = keeping(100, 100);
            history.recordMetrics(List.of(metric(1, 2500, true)));

            assertThat(history.slowProcesses(DAY, END))
                    .extracting(PerformanceHistory.ProcessStatistics::process)
                    .containsExactly("backup");
        }
    }

    @Nested
    class Executions {
        @Test
        void comeBackAsTheyWereRecorded() {
            PerformanceHistory history = keeping(100, 100);
            WorkflowExecution execution = execution(5, 900);

            assertThat(history.recordExecutions(List.of(execution))).isEqualTo(1);
            assertThat(history.recordExecutions(List.of(execution))).isZero();
            assertThat(history.executions("deploy", DAY, END).executions()).containsExactly(execution);
        }

        @Test
        void thatAreNoLongerKeptStillCount() {
            PerformanceHistory history = keeping(100, 10);
            history.recordExecutions(
                    IntStream.range(0, 300).mapToObj(i -> execution(i, 100)).toList());

            assertThat(history.executions("deploy", DAY, END).executions()).hasSize(10);
            assertThat(history.executionStatistics("deploy", DAY, END).count()).isEqualTo(300);
            assertThat(history.stepStatistics("deploy", DAY, END).get("build"))
                    .extracting(DurationStatistics::count, DurationStatistics::meanMillis)
                    .containsExactly(300L, 100.0);
        }

        @Test
        void recordedTwiceCountOnce() {
            PerformanceHistory history = keeping(100, 100);
            history.recordExecutions(List.of(execution(1, 100), execution(2, 100)));
            history.recordExecutions(List.of(execution(2, 100), execution(3, 100)));

            assertThat(history.executionStatistics("deploy", DAY, END).count()).isEqualTo(3);
        }

        @Test
        void outliveTheProcess() {
            keeping(100, 100).recordExecutions(List.of(execution(1, 100)));
            database.close();
            database = Database.open(folder.resolve("store.db"));

            assertThat(keeping(100, 100).workflows()).containsExactly("deploy");
        }
    }
}
