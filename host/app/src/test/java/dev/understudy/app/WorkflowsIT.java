package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What slows a workflow down, from a file of executions to what an accepted recommendation has brought. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class WorkflowsIT {
    private static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void prepare() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        launcher = new Launcher(home, Files.createDirectories(folder.resolve("work"))).inThisProcess();
    }

    /** Two steps in either order, 300 ms each, then a third; from the hundredth on, the first two side by side. */
    private Path executions(int count) throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            Instant start = DAY.plus(Duration.ofMinutes(20L * i));
            String one = i % 2 == 0 ? "lint" : "test";
            String other = i % 2 == 0 ? "test" : "lint";
            boolean together = i >= 100;
            int end = together ? 400 : 700;
            lines.add("{\"id\":\"%d\",\"workflow\":\"ci\",\"start\":\"%s\",\"end\":\"%s\",\"steps\":[%s,%s,%s]}"
                    .formatted(
                            i,
                            start,
                            start.plusMillis(end),
                            step(one, start, 0, 300),
                            together ? step(other, start, 0, 300) : step(other, start, 300, 600),
                            step("deploy", start, end - 100, end)));
        }
        return Files.write(folder.resolve("executions-" + count + ".jsonl"), lines);
    }

    private static String step(String name, Instant start, int from, int to) {
        return "{\"name\":\"%s\",\"start\":\"%s\",\"end\":\"%s\"}"
                .formatted(name, start.plusMillis(from), start.plusMillis(to));
    }

    private JsonNode json(String... arguments) throws IOException {
        Launcher.Result result = launcher.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    @Test
    void leadsFromExecutionsToAdviceAndItsEffect() throws IOException {
        JsonNode imported = json("workflows", "import", executions(100).toString(), "--json");
        assertThat(imported.at("/files/0/executions").asInt()).isEqualTo(100);

        JsonNode advice = json("recommend", "--json").at("/recommendations/0");
        assertThat(advice.path("type").asText()).isEqualTo("parallelization");
        // 300 ms of 700 ms.
        assertThat(advice.path("expected_improvement").asDouble()).isCloseTo(42.86, within(0.1));
        assertThat(advice.path("risk_level").asText()).isEqualTo("low");

        String id = advice.path("recommendation_id").asText();
        Instant accepted = DAY.plus(Duration.ofMinutes(20 * 100));
        assertThat(launcher.run("recommend", "accept", id, "--at", accepted.toString())
                        .exitCode())
                .isZero();
        assertThat(json("recommend", "effects", "--json")
                        .at("/effects/0/verdict")
                        .asText())
                .isEqualTo("too_early");

        json("workflows", "import", executions(200).toString(), "--json");
        JsonNode effect = json("recommend", "effects", "--json").at("/effects/0");
        assertThat(effect.path("verdict").asText()).isEqualTo("improved");
        assertThat(effect.path("actual_improvement").asDouble()).isCloseTo(42.86, within(0.1));
        // 100 executions, each 300 ms faster.
        assertThat(json("report", "--json")
                        .at("/executive_summary/cost_savings_ms")
                        .asDouble())
                .isCloseTo(30_000, within(1.0));
    }

    @Test
    void isFoundInTheRecordedTracesOfARealProgram() throws IOException {
        Path traces =
                Path.of(System.getProperty("understudy.root"), "host/core/src/test/resources/traces/order-desk.binpb");
        assertThat(json("workflows", "import", traces.toString(), "--json")
                        .at("/files/0/skipped")
                        .asInt())
                .isZero();

        JsonNode orders = json("workflows", "show", "order-desk: GET /order", "--json");
        // The program waits 90 ms for a price, and asks for stock and shipping meanwhile.
        assertThat(orders.at("/bottlenecks").findValuesAsText("kind")).contains("critical_step");
        assertThat(orders.at("/bottlenecks/0/step").asText()).isEqualTo("GET /price");
        // Each eighth order is of an article that nobody has.
        assertThat(orders.at("/executions/success_rate").asDouble()).isEqualTo(0.875);
        assertThat(orders.at("/recommendations").findValuesAsText("recommendation_id"))
                .contains("caching:order-desk:-GET-/order:GET-/price."
                        + Integer.toHexString("caching:order-desk: GET /order:GET /price".hashCode()));
    }

    @Test
    void isReportedInEveryFormat() throws IOException {
        launcher.run("workflows", "import", executions(100).toString());

        assertThat(launcher.run("report").out()).contains("100 executions of one workflow", "Worth changing");
        JsonNode report = json("report", "--format", "json");
        assertThat(report.at("/executive_summary/total_executions").asInt()).isEqualTo(100);
        assertThat(report.at("/workflows/0/trend")).isNotEmpty();
        assertThat(launcher.run("report", "--format", "csv").out().lines().toList())
                .startsWith(
                        "workflow,step,count,success_rate,mean_ms,median_ms,p95_ms,p99_ms,min_ms,max_ms,variance_s2,bottlenecks,cpu_percent,cpu_percent_p95,memory_percent,memory_percent_p95,cpu_wasted_share,memory_wasted_share,io_bytes_per_execution,io_bytes_per_execution_p95")
                .hasSize(5);
        assertThat(launcher.run("report", "--format", "html").out())
                .startsWith("<!doctype html>")
                .contains("<svg", "ci")
                .doesNotContain("<script", "http://", "https://");
    }

    @Test
    void processesAreReportedToo() throws IOException {
        Path metrics = Files.writeString(folder.resolve("metrics.jsonl"), """
                {"metric_id":"1","process_name":"backup","timestamp":"2026-11-02T00:00:00Z","duration_ms":1000,"success":true}
                {"metric_id":"2","process_name":"backup","timestamp":"2026-11-02T00:10:00Z","duration_ms":3200,"success":false}
                {"metric_id":"3","process_name":"sync","timestamp":"2026-11-02T00:20:00Z","duration_ms":20,"success":true}
                """);
        launcher.run("workflows", "import", metrics.toString());

        JsonNode processes = json("report", "--json").at("/processes");
        assertThat(processes.findValuesAsText("process")).containsExactly("backup", "sync");
        // Above 2000 ms on average, the default threshold; one of its two took more than 1000 ms.
        assertThat(processes.findValuesAsText("slow")).containsExactly("true", "false");
        assertThat(processes.at("/0/mean_ms").asDouble()).isEqualTo(2100);
        assertThat(processes.at("/0/success_rate").asDouble()).isEqualTo(0.5);
        assertThat(processes.at("/0/bottleneck_count").asInt()).isEqualTo(1);
        assertThat(launcher.run("report").out()).contains("Processes", "backup", "slow");
    }

    @Test
    void saysWhatIsWrongWithBadInput() throws IOException {
        Path none = folder.resolve("none.jsonl");
        Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), "{\"a\":1}\n");

        for (List<String> arguments : List.of(
                List.of("workflows", "import", none.toString()),
                List.of("workflows", "import", wrong.toString()),
                List.of("workflows", "show", "nope"),
                List.of("report", "--workflow", "nope"),
                List.of("report", "--period", "soon"),
                List.of("recommend", "accept", "nope"))) {
            Launcher.Result result = launcher.run(arguments.toArray(String[]::new));
            assertThat(result.exitCode()).as(arguments.toString()).isEqualTo(2);
            assertThat(result.errorLines()).as(arguments.toString()).hasSize(1);
        }
    }
}
