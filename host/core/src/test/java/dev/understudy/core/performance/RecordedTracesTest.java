package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.config.Config;
import dev.understudy.core.store.Database;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of a real program, as the OpenTelemetry Java agent has exported them. */
class RecordedTracesTest {
    private static final String WORKFLOW = "order-desk: GET /order";
    private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

    private final Database database;
    private final PerformanceHistory history;

    RecordedTracesTest(@TempDir Path folder) {
        database = Database.open(folder.resolve("store.db"));
        history = PerformanceHistory.of(Config.DEFAULT, database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private PerformanceImport.Report importFile(String name) {
        try {
            return PerformanceImport.file(
                    history,
                    Path.of(RecordedTracesTest.class
                            .getResource("/traces/" + name)
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private List<WorkflowExecution> orders() {
        return history.executions(WORKFLOW, Instant.EPOCH, END).executions();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-desk.jsonl", "order-desk.binpb"})
    void becomeTheWorkflowsThatTheProgramHas(String file) {
        PerformanceImport.Report report = importFile(file);

        assertThat(report.problems()).isEmpty();
        assertThat(history.workflows())
                .containsExactly(
                        "order-desk: CREATE TABLE orders.articles",
                        "order-desk: CREATE TABLE orders.orders",
                        WORKFLOW,
                        "order-desk: INSERT orders.articles");
        // Sixteen orders, of which the eighth and the sixteenth are of an article that nobody has.
        assertThat(orders()).hasSize(16);
        assertThat(orders().stream().filter(each -> each.state() == ExecutionState.FAILED))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-desk.jsonl", "order-desk.binpb"})
    void haveTheStepsThatTheProgramTakes(String file) {
        importFile(file);

        assertThat(orders())
                .filteredOn(each -> each.state() == ExecutionState.SUCCEEDED)
                .allSatisfy(order -> {
                    assertThat(order.steps())
                            .extracting(StepExecution::name)
                            .containsExactlyInAnyOrder(
                                    "SELECT orders.articles",
                                    "GET /stock",
                                    "GET /price",
                                    "GET /shipping",
                                    "INSERT orders.orders");
                    // The program waits 90 ms for a price, and asks for stock and shipping meanwhile.
                    assertThat(step(order, "GET /price").duration()).isGreaterThan(Duration.ofMillis(90));
                    assertThat(step(order, "INSERT orders.orders").start())
                            .isAfterOrEqualTo(step(order, "GET /price").end());
                    assertThat(step(order, "GET /stock").start())
                            .isBefore(step(order, "GET /price").end());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-desk.jsonl", "order-desk.binpb"})
    void countOnceHoweverOftenTheyAreImported(String file) {
        importFile(file);
        PerformanceImport.Report again = importFile("order-desk.jsonl");

        assertThat(again.executions()).isZero();
        assertThat(history.executionStatistics(WORKFLOW, Instant.EPOCH, END).count())
                .isEqualTo(16);
    }

    private static StepExecution step(WorkflowExecution execution, String name) {
        return execution.steps().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
