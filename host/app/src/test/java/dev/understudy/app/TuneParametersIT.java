package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real kernel parameters of this machine, by the command line; those changed only decide how statistics are summed up. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
@ExtendWith(HostInProcess.Closing.class)
class TuneParametersIT {
    private static final String HARMLESS = "vm.stat_interval";
    private static final Path FILE = Path.of("/proc/sys/vm/stat_interval");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Launcher launcher;
    private Path work;
    private String before;

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
        launcher = new Launcher(Files.createDirectories(folder.resolve("home")), work).inThisProcess();
        before = now();
    }

    @AfterEach
    void nothingStaysChanged() throws IOException {
        if (Files.isWritable(FILE) && !now().equals(before)) Files.writeString(FILE, before);
    }

    /** By a program of the system, so that a mistake in reading such files would be seen. */
    private static String now() throws IOException {
        Process cat = new ProcessBuilder("cat", FILE.toString()).start();
        try (var out = cat.inputReader()) {
            return String.valueOf(out.readLine());
        }
    }

    private static void assumePrivilege() {
        assumeThat(Files.isWritable(FILE)).as("may write " + FILE).isTrue();
    }

    private JsonNode json(String... arguments) throws IOException {
        Launcher.Result result = launcher.run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    @Nested
    class Parameters {
        @Test
        void areListedWithWhatTheyHoldAndMayHold() throws IOException {
            JsonNode parameters = json("tune", "parameters", HARMLESS, "--target", "sysctl", "--json")
                    .at("/targets/0/parameters");
            assertThat(parameters).hasSize(1);
            JsonNode parameter = parameters.get(0);
            assertThat(parameter.path("value").asText()).isEqualTo(before);
            assertThat(parameter.at("/allowed/type").asText()).isEqualTo("integer");
            assertThat(parameter.at("/allowed/low").asLong()).isEqualTo(1);
            assertThat(parameter.at("/allowed/high").asLong()).isEqualTo(60);
            assertThat(parameter.path("meaning").asText()).contains("Seconds");
        }
    }

    @Nested
    class SetByHand {
        @Test
        void saysWhatItWouldDoAndChangesNothing() throws IOException {
            Launcher.Result result = launcher.run("tune", "set", HARMLESS + "=12");
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("Nothing was changed", "sudo sysctl -w vm.stat_interval=12");
            assertThat(now()).isEqualTo(before);
        }

        @Test
        void isKeptUntilItIsToBePutBack() throws IOException {
            assumePrivilege();
            assertThat(json("tune", "set", HARMLESS + "=12", "--write", "--json")
                            .path("written")
                            .asBoolean())
                    .isTrue();
            assertThat(now()).isEqualTo("12");
            JsonNode standing = json("tune", "restore", "--list", "--json").path("parameters");
            assertThat(standing).hasSize(1);
            assertThat(standing.at("/0/before").asText()).isEqualTo(before);
            assertThat(standing.at("/0/state").asText()).isEqualTo("kept");

            assertThat(json("tune", "restore", "--json")
                            .at("/parameters/0/outcome")
                            .asText())
                    .isEqualTo("restored");
            assertThat(now()).isEqualTo(before);
            assertThat(launcher.run("tune", "restore").out()).contains("Nothing stands changed");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "vm.stat_intervall=12 | Did you mean vm.stat_interval?",
                    "vm.stat_interval=600 | Give one of 1..60",
                    "vm.stat_interval=low | Give one of 1..60",
                    "kernel.panic=1 | There is no parameter 'kernel.panic'",
                    "vm.stat_interval | KEY=VALUE"
                })
        void refusesWhatMakesNoSense(String argument, String words) throws IOException {
            Launcher.Result result = launcher.run("tune", "set", argument, "--write");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines()).hasSize(1).first().asString().contains(words);
            assertThat(now()).isEqualTo(before);
        }
    }

    @Nested
    class Restoring {
        @Test
        void refusesANameThatNobodyKnows() throws IOException {
            Launcher.Result result = launcher.run("tune", "restore", "vm.nowhere");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errorLines()).hasSize(1).first().asString().contains("no parameter 'vm.nowhere'");
        }
    }

    @Nested
    class WhenTuningIsKilled {
        @Test
        void theNextCommandPutsTheValueBack() throws Exception {
            assumePrivilege();
            Path trials = work.resolve("trials");
            assertThat(new ProcessBuilder("mkfifo", trials.toString()).start().waitFor())
                    .isZero();
            Process tune = launcher.start(
                    "tune",
                    "--target",
                    "sysctl",
                    "--param",
                    HARMLESS,
                    "--objective",
                    "sh -c 'echo trial >" + trials + "; sleep 0.2; echo 1'",
                    "--metric",
                    "([0-9]+)",
                    "--budget",
                    "60");
            // Opened for both, it does not end where one trial does.
            try (var begun = new RandomAccessFile(trials.toFile(), "rw")) {
                while (now().equals(before)) assertThat(begun.readLine()).isEqualTo("trial");
            } finally {
                tune.descendants().forEach(ProcessHandle::destroyForcibly);
                tune.destroyForcibly().waitFor();
            }
            assertThat(now()).as("after the kill").isNotEqualTo(before);

            Launcher.Result next = launcher.run("plugins");

            assertThat(next.err()).contains(HARMLESS + " is " + before + " again");
            assertThat(now()).isEqualTo(before);
        }
    }
}
