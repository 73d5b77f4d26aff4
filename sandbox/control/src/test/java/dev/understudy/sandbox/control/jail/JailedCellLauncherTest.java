package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operating system's wall around a cell, alone: what runs inside is no cell but Java that does as it likes. */
class JailedCellLauncherTest extends JailedTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private JailedCellLauncher launcher;

    @BeforeEach
    void launcher() {
        launcher = new JailedCellLauncher(jail);
    }

    private Process start(String... arguments) throws IOException {
        Path classes = Path.of(JavaInJail.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        List<String> java = new ArrayList<>(List.of(
                JAVA.toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                JavaInJail.class.getName()));
        java.addAll(List.of(arguments));
        java.add(classes.toString());
        return launcher.start(starter(), java, List.of(classes));
    }

    @Test
    void leavesAProcessNothingButItsScratch() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "planted");

        Process process = start(secret.toString());
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(said.lines())
                .containsExactly(
                        "home: done",
                        "read: refused",
                        "write: refused",
                        "own jar: refused",
                        "socket: refused",
                        "program: refused",
                        "host: refused",
                        "environment: refused");
        assertThat(folder.resolve("new")).doesNotExist();
        assertThat(launcher.tier()).isEqualTo(Tier.ISOLATED);
    }

    @Test
    void leavesNothingOnTheHostWhenTheProcessIsKilled() throws Exception {
        Process process = start("/nowhere");
        process.destroyForcibly();
        process.waitFor();
        assertThat(JailProcesses.running()).isEmpty();
    }
}
