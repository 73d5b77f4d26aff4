package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Advice about a person's own automation that a setting of Understudy's follows, by the command line (issue 14). */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class AppliedAdviceIT {
    private static final String PERSONS = "# Mine.\nsandbox: { max_concurrent_tests: 2 }   # a small machine\n";
    private static final String PURE = """
            # /// automation
            # id = "lookup"
            # description = "Adds numbers up."
            # language = "bash"
            # pure = true
            # ///
            sum=0
            for ((i = 0; i < 5000; i++)); do sum=$((sum + i)); done
            echo "{\\"success\\": true, \\"sum\\": $sum}" >"$RESULT"
            """;

    @TempDir
    Path folder;

    private Launcher understudy;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        understudy = new Launcher(Files.createDirectories(folder.resolve("home")), work).inThisProcess();
        config = understudy.file("config.yaml", PERSONS);
        understudy.file("lookup.sh", PURE);
        assertThat(run("adopt", "lookup.sh").exitCode()).isZero();
        assertThat(run("automations", "approve", "lookup").exitCode()).isZero();
    }

    private Launcher.Result run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return understudy.run(all.toArray(String[]::new));
    }

    private JsonNode json(String... arguments) throws IOException {
        Launcher.Result result = run(arguments);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return new ObjectMapper().readTree(result.out());
    }

    private void runSix() {
        for (int i = 0; i < 6; i++) assertThat(run("run", "lookup").exitCode()).isZero();
    }

    @Test
    void isWrittenMeasuredAndTakenBack() throws IOException {
        runSix();
        String id = "caching:automation:lookup:run";
        assertThat(json("recommend", "--limit", "100", "--json")
                        .at("/recommendations")
                        .findValuesAsText("recommendation_id"))
                .contains(id);

        JsonNode applied = json("recommend", "apply", id, "--json");

        assertThat(applied.path("applied").asBoolean()).isTrue();
        assertThat(applied.path("configuration").asText()).isEqualTo(config.toString());
        assertThat(applied.path("changes").get(0).asText())
                .isEqualTo("executor.enable_cache_optimization: true (was not set)");
        assertThat(config)
                .content()
                .isEqualTo(
                        PERSONS + "executor:\n  enable_cache_optimization: true\n  result_cache_ttl_seconds: 3600\n");
        assertThat(run("recommend", "apply", id).exitCode()).isEqualTo(2);

        runSix();
        JsonNode effect = json("recommend", "effects", "--json").at("/effects/0");
        assertThat(effect.path("executions_since").asInt()).isEqualTo(6);
        assertThat(effect.path("verdict").asText()).isNotEqualTo("too_early");
        assertThat(json("report", "--json")
                        .at("/executive_summary/recommendations_followed")
                        .asInt())
                .isOne();

        assertThat(run("recommend", "undo", id).out()).contains("executor.enable_cache_optimization");
        assertThat(config).content().isEqualTo(PERSONS);
        assertThat(run("log").out()).contains("recommendation applied", "recommendation undone");
        Launcher.Result again = run("recommend", "undo", id);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errorLines()).singleElement().asString().contains("nothing that it has set stands");
    }

    @Test
    void ownRunsSayWhatTheyReadAndWrote() throws IOException {
        runSix();
        for (String kind : List.of("workflows", "processes")) {
            JsonNode use = json("report", "--json").path(kind).get(0).path("resource_use");
            // What Bash reads to start, and its result; the figure is not a script's to choose.
            assertThat(use.path("io_bytes_per_execution").asDouble()).as(kind).isBetween(100.0, 1e6);
        }
        assertThat(run("report").out()).containsPattern("reads and writes [0-9.]+ (B|KiB) in an execution");
        assertThat(run("report", "--format", "csv").out()).contains("io_bytes_per_execution");
    }
}
