package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.spi.system.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What this machine does, and what is advised for it. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class WorkloadIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Launcher launcher;

    @BeforeEach
    void prepare() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        launcher = new Launcher(home, Files.createDirectories(folder.resolve("work"))).inThisProcess();
    }

    private JsonNode json(String... arguments) throws IOException {
        Launcher.Result result = launcher.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    @Test
    void saysWhatTheMachineDoesAndWhy() throws IOException {
        JsonNode seen = json("workload", "--seconds", "1", "--json");
        assertThat(Workload.of(seen.path("workload").asText())).isPresent();
        assertThat(seen.path("confidence").asDouble()).isBetween(0.0, 1.0);
        assertThat(seen.path("evidence")).isNotEmpty();
        assertThat(seen.path("cpu_percent").asDouble()).isBetween(0.0, 100.0);
        assertThat(seen.path("memory_percent").asDouble()).isGreaterThan(0).isLessThan(100);
        assertThat(seen.path("io_bytes_per_second").isNumber()).isTrue();
        assertThat(seen.path("network_bytes_per_second").isNumber()).isTrue();
    }

    @Test
    void refusesToLookLongerThanTheWorkIsJudged() {
        Launcher.Result result = launcher.run("workload", "--seconds", "31");
        assertThat(result.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.errorLines()).singleElement().asString().contains("--seconds is 31", "from 1 to 30");
    }

    @Test
    void looksForSettingsWhileUpRunsAndSilencesKnownAdviceOnly() throws Exception {
        Files.createDirectories(folder.resolve("user/.config/understudy"));
        Files.writeString(folder.resolve("user/.config/understudy/config.yaml"), """
                triggers: { webhook_port: 0, grace_seconds: 1 }
                performance_analysis: { otlp_port: 0 }
                dashboard: { port: 0 }
                continuous_optimization: { enabled: true }
                """);
        try (UpProcess up = UpProcess.start(launcher)) {
            JsonNode ended = up.await("optimization_ended");
            assertThat(ended.path("details").path("workload").asText()).isEqualTo("general");
            assertThat(ended.path("details").path("outcome").asText()).isEqualTo("advised");
        }
        JsonNode result = json("workload", "results", "--json").path("results").path(0);
        assertThat(result.path("workload").asText()).isEqualTo("general");
        // Without leave, nothing was tried and nothing is changed.
        assertThat(result.has("measured")).isFalse();
        assertThat(result.path("applied")).isEmpty();
        assertThat(json("workload", "advice", "--json").path("advice").isArray())
                .isTrue();
        Launcher.Result silenced = launcher.run("workload", "advice", "silence", "nonsense");
        assertThat(silenced.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(silenced.errorLines()).singleElement().asString().contains("There is no advice 'nonsense'");
    }
}
