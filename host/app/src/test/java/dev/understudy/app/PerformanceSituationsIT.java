package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Figures that somebody brings, and the advice that they lead to; issue 14, "Metrics lead to advice". */
@ExtendWith(HostInProcess.Closing.class)
class PerformanceSituationsIT {
    private static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void start() throws IOException {
        launcher = new Launcher(
                        Files.createDirectories(folder.resolve("home")),
                        Files.createDirectories(folder.resolve("work")))
                .inThisProcess();
    }

    private JsonNode json(String... arguments) {
        Launcher.Result result = launcher.run(arguments);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        try {
            return new ObjectMapper().readTree(result.out());
        } catch (IOException e) {
            throw new AssertionError(result.out(), e);
        }
    }

    private void bring(List<String> lines) throws IOException {
        Path file = Files.write(folder.resolve("brought.jsonl"), lines);
        assertThat(json("workflows", "import", file.toString(), "--json")
                        .at("/files/0/skipped")
                        .asInt())
                .isZero();
    }

    private static String metric(int i, String process, int millis, double cpu, double memory, boolean success) {
        return String.format(
                Locale.ROOT,
                "{\"metric_id\":\"%s %d\",\"process_name\":\"%s\",\"timestamp\":\"%s\",\"duration_ms\":%d,"
                        + "\"cpu_usage\":%.1f,\"memory_usage\":%.1f,\"success\":%b}",
                process,
                i,
                process,
                DAY.plus(MINUTE.multipliedBy(i)),
                millis,
                cpu,
                memory,
                success);
    }

    private static String step(String name, Instant start, Duration took, String more) {
        return "{\"name\":\"" + name + "\",\"start\":\"" + start + "\",\"end\":\"" + start.plus(took) + "\"" + more
                + "}";
    }

    private static String execution(String workflow, int i, Instant start, Instant end, String state, String... steps) {
        return "{\"id\":\"" + workflow + i + "\",\"workflow\":\"" + workflow + "\",\"start\":\"" + start
                + "\",\"end\":\"" + end + "\",\"state\":\"" + state + "\",\"steps\":[" + String.join(",", steps) + "]}";
    }

    private static JsonNode named(JsonNode rows, String key, String value) {
        return StreamSupport.stream(rows.spliterator(), false)
                .filter(each -> each.path(key).asText().equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError(value + " is not in " + rows));
    }

