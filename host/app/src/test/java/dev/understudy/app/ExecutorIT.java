package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.ExecutorSettings;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The executor's switches, and what finds out whether they pay, by the command line. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class ExecutorIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOMETIMES = """
            // /// automation
            // id = "sometimes"
            // description = "Fails where it is told to."
            // language = "js"
            // [parameters]
            // fail = { type = "boolean", default = false }
            // [[tests]]
            // params = { fail = false }
            // expect = { success = true }
            // ///
            function execute(params) {
              return { success: !params.fail, error: "told to" };
            }
            """;

    @TempDir
    Path folder;

    private Launcher understudy;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        understudy = new Launcher(Files.createDirectories(folder.resolve("home")), work).inThisProcess();
        config = understudy.file("config.yaml", """
                executor: { enable_circuit_breaker: true, circuit_breaker_failures: 2, circuit_breaker_open_seconds: 3600 }
                """);
    }

    private Launcher.Result run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return understudy.run(all.toArray(String[]::new));
    }

    @Test
    void anAutomationThatKeepsFailingIsNotStartedAndTheListSaysSo() throws IOException {
        understudy.file("sometimes.js", SOMETIMES);
        for (String[] each : new String[][] {
            {"adopt", "sometimes.js"}, {"rehearse", "sometimes"}, {"automations", "approve", "sometimes"}
        }) assertThat(run(each)).returns(0, Launcher.Result::exitCode);
        for (int i = 0; i < 2; i++)
            assertThat(run("run", "sometimes", "-p", "fail=true").exitCode()).isEqualTo(1);
        Launcher.Result refused = run("run", "sometimes");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err() + refused.out())
                .contains("the circuit breaker of sometimes is open: it failed 2 times in a row");
        JsonNode listed = JSON.readTree(run("automations", "--json").out()).at("/automations/0");
        assertThat(listed.at("/circuitBreaker/state").asText()).isEqualTo("open");
        assertThat(listed.at("/circuitBreaker/failures").asInt()).isEqualTo(2);
        assertThat(run("automations").out()).contains("deployed, breaker open");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rounds 3                 | --rounds is 3: it must be from 4 to 1000.
            --min-gain 0               | --min-gain is 0.0: it must be above 0.0 and below 1.0.
            --switch enable_magic      | There is no switch 'enable_magic'
            --workload nowhere         | There is no workload 'nowhere': it is neither a file nor 'recorded' nor one of tiny
            --workload recorded        | There is no recorded workload
            --workload empty.jsonl     | line 1: it holds no calls
            --workload wrong.jsonl     | line 1: it is no JSON
            """)
    void tuningAnswersBadInputWithOneLine(String arguments, String said) {
        understudy.file("empty.jsonl", "");
        understudy.file("wrong.jsonl", "{ script\n");
        var all = new ArrayList<>(List.of("tune", "executor"));
        all.addAll(List.of(arguments.split(" ")));
        Launcher.Result result = understudy.run(all.toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errorLines()).singleElement().asString().contains(said);
    }

    @Test
    void tuningOnAWorkloadOfOnesOwnWritesAConfigurationThatCanBeUsed() throws IOException {
        understudy.file("sometimes.js", SOMETIMES);
        understudy.file("work.jsonl", "{\"script\": \"sometimes.js\"}\n");
        Launcher.Result result = understudy.run(
                "tune",
                "executor",
                "--workload",
                "work.jsonl",
                "--rounds",
                "4",
                "--switch",
                "enable_performance_monitoring",
                "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        JsonNode json = JSON.readTree(result.out());
        assertThat(json.at("/switches/enable_performance_monitoring/rows")).isNotEmpty();
        Path written = Path.of(json.path("file").asText());
        assertThat(Config.load(written).executor()).isEqualTo(ExecutorSettings.PLAIN);
        assertThat(Config.load(written.resolveSibling("conservative.yaml")).executor())
                .isEqualTo(ExecutorSettings.PLAIN);
        try (var left = Files.list(written.getParent())) {
            assertThat(left.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("tuned.yaml", "conservative.yaml");
        }
    }

    @Test
    void saysInAPersonsWordsWhatIsNoNumber() {
        Launcher.Result result = understudy.run("tune", "executor", "--min-gain", "much");
        assertThat(result.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(result.errorLines()).singleElement().asString().contains("--min-gain", "'much' is no number");
    }
}
