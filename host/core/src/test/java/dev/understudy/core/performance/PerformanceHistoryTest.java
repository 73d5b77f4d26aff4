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
                        minute % 2 == 0 ? new ResourceUse(42.5, Double.NaN) : new ResourceUse(42.5, Double.NaN, 1e6))));
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
            var withIo =
                    new PerformanceMetric("io", "backup", DAY.plusSeconds(1), Duration.ofSeconds(1), 1, 1, true, 4096);
            history.recordMetrics(List.of(withIo));
            assertThat(history.metrics("backup", DAY, END)).containsExactly(withIo, metric);
            assertThat(history.metricsAsExecutions("backup", DAY, END)
                            .executions()
                            .getFirst()
                            .steps()
                            .getFirst()
                            .use()
                            .ioBytes())
                    .isEqualTo(4096);
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
            // (400² + 300² + 200² + 900²) / 3, in square seconds
            assertThat(found.varianceSeconds2()).isCloseTo(1.1 / 3, within(1e-9));
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

    @Nested
    class NamesThatAreMadeUp {
        private static WorkflowExecution named(int number, String workflow, List<String> steps) {
            return new WorkflowExecution(
                    "n" + number,
                    workflow,
                    DAY,
                    DAY.plusMillis(1),
                    ExecutionState.SUCCEEDED,
                    steps.stream()
                            .map(step -> new StepExecution(
                                    step,
                                    DAY,
                                    DAY.plusMillis(1),
                                    ExecutionState.SUCCEEDED,
                                    Map.of(),
                                    ResourceUse.UNKNOWN))
                            .toList());
        }

        @Test
        void areOneWorkflowBeyondFiveThousand() {
            PerformanceHistory history = keeping(100, 100);
            for (int batch = 0; batch < 4; batch++) {
                int first = 2000 * batch;
                history.recordExecutions(IntStream.range(first, first + 2000)
                        .mapToObj(i -> named(i, "GET /order/" + i, List.of()))
                        .toList());
            }

            assertThat(history.workflows()).hasSize(5001).contains(SummaryStore.OTHER);
            assertThat(history.executionStatistics(SummaryStore.OTHER, DAY, END).count())
                    .isEqualTo(3000);
        }

        @Test
        void areOneStepBeyondFiveHundred() {
            PerformanceHistory history = keeping(100, 100);
            for (int batch = 0; batch < 4; batch++) {
                int first = 200 * batch;
                history.recordExecutions(List.of(named(
                        batch,
                        "deploy",
                        IntStream.range(first, first + 200)
                                .mapToObj(i -> "step " + i)
                                .toList())));
            }

            Map<String, DurationStatistics> steps = history.stepStatistics("deploy", DAY, END);
            assertThat(steps).hasSize(501);
            assertThat(steps.get(SummaryStore.OTHER))
                    .extracting(DurationStatistics::count)
                    .isEqualTo(300L);
        }
    }

    @Nested
    class AfterFiveWeeks {
        private long summaries() {
            return database.read(handle -> handle.createQuery("SELECT count(*) FROM duration_summary")
                    .mapTo(Long.class)
                    .one());
        }

        @Test
        void hoursBecomeDaysAndStillCount() {
            PerformanceHistory history = keeping(100, 100);
            // One an hour for a hundred days, of the workflow and its step.
            for (int day = 0; day < 100; day++) {
                int first = 1440 * day;
                history.recordExecutions(IntStream.range(0, 24)
                        .mapToObj(hour -> execution(first + 60 * hour, 100))
                        .toList());
            }

            // The newest day and the 35 before it by the hour, 64 by the day.
            assertThat(summaries()).isEqualTo(2 * (36 * 24 + 64));
            Instant end = DAY.plus(Duration.ofDays(100));
            assertThat(history.executionStatistics("deploy", DAY, end).count()).isEqualTo(2400);
            // Of what is that old, the whole day counts of which any part is asked for.
            Instant noon = DAY.plus(Duration.ofHours(12));
            assertThat(history.executionStatistics("deploy", noon, noon.plus(Duration.ofHours(1)))
                            .count())
                    .isEqualTo(24);
        }

        @Test
        void whatComesLateIsAddedToItsDay() {
            PerformanceHistory history = keeping(100, 100);
            history.recordExecutions(List.of(execution(60, 100)));
            history.recordExecutions(List.of(execution(1440 * 60, 100)));
            history.recordExecutions(List.of(execution(0, 300), execution(120, 500)));
            history.recordExecutions(List.of(execution(1440 * 61, 100)));

            assertThat(history.executionStatistics("deploy", DAY, DAY.plus(Duration.ofDays(1))))
                    .extracting(DurationStatistics::count, DurationStatistics::meanMillis)
                    .containsExactly(3L, 300.0);
        }
    }

    @Test
    void nothingCountsTwiceThatIsNoLongerKept() {
        PerformanceHistory history = keeping(10, 10);
        List<WorkflowExecution> executions =
                IntStream.range(0, 50).mapToObj(i -> execution(i, 100)).toList();
        List<PerformanceMetric> metrics =
                IntStream.range(0, 50).mapToObj(i -> metric(i, 100, true)).toList();
        history.recordExecutions(executions);
        history.recordMetrics(metrics);

        assertThat(history.recordExecutions(executions)).isZero();
        assertThat(history.recordMetrics(metrics)).isZero();
        assertThat(history.executionStatistics("deploy", DAY, END).count()).isEqualTo(50);
        assertThat(history.processStatistics("backup", DAY, END).count()).isEqualTo(50);
    }
}