    @Test
    void aProcessKnownByItsMetricsAloneIsJudged() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 20; i++) lines.add(metric(i, "etl", 6500, 95, 85, i % 4 != 0));
        bring(lines);

        JsonNode etl = named(json("report", "--json").path("processes"), "process", "etl");

        assertThat(etl.path("success_rate").asDouble()).isEqualTo(0.75);
        assertThat(etl.at("/resource_use/cpu_percent_mean").asDouble()).isEqualTo(95);
        assertThat(etl.at("/resource_use/memory_percent_p95").asDouble()).isEqualTo(85);
        assertThat(etl.path("bottlenecks").findValuesAsText("kind"))
                .contains("above_threshold", "cpu_above_threshold", "memory_above_threshold");
        assertThat(etl.path("optimization_potential").asDouble()).isBetween(0.5, 1.0);
        // Reliability, performance, resources: a failure is always followed by a success; 6.5 s are above 2 s; 95 and
        // 85 above 80 %.
        assertThat(etl.path("recommendations").findValuesAsText("type"))
                .contains("retry", "speed_up", "scale_up")
                .doesNotContain("scale_down");
        assertThat(etl.path("recommendations").findValuesAsText("objective"))
                .contains("error_rate", "execution_time", "resource_cost");
        String id = etl.at("/recommendations/0/recommendation_id").asText();
        assertThat(launcher.run("recommend", "accept", id).exitCode()).isZero();
        assertThat(launcher.run("workflows", "show", "etl").out()).contains("Bottlenecks", "Worth changing");
    }

    @Test
    void failuresWithoutStepsCount() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            Instant start = DAY.plus(MINUTE.multipliedBy(i));
            lines.add(execution("sync", i, start, start.plusMillis(200), i % 5 < 3 ? "failed" : "succeeded"));
        }
        bring(lines);

        assertThat(json("recommend", "--json").path("recommendations").findValuesAsText("objective"))
                .contains("error_rate");
    }

    @Test
    void whatRunsShortOfMemoryIsNotWell() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            Instant start = DAY.plus(MINUTE.multipliedBy(i));
            lines.add(execution(
                    "tight",
                    i,
                    start,
                    start.plusMillis(500),
                    "succeeded",
                    step("load", start, Duration.ofMillis(500), ",\"cpu_percent\":50,\"memory_percent\":95")));
        }
        bring(lines);

        JsonNode tight = json("workflows", "show", "tight", "--json");

        assertThat(tight.path("optimization_score").asDouble()).isLessThan(60);
        assertThat(named(tight.path("recommendations"), "type", "scale_up")
                        .at("/specific_changes/0/arguments/resource")
                        .asText())
                .isEqualTo("memory");
    }

    @Test
    void aSteadyNightlyJobIsWell() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            Instant start = DAY.plus(Duration.ofDays(i));
            Instant second = start.plus(MINUTE.multipliedBy(10));
            Instant third = second.plus(MINUTE.multipliedBy(14));
            Instant end = third.plus(MINUTE.multipliedBy(5)).plusSeconds(i % 3);
            lines.add(execution(
                    "nightly",
                    i,
                    start,
                    end,
                    "succeeded",
                    step("extract", start, Duration.between(start, second), ""),
                    step("join", second, Duration.between(second, third), ""),
                    step("load", third, Duration.between(third, end), "")));
        }
        bring(lines);

        JsonNode nightly = json("workflows", "show", "nightly", "--json");

        assertThat(nightly.path("optimization_score").asDouble()).isEqualTo(100);
        assertThat(nightly.at("/normal/origin").asText()).isEqualTo("learnt");
        assertThat(nightly.path("bottlenecks").findValuesAsText("kind"))
                .doesNotContain("above_threshold", "high_variance");
        // The recorded order never varied: that they could run side by side is a guess, and stands apart.
        assertThat(launcher.run("recommend").out())
                .contains("Possible, but of a high risk")
                .doesNotContain("Worth changing");
    }

    @Test
    void theStepThatGetsWorseIsNamed() throws IOException {
        var lines = new ArrayList<String>();
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            Instant start = DAY.plus(Duration.ofDays(i));
            // From 5 to 14 minutes, while what comes first gets as much faster.
            Duration join = Duration.ofSeconds(300 + 540 * i / 199 + random.nextInt(20));
            Duration extract = Duration.ofMinutes(29).minus(join);
            Instant middle = start.plus(extract);
            lines.add(execution(
                    "nightly",
                    i,
                    start,
                    middle.plus(join),
                    "succeeded",
                    step("extract", start, extract, ""),
                    step("join", middle, join, "")));
        }
        bring(lines);

        JsonNode worse = json("workflows", "show", "nightly", "--period", "400d", "--json")
                .path("degradations");

        assertThat(worse.findValuesAsText("series")).contains("join of nightly: execution time");
        assertThat(named(worse, "series", "join of nightly: execution time")
                        .path("kind")
                        .asText())
                .startsWith("execution_time_increas");
        assertThat(launcher.run("workflows", "show", "nightly", "--period", "400d")
                        .out())
                .contains("Getting worse", "join of nightly");
    }

    @Test
    void aSecondHalfOfFailuresIsAnIncreasingErrorRate() throws IOException {
        for (int count : new int[] {40, 59}) {
            var lines = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                Instant start = DAY.plus(MINUTE.multipliedBy(i));
                lines.add(execution(
                        "deploy" + count, i, start, start.plusMillis(100), i < count / 2 ? "succeeded" : "failed"));
            }
            bring(lines);
            assertThat(json("workflows", "show", "deploy" + count, "--json")
                            .path("degradations")
                            .findValuesAsText("kind"))
                    .as(count + " executions")
                    .contains("error_rate_increasing");
        }
    }

    @Test
    void theReportShowsWhatIsUsedInEveryFormatAndHasTheNamesOfTheReference() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            Instant start = DAY.plus(MINUTE.multipliedBy(i));
            lines.add(
                    execution(
                            "GET /order",
                            i,
                            start,
                            start.plusMillis(400),
                            "succeeded",
                            step(
                                    "price",
                                    start,
                                    Duration.ofMillis(400),
                                    ",\"cpu_percent\":20,\"memory_percent\":10,\"io_bytes\":2048,\"attributes\":{\"id\":\"7\"}")));
        }
        lines.add("{\"metric_id\":\"io\",\"process_name\":\"backup\",\"timestamp\":\"" + DAY
                + "\",\"duration_ms\":900,\"io_bytes\":1024}");
        bring(lines);

        JsonNode report = json("report", "--json");

        assertThat(report.at("/executive_summary/total_executions").asInt()).isEqualTo(10);
        assertThat(report.at("/automation/repetitive_patterns").isNumber()).isTrue();
        assertThat(report.at("/automation/high_potential_patterns").isNumber()).isTrue();
        assertThat(report.at("/automation/automations_created").isNumber()).isTrue();
        JsonNode use = report.at("/workflows/0/resource_use");
        assertThat(use.path("cpu_percent_mean").asDouble()).isEqualTo(20);
        assertThat(use.path("cpu_wasted_share").asDouble()).isEqualTo(0.8);
        assertThat(use.path("memory_wasted_share").asDouble()).isEqualTo(0.9);
        assertThat(use.path("io_bytes_per_execution").asDouble()).isEqualTo(2048);
        assertThat(report.at("/processes/0/resource_use/io_bytes_per_execution").asDouble())
                .isEqualTo(1024);
        JsonNode advice = named(report.path("recommendations"), "type", "caching");
        assertThat(advice.at("/specific_changes/0/arguments/cache_ttl").asInt()).isEqualTo(3600);
        assertThat(advice.path("expected_improvement").isNumber()).isTrue();
        // One spelling in one document.
        assertThat(keys(report)).allMatch(key -> key.equals(key.toLowerCase(Locale.ROOT)), "snake case");

        assertThat(launcher.run("report").out())
                .contains("processor 20.0 % (p95 20.0 %), 80.0 % wasted")
                .contains("reads and writes 2 KiB in an execution (p95 2 KiB)");
        assertThat(launcher.run("report", "--format", "html").out())
                .contains("processor 20.0 % (p95 20.0 %), 80.0 % wasted");
        assertThat(launcher.run("report", "--format", "csv")
                        .out()
                        .lines()
                        .toList()
                        .get(1))
                .endsWith(",20.0000,20.0000,10.0000,10.0000,0.800000,0.900000,2048.00,2048.00");

        // An id is printed whole, on a line of its own, and can be typed as it is.
        String id = advice.path("recommendation_id").asText();
        assertThat(id).doesNotContain(" ");
        assertThat(launcher.run("recommend", "--limit", "10").out().lines().map(String::strip))
                .contains(id);
        assertThat(launcher.run("recommend", "accept", id).exitCode()).isZero();
    }

    private static List<String> keys(JsonNode json) {
        var keys = new ArrayList<String>();
        json.properties().forEach(each -> {
            keys.add(each.getKey());
            keys.addAll(keys(each.getValue()));
        });
        json.elements().forEachRemaining(each -> {
            if (json.isArray()) keys.addAll(keys(each));
        });
        return keys;
    }
}
