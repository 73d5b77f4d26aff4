package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code understudy tune} on cheap synthetic programs, as a person calls it. */
@Tag("slow")
@ExtendWith(HostInProcess.Closing.class)
class TuneIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 120;

    /** 100 at 24 workers, more by the square of the distance on a logarithmic scale, and a noise of about 3 %. */
    private static final String PROGRAM = """
            echo "$PARAM_WORKERS $PARAM_MODE" >> measured
            awk -v w="$PARAM_WORKERS" -v m="$PARAM_MODE" -v s="$(wc -l < measured)" 'BEGIN {
              srand(s); d = log(w / 24); noise = rand() + rand() + rand() - 1.5
              printf "warming up: 1.0\\nresult: %.4f ms\\n", (100 + 20 * d * d + (m == "b" ? 0 : 10)) * (1 + 0.06 * noise) }'
            """;

    @TempDir
    Path folder;

    private Launcher understudy;
    private Path work;

    @BeforeEach
    void startWithAnEmptyHome() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        understudy = new Launcher(folder.resolve("home").resolve("understudy"), work).inThisProcess();
        understudy.file("program.sh", PROGRAM);
    }

    private static JsonNode json(Launcher.Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private List<String> lines(String file) throws IOException {
        Path path = work.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    /** Waits until a file has so many lines. */
    private void await(Process process, String file, int lines) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (lines(file).size() < lines) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
            // Ends early if the process does.
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) throw new AssertionError("it ended by itself");
        }
    }

    @Nested
    class AProgramWithBetterSettings {
        @Test
        void isTunedAndTheVerdictCarriesItsFigures() throws IOException {
            JsonNode found = json(understudy.run(
                    "tune",
                    "--objective",
                    "sh program.sh",
                    "--metric",
                    "result: ([0-9.]+)",
                    "--param",
                    "workers=int:log:1..256 default=2",
                    "--param",
                    "mode=cat:a,b,c default=a",
                    "--seed",
                    "3",
                    "--html",
                    "page.html",
                    "--json"));
            assertThat(found.path("verdict").asText()).isEqualTo("improved");
            // The default measures 100 + 20 ln(12)^2 + 10 = 233, the best 100: 57 % less.
            assertThat(found.path("race").path("low").asDouble()).isBetween(0.4, 0.57);
            assertThat(found.path("race").path("high").asDouble()).isBetween(0.53, 0.7);
            assertThat(found.path("best").path("workers").asLong()).isBetween(8L, 80L);
            assertThat(found.path("commands").get(0).asText())
                    .matches("PARAM_WORKERS=\\d+ PARAM_MODE=[abc] sh program.sh");
            assertThat(found.path("trials")).hasSizeLessThanOrEqualTo(60);
            assertThat(lines("measured")).hasSize(found.path("trials").size());
            assertThat(lines("measured").getFirst()).isEqualTo("2 a");
            assertThat(lines("measured").getLast()).isEqualTo("2 a");

            String page = Files.readString(work.resolve("page.html"));
            assertThat(page).contains("<svg", "Convergence", "Importance", "Better by");
            assertThat(page).doesNotContain("<script", "http://", "https://");

            JsonNode listed = json(understudy.run("tune", "--list", "--json"));
            assertThat(listed.path("sessions").get(0).path("state").asText()).isEqualTo("ended");
            assertThat(listed.path("sessions").get(0).path("verdict").asText()).startsWith("improved by ");
        }
    }

    @Nested
    class OnSeveralMachines {
        /** Each prints what it was given times how slow its machine is, and notes where it ran. */
        private static final String SLOWNESS = """
                echo "$MACHINE" >> "$LOG"
                awk -v x="$PARAM_X" -v slow="${SLOW:-1}" -v s="$(wc -l < "$LOG")" \\
                  'BEGIN { srand(s); print slow * (100 - 5 * x) * (1 + 0.01 * rand()) }'
                """;

        private Launcher.Result tune(String... machines) {
            var words = new ArrayList<>(List.of(
                    "tune",
                    "--objective",
                    "LOG=" + work.resolve("measured") + " sh " + work.resolve("slowness.sh"),
                    "--metric",
                    "[0-9.]+",
                    "--param",
                    "x=int:0..9 default=0",
                    "--seed",
                    "4",
                    "--json"));
            for (String machine : machines) words.addAll(List.of("--on", machine));
            return understudy.run(words.toArray(String[]::new));
        }

        @BeforeEach
        void writePrograms() {
            understudy.file("slowness.sh", SLOWNESS);
            // As ssh does: it puts its words together, has a shell read them once more, and passes no variables on.
            understudy.file("other.sh", "shift; cd /; exec env -i PATH=\"$PATH\" MACHINE=b SLOW=3 sh -c \"$*\"");
        }

        @Test
        void theVerdictRestsOnAllOfThemAndSaysWhatToExpectElsewhere() throws IOException {
            String ssh = "sh " + work.resolve("other.sh") + " b";
            JsonNode found = json(tune("env MACHINE=a SLOW=1", ssh, "nice -n 1 env MACHINE=c SLOW=2"));

            assertThat(found.path("verdict").asText()).isEqualTo("improved");
            assertThat(found.path("sentence").asText())
                    .contains("than the default on 3 machines", "on nine of ten others like them");
            assertThat(found.path("machines")).hasSize(3);
            // 100 to 55 on each, however slow it is.
            assertThat(found.path("race").path("machines"))
                    .hasSize(3)
                    .allSatisfy(each ->
                            assertThat(each.path("improvement").asDouble()).isBetween(0.40, 0.50));
            JsonNode elsewhere = found.path("race").path("elsewhere");
            assertThat(elsewhere.path("share").asDouble()).isEqualTo(0.9);
            assertThat(elsewhere.path("low").asDouble()).isBetween(0.3, 0.45);
            assertThat(lines("measured").stream().distinct()).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(found.path("trials")).hasSizeLessThanOrEqualTo(60);
        }

        @Test
        void oneThatIsNotThereIsSaidBeforeAnythingIsMeasured() throws IOException {
            understudy.file("down.sh", "echo 'No route to host' >&2; exit 255");
            Launcher.Result result = tune("here", "sh " + work.resolve("down.sh"));
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines())
                    .singleElement()
                    .asString()
                    .contains("cannot be measured on", "No route to host", "Try by hand");
            assertThat(lines("measured")).isEmpty();
        }

        @Test
        void oneAloneIsNamedInTheVerdict() throws IOException {
            JsonNode found = json(tune("env MACHINE=a"));
            assertThat(found.path("sentence").asText()).contains("on the machine 'env MACHINE=a'");
            assertThat(found.path("race").path("elsewhere").path("low").asDouble())
                    .isLessThan(found.path("race").path("low").asDouble());
        }

        @Test
        void whatTheyDoNotGoWithIsSaidInOneLine() {
            for (String[] wrong : new String[][] {
                {"here", "here"}, {"env A=1 | sh"}, {"env 'A=1"}, {"a", "b", "c", "d", "e", "f", "g"}
            }) {
                Launcher.Result result = tune(wrong);
                assertThat(result.exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
                assertThat(result.errorLines()).as(String.join(" ", wrong)).hasSize(1);
            }
            assertThat(understudy
                            .run("tune", "--objective", "script:x.py", "--param", "x=int:0..9", "--on", "env A=1")
                            .err())
                    .contains("Scripts and targets work on this machine only");
        }
    }

    @Nested
    class ASessionThatAppliesItsValues {
        private static final String[] TUNE = {
            "tune",
            "--objective",
            "sh slow.sh",
            "--metric",
            "[0-9.]+",
            "--apply",
            "sh apply.sh {x}",
            "--param",
            "x=int:1..100 default=7",
            "--budget",
            "30",
            "--seed",
            "5",
            "--json"
        };

        @BeforeEach
        void writePrograms() {
            understudy.file("apply.sh", "echo \"$1\" > in-force");
            // From its eighth measurement on it waits until it may go on, so that a test can look meanwhile.
            understudy.file("slow.sh", """
                    cat in-force >> measured
                    while [ "$(wc -l < measured)" -ge 8 ] && [ ! -e go ]; do sleep 0.05; done
                    awk '{ print 200 - $1 }' in-force
                    """);
        }

        @Test
        void goesOnAfterAKillWithTheTrialsThatItHadAndTheDefaultIsBackMeanwhile() throws Exception {
            Process process = understudy.start(TUNE);
            await(process, "measured", 8);
            Launcher.Result second = understudy.run(TUNE);
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.errorLines()).hasSize(1);
            assertThat(second.err()).contains("Another process is busy tuning");
            process.destroyForcibly().waitFor();
            // What a killed host has started outlives it; this one ends now.
            understudy.file("go", "");

            JsonNode listed = json(understudy.run("tune", "--list", "--json"));
            assertThat(listed.path("sessions").get(0).path("state").asText()).isEqualTo("interrupted");
            assertThat(lines("in-force")).containsExactly("7");
            int had = listed.path("sessions").get(0).path("trials").asInt();
            int before = lines("measured").size();

            JsonNode found = json(understudy.run("tune", "--resume", "--json"));
            assertThat(found.path("verdict").asText()).isEqualTo("improved");
            assertThat(lines("measured")).hasSize(before + found.path("trials").size() - had);
            assertThat(found.path("commands").get(0).asText()).matches("sh apply.sh \\d+");
            assertThat(found.path("undo").get(0).asText()).isEqualTo("sh apply.sh 7");
            assertThat(lines("in-force")).containsExactly("7");
        }

        @Test
        void putsTheDefaultBackWhenItIsInterruptedAndSaysHowToGoOn() throws Exception {
            Process process = understudy.start(TUNE);
            await(process, "measured", 8);
            // Unlike the process's own method, this leaves its streams open.
            process.toHandle().destroy();
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(130);
            assertThat(said).contains("tune --resume 1").doesNotContain("\tat ");
            assertThat(lines("in-force")).containsExactly("7");
        }

        @Test
        void leavesTheBestInForceOnlyIfAskedAndTuneRestoreUndoesIt() throws IOException {
            understudy.file("go", "");
            var words = new ArrayList<>(List.of(TUNE));
            words.add("--apply-best");
            JsonNode found = json(understudy.run(words.toArray(String[]::new)));
            assertThat(found.path("applied").asBoolean()).isTrue();
            assertThat(lines("in-force"))
                    .containsExactly(found.path("best").path("x").asText());
            assertThat(understudy.run("tune", "restore").exitCode()).isZero();
            assertThat(lines("in-force")).containsExactly("7");
        }
    }

    @Nested
    class AProfile {
        @Test
        void saysTheSameInAFileAndScriptsMeasureAndSearch() throws IOException {
            understudy.file("measure.js", """
                    // /// automation
                    // id = "measure"
                    // description = "Measures."
                    // language = "js"
                    // parameters.x = { type = "integer" }
                    // parameters.y = { type = "number" }
                    // ///
                    function execute(params) { return { value: 50 + Math.abs(params.x - 30) + params.y }; }
                    """);
            understudy.file("search.js", """
                    // /// automation
                    // id = "search"
                    // description = "Searches."
                    // language = "js"
                    // parameters.space = { type = "string" }
                    // parameters.trials = { type = "string" }
                    // parameters.seed = { type = "string" }
                    // ///
                    function execute(params) {
                      const space = JSON.parse(params.space), done = JSON.parse(params.trials).length;
                      return { values: { x: space[0].low + 2 * done - 1, y: 0.5 } };
                    }
                    """);
            understudy.file("profile.yaml", """
                    objective: { script: measure.js }
                    strategy: { script: search.js }
                    parameters:
                      x: int:1..64 default=60
                      y: real:0..1
                    constraints: ["x + y <= 64"]
                    budget: 40
                    """);
            JsonNode found = json(understudy.run("tune", "profile.yaml", "--json"));
            assertThat(found.path("strategy").asText()).isEqualTo("search.js");
            assertThat(found.path("best").path("x").asInt()).isEqualTo(30);
            // 80.5 to 50.5.
            assertThat(found.path("race").path("improvement").asDouble()).isBetween(0.37, 0.38);
        }

        @Test
        void isReadWithAllItsMistakesAtOnce() {
            understudy.file("profile.yaml", """
                    objective: echo 1
                    parameters:
                      x: int:64..1
                    strateg: RANDOM
                    budget: 2
                    """);
            Launcher.Result result = understudy.inProcesses().run("tune", "profile.yaml");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines())
                    .hasSize(3)
                    .anySatisfy(line ->
                            assertThat(line).startsWith("profile.yaml:3:").contains("reversed"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("profile.yaml:4:").contains("did you mean 'strategy'"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("profile.yaml:5:").contains("from 16"));
        }
    }

    @Nested
    class BadInput {
        static Stream<Arguments> given() {
            String x = "x=int:1..64 default=8";
            return Stream.of(
                    bad(1, "it ended with exit code 3: no table", "echo 'no table' >&2; exit 3", x),
                    bad(1, "it printed nothing", "true", x),
                    bad(1, "its figure is NaN", "echo NaN", x),
                    bad(1, "it did not end within 300 ms", "sleep 600 & sleep 600", x),
                    bad(2, "its bounds are reversed", "echo 1", "x=int:64..1"),
                    bad(2, "There is no parameter 'vm.swapiness'", "echo 1", "vm.swapiness", "--target", "sysctl"),
                    bad(2, "the shell's '|'", "echo {x} | cat", x),
                    // A command would find one of them in PARAM_MODE and never see the other.
                    bad(2, "'mode' and 'Mode' cannot be told apart", "echo 1", "mode=a,b", "--param", "Mode=c,d"));
        }

        private static Arguments bad(int exitCode, String said, String objective, String parameter, String... more) {
            var words = new ArrayList<>(List.of(
                    "tune",
                    "--objective",
                    objective,
                    "--metric",
                    ".+",
                    "--objective-timeout",
                    "300ms",
                    "--param",
                    parameter));
            words.addAll(List.of(more));
            return Arguments.of(exitCode, said, words);
        }

        @Test
        void isAnythingThatWouldChangeASessionWhenItGoesOn() {
            Launcher.Result result = understudy.run("tune", "--resume", "1", "--budget", "90", "--json");
            assertThat(result.err()).contains("--resume does not go with --budget");
            assertThat(result.exitCode()).isEqualTo(2);
        }

        @ParameterizedTest
        @MethodSource("given")
        void getsOneLineAndTheRightExitCode(int exitCode, String said, List<String> words) {
            Launcher.Result result = understudy.run(words.toArray(String[]::new));
            assertThat(result.errorLines()).hasSize(1);
            assertThat(result.err()).contains(said).doesNotContain("\tat ");
            assertThat(result.exitCode()).isEqualTo(exitCode);
        }
    }
}
