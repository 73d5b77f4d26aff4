package dev.understudy.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The launcher as a person calls it: a process of its own, over what the build has just assembled. Where a test is not about
 * processes, its commands may run in the test's own, which spares each a start of Java.
 */
final class Launcher {
    static final Path ROOT = Path.of(System.getProperty("understudy.root"));

    private static final long PATIENCE_SECONDS = 120;

    private final Path home;
    private final Path directory;
    private final Map<String, String> environment;
    private final boolean inThisProcess;
    private final Path program;

    /** Starts with this data home (and user's home), from this working directory. */
    Launcher(Path home, Path directory) {
        this(home, directory, Map.of());
    }

    /** As above, with more variables in its environment. */
    Launcher(Path home, Path directory, Map<String, String> environment) {
        this(home, directory, environment, false, ROOT.resolve("understudy"));
    }

    private Launcher(Path home, Path directory, Map<String, String> environment, boolean inThisProcess, Path program) {
        this.home = home;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.inThisProcess = inThisProcess;
        this.program = program;
    }

    /** The same on the same data home, of another installation, by its launcher. */
    Launcher of(Path installed) {
        return new Launcher(home, directory, environment, inThisProcess, installed);
    }

    /** The same on the same data home, with {@link #run} in this process; tests that use it close {@link HostInProcess}. */
    Launcher inThisProcess() {
        return new Launcher(home, directory, environment, true, program);
    }

    /** The same on the same data home, with {@link #run} in processes again: they name files as they were typed. */
    Launcher inProcesses() {
        return new Launcher(home, directory, environment, false, program);
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
        return inThisProcess
                ? HostInProcess.run(home, directory, variables(), command(arguments))
                : type("", arguments);
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

    /** Reads what a terminal shows, from where it was read to last, up to a text. */
    static void readUpTo(InputStream screen, String text) throws IOException {
        var shown = new StringBuilder();
        while (shown.indexOf(text) < 0) {
            int next = screen.read();
            if (next < 0) throw new AssertionError("the end, after: " + shown);
            shown.append((char) next);
        }
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
        var command = new ArrayList<>(List.of(program.toString(), "--home", home.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(List<String> command) {
        // A build in the background ignores Ctrl-C, and what it starts would inherit that.
        var line = new ArrayList<>(List.of("env", "--default-signal=INT"));
        line.addAll(command);
        var builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> variables() {
        var variables = new HashMap<>(System.getenv());
        variables.put("UNDERSTUDY_NO_BUILD", "1");
        variables.put("UNDERSTUDY", program.toString());
        variables.put("UNDERSTUDY_HOME", home.toString());
        variables.put("HOME", home.resolveSibling("user").toString());
        variables.put("COLUMNS", "120");
        // Shared by all tests, as by all runs of a person: only the first waits for it.
        variables.put(
                "UNDERSTUDY_CELL_CACHE",
                ROOT.resolve("host/app/target/test-cells").toString());
        variables.remove("XDG_DATA_HOME");
        variables.remove("XDG_CONFIG_HOME");
        variables.remove("HISTFILE");
        variables.putAll(environment);
        return variables;
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
