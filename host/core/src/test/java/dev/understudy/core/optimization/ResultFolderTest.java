package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.optimization.OptimizationResult.Evaluation;
import dev.understudy.core.optimization.OptimizationResult.Measurements;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final Instant NOW = Instant.parse("2026-11-16T09:00:00Z");

    private static OptimizationResult result(Instant started) {
        return new OptimizationResult(
                Workload.DATABASE,
                started,
                Duration.ofSeconds(90),
                new Measurements(
                        "ADAPTIVE",
                        "work done",
                        List.of(
                                new Evaluation(Map.of("vm.swappiness", "60"), "default", 50, ""),
                                new Evaluation(Map.of("vm.swappiness", "7"), "search", -1000, "refused")),
                        50,
                        55,
                        List.of(new Change("sysctl", "vm.swappiness", "60", "10")),
                        "better by 10 %"),
                List.of(),
                List.of(),
                "found");
    }

    @Test
    void writesAllThatWasMeasuredAsJson(@TempDir Path folder) throws IOException {
        Path file = new ResultFolder(folder).keep(result(NOW));
        assertThat(file).exists().hasFileName("2026-11-16T09-00-00Z-database.json");
        ObjectNode json = new ResultFolder(folder).latest(5).getFirst();
        assertThat(json.path("workload").asText()).isEqualTo("database");
        assertThat(json.path("duration_ms").asLong()).isEqualTo(90_000);
        JsonNode measured = json.path("measured");
        assertThat(measured.path("strategy").asText()).isEqualTo("ADAPTIVE");
        assertThat(measured.path("objective").asText()).isEqualTo("work done");
        assertThat(measured.path("best_score").asDouble()).isEqualTo(55);
        assertThat(measured.path("evaluations")).hasSize(2);
        assertThat(measured.path("evaluations").get(1).path("score").asInt()).isEqualTo(-1000);
        assertThat(measured.path("evaluations").get(1).path("failure").asText()).isEqualTo("refused");
        assertThat(measured.path("evaluations")
                        .get(1)
                        .path("values")
                        .path("vm.swappiness")
                        .asText())
                .isEqualTo("7");
    }

    @Test
    void keepsTheLatestHundredAndPassesOverDamagedOnes(@TempDir Path folder) throws IOException {
        var results = new ResultFolder(folder);
        for (int i = 0; i < ResultFolder.MAX_RESULTS + 5; i++) results.keep(result(NOW.plusSeconds(i)));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(ResultFolder.MAX_RESULTS);
        }
        Files.writeString(folder.resolve("2026-12-01T00-00-00Z-database.json"), "{ half");
        assertThat(results.latest(1).getFirst().path("started_at").asText()).isEqualTo("2026-11-16T09:01:44Z");
    }
}
