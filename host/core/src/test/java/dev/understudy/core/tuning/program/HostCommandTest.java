package dev.understudy.core.tuning.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.program.CommandRunner.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on other machines, for which other programs that start a shell stand in. */
class HostCommandTest {
    /** As awkward as a value can be. */
    private static final String VALUE = "it's \"$HOME\" `x` \\ * a  b";

    @TempDir
    Path folder;

    /** Does to its words what ssh does: puts them together, and has a shell read them once more, elsewhere. */
    private Path ssh;

    @BeforeEach
    void writeAStandInForSsh() throws IOException {
        ssh = script("ssh", "shift; cd /; exec env -i PATH=\"$PATH\" AT=db2 sh -c \"$*\"");
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private Ended run(String host, String... argv) throws InterruptedException {
        return new CommandRunner(folder, Duration.ofMinutes(1), HostCommand.parse(host))
                .run(List.of(argv), Map.of("PARAM_X", VALUE));
    }

    @Nested
    class ACommand {
        @ParameterizedTest
        @ValueSource(strings = {"ssh", "env AT=db2", "nice -n 1 env AT=db2", "sh -c 'AT=db2 exec \"$@\"' sh"})
        void isGivenItsValuesAsTheyAreWhateverReachesTheMachine(String host) throws InterruptedException {
            Ended ended = run(
                    host.equals("ssh") ? ssh + " db2" : host,
                    "/bin/sh",
                    "-c",
                    "printf '%s|%s|%s' \"$AT\" \"$PARAM_X\" \"$1\"; cat; echo oh >&2",
                    "sh",
                    VALUE);
            assertThat(ended.problem()).isEmpty();
            assertThat(ended.out()).isEqualTo("db2|" + VALUE + "|" + VALUE);
            assertThat(ended.err()).isEqualTo("oh\n");
        }

        @Test
        void hasThatMachinesFolder() throws InterruptedException {
            assertThat(run(ssh + " db2", "pwd").out()).isEqualTo("/\n");
        }

        @Test
        void failsAsItWouldHere() throws InterruptedException {
            assertThat(run(ssh + " db2", "/bin/sh", "-c", "echo 'no such table' >&2; exit 3")
                            .problem())
                    .isEqualTo("it ended with exit code 3: no such table");
        }

        @Test
        void isNotTakenForItsGreeting() throws IOException, InterruptedException {
            Path greeting = script("greeting", "echo 'Welcome, 7 updates'; exec \"$@\"");
            assertThat(run(greeting.toString(), "echo", "5").out()).isEqualTo("5\n");
        }
    }

    @Nested
    class AMachine {
        @Test
        void thatIsNotThereIsNamed() throws IOException, InterruptedException {
            Path down = script("down", "echo 'No route to host' >&2; exit 255");
            assertThat(run(down + " db2", "true").problem())
                    .isEqualTo(
                            "'" + down + " db2' did not reach a shell: it ended with exit code 255: No route to host");
        }

        /** Such a shell reads nothing, and ends as if all were well. */
        @Test
        void whoseInputDoesNotComeIsNoSuccess() throws IOException, InterruptedException {
            Path deaf = script("deaf", "exec \"$@\" </dev/null");
            assertThat(run(deaf.toString(), "echo", "5").problem())
                    .isEqualTo("'" + deaf + "' passes no input on to the shell that it starts");
        }

        @ParameterizedTest
        @ValueSource(strings = {"ssh $HOST", "a | b", "ssh 'db2"})
        void isRefusedWhereItsWordsCannotBeTold(String text) {
            assertThatThrownBy(() -> HostCommand.parse(text)).isInstanceOf(UserException.class);
        }

        @Test
        void mayBeThisOne() {
            assertThat(HostCommand.parse("here").isHere()).isTrue();
        }
    }
}
