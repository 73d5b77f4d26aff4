package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.understudy.core.tuning.program.CommandRunner.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandRunnerTest {
    @TempDir
    Path folder;

    private Ended run(Duration timeout, String command) throws InterruptedException {
        return new CommandRunner(folder, timeout).run(List.of("/bin/sh", "-c", command), Map.of("PARAM_X", "7"));
    }

    @Test
    void runsWhereThePersonIsWithTheValuesInTheEnvironment() throws InterruptedException {
        Ended ended = run(Duration.ofMinutes(1), "echo \"$PARAM_X\" > here; cat here; echo oh >&2");
        assertThat(ended.problem()).isEmpty();
        assertThat(ended.out()).isEqualTo("7\n");
        assertThat(ended.err()).isEqualTo("oh\n");
        assertThat(folder.resolve("here")).exists();
    }

    @Test
    void saysWithWhatAFailingCommandEnded() throws InterruptedException {
        assertThat(run(Duration.ofMinutes(1), "echo first >&2; echo 'no such table' >&2; exit 3")
                        .problem())
                .isEqualTo("it ended with exit code 3: no such table");
    }

    @Test
    void endsAHangingCommandWithAllThatItStarted() throws Exception {
        Ended ended = run(
                Duration.ofMillis(500),
                "(sleep 600 & echo $! > orphan; exit 0); sleep 600 & echo $! > child; sleep 600");
        assertThat(ended.problem()).isEqualTo("it did not end within 500 ms and was ended");
        for (String name : List.of("orphan", "child")) {
            long pid = Long.parseLong(Files.readString(folder.resolve(name)).strip());
            // A busy machine ends a killed process only when it next gets a processor.
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                while (!isGone(pid)) Thread.onSpinWait();
            });
        }
    }

    /** What nobody waits for stays as a zombie where no init reaps it. */
    private static boolean isGone(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (java.io.IOException _) {
            return true;
        }
    }
}
