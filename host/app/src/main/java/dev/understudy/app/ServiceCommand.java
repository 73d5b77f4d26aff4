package dev.understudy.app;

import dev.understudy.core.config.DataHome;
import dev.understudy.core.problem.UserException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "service",
        description = {
            "Have the system start 'up' with your session, and again if it fails: a user unit of systemd on Linux, a launchd"
                    + " agent on macOS (written there, but never tried on one).",
            "It runs as you, with hardening options that leave the jail of scripts working; the file says which and why."
        })
final class ServiceCommand implements Callable<Integer> {
    @ParentCommand
    RootCommand root;

    @Override
    public Integer call() {
        return status();
    }

    @Command(description = "Write the file, and start the service now.")
    int install(
            @Option(names = "--print", description = "Only print the file.") boolean print,
            @Option(names = "--no-start", description = "Only write the file.") boolean noStart,
            @Option(names = "--force", description = "Replace a file that somebody else wrote.") boolean force) {
        Manager manager = manager();
        String text = manager.text();
        if (print) {
            root.console().out().print(text);
            return ExitCode.DONE;
        }
        // What is wrong with either is the person's to mend now, not at the next login.
        root.readConfig();
        DataHome.open(root.homeFolder());
        Path file = manager.file();
        try {
            if (Files.exists(file) && !force && !Files.readString(file).contains(ServiceUnit.MARK))
                throw UserException.notAllowed(
                        "The service was not installed",
                        file + " is there, and Understudy has not written it",
                        "Look at it, and pass --force to replace it");
            write(file, text);
        } catch (IOException e) {
            throw UserException.failed(
                    "The service was not installed",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "See that " + file + " can be written",
                    e);
        }
        root.console().out().println("Wrote " + Console.shortened(file.toString()) + ".");
        if (!noStart) start(manager);
        return ExitCode.DONE;
    }

    private void start(Manager manager) {
        Console console = root.console();
        for (List<String> command : manager.start()) {
            Optional<String> problem = run(command);
            if (problem.isPresent()) {
                console.err()
                        .println("understudy: It was not started: " + Console.printable(problem.get())
                                + ". Where you are logged in, type: " + String.join(" ", command));
                return;
            }
        }
        console.out().println("Started. See with: " + root.commandPrefix() + " service status");
    }

