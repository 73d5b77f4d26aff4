package dev.understudy.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The launcher as a person calls it: a process of its own, over what the build has just assembled. */
final class Launcher {
    static final Path ROOT = Path.of(System.getProperty("understudy.root"));

    private static final long PATIENCE_SECONDS = 120;

    private final Path home;
    private final Path directory;
    private final Map<String, String> environment;

    /** Starts with this data home (and user's home), from this working directory. */
    Launcher(Path home, Path directory) {
        this(home, directory, Map.of());
    }

    /** As above, with more variables in its environment. */
    Launcher(Path home, Path directory, Map<String, String> environment) {
        this.home = home;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** How a command ended. */
    record Result(int exitCode, String out, String err) {
        /** The lines that the command itself put on standard error. */
        List<String> errorLines() {
            return err.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    Path home() {
        return home;
    }

    /** Runs a command with nothing on its standard input. */
    Result run(String... arguments) {
        return type("", arguments);
    }

    /** Runs a command with a text on its standard input. */
    Result type(String input, String... arguments) {
        return type(input, start(arguments), String.join(" ", arguments));
    }

    /**
     * Runs a script of Bash in which {@code understudy} is the command. What it holds reaches the command as it is, whatever
     * locale the tests themselves run in.
     */
    Result bash(String script) {
        String function =
                "understudy() { \"$UNDERSTUDY\" --home \"$UNDERSTUDY_HOME\" \"$@\"; }; export -f understudy\n";
        Path file = file("script.bash", function + script);
        return type("", start(List.of("bash", file.toString())), "bash");
    }

    private Result type(String input, Process process, String what) {
        try (OutputStream typed = process.getOutputStream()) {
            typed.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended before it read all: its exit code says why.
        }
        try {
            // Both pipes are read at once: a child that fills one while we wait for the other would never end.
            var err = new StringBuilder();
            Thread errors = Thread.ofPlatform().daemon().start(() -> err.append(read(process.getErrorStream())));
            String out = read(process.getInputStream());
            errors.join();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new AssertionError("still running after " + PATIENCE_SECONDS + " s: " + what);
            return new Result(process.exitValue(), out, err.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts a command; its standard input is the caller's. */
    Process start(String... arguments) {
        return start(command(arguments));
    }

    /**
     * Starts a command on a terminal of its own, which tmux keeps.
     *
     * @param name of the terminal, unique on this machine
     * @param screen a pipe, to which all that the terminal shows is written from the start
     */
    void startOnTerminal(String name, Path screen, String... arguments) {
        String line = command(arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        // It waits for the first key, so that nothing is shown before somebody looks.
        tmux(name, "-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "read -r _; exec " + line);
        tmux(name, "pipe-pane", "exec cat >'" + screen + "'");
        tmux(name, "send-keys", "Enter");
    }

    /** Gives tmux a command about a terminal and waits until it has done it. */
    void tmux(String name, String... arguments) {
        var command = new ArrayList<>(List.of("tmux", "-L", name));
        command.addAll(List.of(arguments));
        Process process = start(command);
        try {
            String said = read(process.getErrorStream());
            if (process.waitFor() != 0) throw new AssertionError(String.join(" ", command) + ": " + said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(ROOT.resolve("understudy").toString(), "--home", home.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(List<String> command) {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("UNDERSTUDY_NO_BUILD", "1");
        builder.environment().put("UNDERSTUDY", ROOT.resolve("understudy").toString());
        builder.environment().put("UNDERSTUDY_HOME", home.toString());
        builder.environment().put("HOME", home.resolveSibling("user").toString());
        builder.environment().put("COLUMNS", "120");
        // Shared by all tests, as by all runs of a person: only the first waits for it.
        builder.environment()
                .put(
                        "UNDERSTUDY_CELL_CACHE",
                        ROOT.resolve("host/app/target/test-cells").toString());
        builder.environment().remove("XDG_DATA_HOME");
        builder.environment().remove("XDG_CONFIG_HOME");
        builder.environment().remove("HISTFILE");
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file below the working directory. */
    Path file(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
