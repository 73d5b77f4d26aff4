package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a host that was killed by {@code kill -9} in the middle of a run. */
class KilledHostTest extends JailedTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private Process host(int runsBeforeServer) throws IOException {
        return new ProcessBuilder(
                        JAVA.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JailHost.class.getName(),
                        folder.toString(),
                        "" + runsBeforeServer)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> hosts = Files.list(folder.resolve("jail/hosts"))) {
            return hosts.sorted().toList();
        }
    }

    /** What a host has in memory. */
    private static List<Path> inMemory(Process host) throws IOException {
        Optional<Path> memory = MemoryFolder.ofThisUser();
        if (memory.isEmpty()) return List.of();
        try (Stream<Path> all = Files.list(memory.get())) {
            return all.filter(path -> path.getFileName().toString().startsWith(host.pid() + "-"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MAX_VALUE})
    void isNoProcessAndAfterTheNextStartNoFileEither(int runsBeforeServer) throws Exception {
        Process host = host(runsBeforeServer);
        assertThat(host.inputReader().readLine()).isEqualTo("at work");
        List<ProcessHandle> jailed = host.descendants().toList();
        assertThat(jailed).isNotEmpty();

        host.destroyForcibly().waitFor();

        for (ProcessHandle process : jailed)
            assertThat(process.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(process);
        assertThat(folders()).hasSize(2);

        Jail.open(folder.resolve("jail"), starter());
        Path own = folder.resolve("jail/hosts/" + ProcessHandle.current().pid());
        assertThat(folders()).hasSize(2).allMatch(path -> path.toString().startsWith(own + "-"));
        assertThat(inMemory(host)).isEmpty();
    }

    @Test
    void leavesAloneWhatBelongsToAHostThatLives() throws Exception {
        Process host = host(Integer.MAX_VALUE);
        try {
            assertThat(host.inputReader().readLine()).isEqualTo("at work");
            List<Path> before = folders();
            Jail.open(folder.resolve("jail"), starter());
            assertThat(folders()).containsAll(before);
            assertThat(host.descendants()).isNotEmpty();
        } finally {
            host.destroyForcibly().waitFor();
        }
    }
}