    @Command(description = "Tell whether it is installed and runs (exit code 1 if not).")
    int status() {
        Manager manager = manager();
        Console console = root.console();
        if (Files.notExists(manager.file())) {
            console.out().println("It is not installed. Install it with: " + root.commandPrefix() + " service install");
            return ExitCode.FAILED;
        }
        boolean current = isCurrent(manager);
        Optional<String> problem = run(manager.isActive());
        console.out()
                .println("Installed in " + Console.shortened(manager.file().toString())
                        + (current ? "" : " (by another version, or changed since: 'service install' writes it anew)")
                        + ", and "
                        + (problem.isEmpty() ? "runs." : "does not run: " + Console.printable(problem.get()) + "."));
        return problem.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static boolean isCurrent(Manager manager) {
        try {
            return Files.readString(manager.file()).equals(manager.text());
        } catch (IOException _) {
            return false;
        }
    }

    @Command(description = "Stop the service and delete the file. Nothing of the data home is touched.")
    int remove() {
        Manager manager = manager();
        Path file = manager.file();
        if (Files.notExists(file)) {
            root.console().out().println("It is not installed.");
            return ExitCode.DONE;
        }
        try {
            if (!Files.readString(file).contains(ServiceUnit.MARK))
                throw UserException.notAllowed(
                        "The service was not removed",
                        "Understudy has not written " + file,
                        "Stop and delete it yourself");
            Optional<String> problem = run(manager.stop());
            Files.delete(file);
            for (List<String> command : manager.afterwards()) run(command);
            problem.ifPresent(why -> root.console()
                    .err()
                    .println("understudy: It was not stopped: " + Console.printable(why)
                            + ". It will not start any more."));
        } catch (IOException e) {
            throw UserException.failed(
                    "The service was not removed",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "See that " + file + " can be deleted",
                    e);
        }
        root.console().out().println("Removed " + Console.shortened(file.toString()) + ".");
        return ExitCode.DONE;
    }

    private static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) throw new IOException(file + " lies in no folder");
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, ".understudy", ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Why a command did not do what it should, in a line; empty if it did. */
    private static Optional<String> run(List<String> command) {
        try {
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null")));
            builder.environment().clear();
            builder.environment().putAll(environment());
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return code == 0
                    ? Optional.empty()
                    : Optional.of(said.lines().findFirst().orElse(command.getFirst() + " ended with " + code));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private static Map<String, String> environment() {
        return Invocation.current().environment();
    }

    /** The system's own. */
    private interface Manager {
        Path file();

        String text();

        List<List<String>> start();

        List<String> stop();

        List<String> isActive();

        List<List<String>> afterwards();
    }

    private Manager manager() {
        var unit = new ServiceUnit(command());
        return System.getProperty("os.name", "").startsWith("Mac") ? new Launchd(unit) : new Systemd(unit);
    }

    /** The launcher with the data home and the configuration of now: a service has no folder from which to look for them. */
    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(
                Path.of(System.getProperty("understudy.root", ""), "understudy").toString());
        command.add("--home");
        command.add(root.homeFolder().toAbsolutePath().normalize().toString());
        command.add("--config");
        command.add(root.configFile().toAbsolutePath().normalize().toString());
        if (root.config == null && Files.notExists(root.configFile()))
            command.subList(3, 5).clear();
        command.add("up");
        return command;
    }

    private record Systemd(ServiceUnit unit) implements Manager {
        @Override
        public Path file() {
            String set = environment().getOrDefault("XDG_CONFIG_HOME", "");
            Path folder =
                    set.startsWith("/") ? Path.of(set) : RootCommand.userHome().resolve(".config");
            return folder.resolve("systemd/user").resolve(ServiceUnit.SYSTEMD_NAME);
        }

        @Override
        public String text() {
            return unit.systemd(bubblewrap());
        }

        private static ServiceUnit.Bubblewrap bubblewrap() {
            return Stream.of("/usr/bin/bwrap", "/bin/bwrap").map(Path::of).anyMatch(Systemd::isSetUid)
                    ? ServiceUnit.Bubblewrap.SET_UID
                    : ServiceUnit.Bubblewrap.UNPRIVILEGED;
        }

        private static boolean isSetUid(Path file) {
            try {
                return ((Integer) Files.getAttribute(file, "unix:mode") & 04000) != 0;
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
                return false;
            }
        }

        private static List<String> systemctl(String... words) {
            return Stream.concat(Stream.of("systemctl", "--user"), Stream.of(words))
                    .toList();
        }

        @Override
        public List<List<String>> start() {
            return List.of(
                    systemctl("daemon-reload"),
                    systemctl("enable", ServiceUnit.SYSTEMD_NAME),
                    systemctl("restart", ServiceUnit.SYSTEMD_NAME));
        }

        @Override
        public List<String> stop() {
            return systemctl("disable", "--now", ServiceUnit.SYSTEMD_NAME);
        }

        @Override
        public List<String> isActive() {
            return systemctl("is-active", ServiceUnit.SYSTEMD_NAME);
        }

        @Override
        public List<List<String>> afterwards() {
            return List.of(systemctl("daemon-reload"));
        }
    }

    private record Launchd(ServiceUnit unit) implements Manager {
        private static Path library() {
            return RootCommand.userHome().resolve("Library");
        }

        @Override
        public Path file() {
            return library().resolve("LaunchAgents").resolve(ServiceUnit.LAUNCHD_LABEL + ".plist");
        }

        @Override
        public String text() {
            return unit.launchd(library().resolve("Logs/understudy.log"));
        }

        @Override
        public List<List<String>> start() {
            return List.of(List.of("launchctl", "load", "-w", file().toString()));
        }

        @Override
        public List<String> stop() {
            return List.of("launchctl", "unload", "-w", file().toString());
        }

        @Override
        public List<String> isActive() {
            return List.of("launchctl", "list", ServiceUnit.LAUNCHD_LABEL);
        }

        @Override
        public List<List<String>> afterwards() {
            return List.of();
        }
    }
}
