package dev.understudy.fleet;

import dev.understudy.core.config.Config;
import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A {@link TestHost} as a process of its own, which tests kill and stop. */
final class TestHostProcess {
    private final Path folder;
    private final List<String> arguments;
    private Process process;

    TestHostProcess(String url, Path folder, Path effects, String trusted, Duration skew) {
        this.folder = folder;
        arguments = List.of(url, folder.toString(), effects.toString(), trusted, skew.toString());
        process = start();
    }

    private Process start() {
        var command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TestHostProcess.class.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            Path.of(folder + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void revive() {
        process = start();
    }

    /** Has it stand still (SIGSTOP), or go on (SIGCONT). */
    void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Is the process: joins, and stays until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        Duration skew = Duration.parse(arguments[4]);
        InstantSource clock = () -> InstantSource.system().instant().plus(skew);
        var section = new FleetSection(
                Optional.of(arguments[0]), Optional.empty(), Optional.empty(), List.of(), List.of(), 0);
        Fleet fleet = NatsFleet.connect(section, FleetContract.TIMES);
        var host = new TestHost(fleet, Path.of(arguments[1]), Path.of(arguments[2]));
        var random = new Random(arguments[1].hashCode());
        // As long as a short script takes.
        host.gate = () -> LockSupport.parkNanos(random.nextInt(40_000_000));
        host.join(Set.of(arguments[3]), List.of("full"), List.of(), 3, Config.DEFAULT.sandbox(), clock);
        Thread.currentThread().join();
    }
}
