package dev.understudy.app;

import dev.understudy.app.resident.HostControl;
import dev.understudy.app.resident.ResidentServer;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.system.PersonsLocale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "host",
        description = {
            "The host that is there: it serves commands on a data home, so that none has to start an engine of its own.",
            "A command typed at a terminal leaves one behind for some minutes (host.resident: auto, on or off; host.idle_minutes)."
        })
final class HostCommand implements Callable<Integer> {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final String READY = "ready";
    /** For one of another build that still does its last command. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParentCommand
    RootCommand root;

    @Override
    public Integer call() {
        return status();
    }

    @Command(description = "Tell whether a host is there (exit code 1 if not).")
    int status() {
        Optional<String> status = HostControl.status(root.homeFolder());
        root.console()
                .out()
                .print(status.orElse("No host is there: each command works in a process of its own. Start one with: "
                        + root.commandPrefix() + " host start\n"));
        return status.isPresent() ? ExitCode.DONE : ExitCode.FAILED;
    }

    @Command(description = "Start a host, unless one is there, and wait until it serves.")
    int start() {
        if (HostControl.status(root.homeFolder()).isPresent()) return status();
        // What is wrong with it is the person's to mend, and is told before anything is started.
        root.readConfig();
        DataHome home = DataHome.open(root.homeFolder());
        try {
            Process host = begin(root, home, Redirect.PIPE);
            try (var said = new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
                if (READY.equals(said.readLine())) return status();
            }
            throw UserException.failed(
                    "No host could be started", lastLine(log(home)), "Commands work without one; see " + log(home));
        } catch (IOException e) {
            throw UserException.failed(
                    "No host could be started", String.valueOf(e.getMessage()), "Commands work without one", e);
        }
    }

    @Command(description = "End the host once the commands that it does are done.")
    int stop() {
        boolean wasThere = HostControl.stop(root.homeFolder());
        root.console().out().println(wasThere ? "The host ends." : "No host is there.");
        return ExitCode.DONE;
    }

    @Command(hidden = true, description = "Be the host.")
    int serve() throws InterruptedException, IOException {
        DataHome home = DataHome.open(root.homeFolder());
        home.folder("host");
        Config config = root.readConfig();
        try (var _ = home.lock("host", "serving commands on this data home", PATIENCE);
                var service = new ResidentService(root);
                var server = ResidentServer.open(
                        home.root(),
                        build(),
                        PersonsLocale.environment(),
                        config.host().idle(),
                        service)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            root.console().out().println(READY);
            Thread.ofPlatform().daemon().name("resident-ready").start(service::makeReady);
            server.serve();
        }
        return ExitCode.DONE;
    }

    /** Which build this is: the launcher has it from the same file. */
    private static String build() throws IOException {
        return Files.readString(Path.of(System.getProperty("understudy.dist", ""), "jars"))
                .strip();
    }

    /** Leaves a host behind where the configuration says so and none is there; nothing is said where that does not work. */
    static void leaveBehind(RootCommand root) {
        if (Invocation.current().isServed()) return;
        if (root.noHost) return;
        try {
            Config.Resident resident = root.readConfig().host().resident();
            boolean wanted = resident == Config.Resident.ON
                    || (resident == Config.Resident.AUTO && root.console().isTerminal());
            if (!wanted || !Files.isDirectory(root.homeFolder()) || isThere(root)) return;
            begin(root, DataHome.open(root.homeFolder()), Redirect.DISCARD);
        } catch (IOException | UserException _) {
            // The next command works in its own process as this one did.
        }
    }

    private static boolean isThere(RootCommand root) {
        return HostControl.status(root.homeFolder()).isPresent();
    }

    /** In a session of its own, so that it outlives the terminal. */
    private static Process begin(RootCommand root, DataHome home, Redirect output) throws IOException {
        Path log = log(home);
        var command = new ArrayList<String>();
        if (Files.isExecutable(SETSID)) command.add(SETSID.toString());
        command.addAll(List.of(
                Path.of(System.getProperty("understudy.root", ""), "understudy").toString(),
                "--home",
                home.root().toString()));
        if (root.config != null)
            command.addAll(
                    List.of("--config", root.configFile().toAbsolutePath().toString()));
        command.addAll(List.of("host", "serve"));
        var builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output)
                .redirectError(log.toFile());
        PersonsLocale.restore(builder.environment());
        return builder.directory(Path.of("/").toFile()).start();
    }

    private static Path log(DataHome home) {
        return home.folder("host").resolve("log");
    }

    private static String lastLine(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .orElse("it ended without a word");
    }
}
