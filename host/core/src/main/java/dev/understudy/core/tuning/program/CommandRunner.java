package dev.understudy.core.tuning.program;

import dev.understudy.core.system.PersonsLocale;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts the person's own commands where they run them, with their environment. A command that does not end in time, prints
 * without end, or is interrupted ends with all that it started: it has a process group of its own where the system has
 * {@code setsid}, else its descendants are looked up. What a command leaves running when it ends by itself goes on, since it may
 * be the server that was to be started.
 *
 * <p>On another machine ({@link HostCommand}) the command has that machine's environment and folder, and the time it takes includes
 * the way there. What a host command leaves running there when it is ended itself is not ended.
 */
final class CommandRunner {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path KILL = Path.of("/bin/kill");
    private static final Path NO_INPUT = Path.of("/dev/null");
    private static final long LOOK_MILLIS = 100;
    private static final long MAX_OUTPUT_BYTES = 64L << 20;
    /** What is read of an output at most: its end, where figures stand. */
    private static final int MAX_READ_BYTES = 4 << 20;

    private final Path directory;
    private final Duration timeout;
    private final HostCommand host;

    /** Of commands that run on this machine. */
    CommandRunner(Path directory, Duration timeout) {
        this(directory, timeout, HostCommand.here());
    }

    CommandRunner(Path directory, Duration timeout, HostCommand host) {
        this.directory = directory;
        this.timeout = timeout;
        this.host = host;
    }

    /**
     * How a command ended.
     *
     * @param problem why it does not count as done, a clause; empty if it ended with exit code 0
     * @param wasCut whether it took all the time, or printed all, that it may
     * @param took from its start to its end
     */
    record Ended(String problem, boolean wasCut, String out, String err, Duration took) {}

    /** Runs a command to its end; a program that cannot be started is a problem like another. */
    Ended run(List<String> argv, Map<String, String> variables) throws InterruptedException {
        if (host.isHere()) return run(argv, variables, NO_INPUT);
        try {
            Path input = Files.createTempFile("understudy-in", "");
            try {
                Files.writeString(input, host.input(argv, variables));
                return reached(run(host.argv(), Map.of(), input));
            } finally {
                Files.deleteIfExists(input);
            }
        } catch (IOException e) {
            return new Ended("it cannot be started: " + e.getMessage(), false, "", "", Duration.ZERO);
        }
    }

    /** What a command on another machine printed, or that it was never started there. */
    private Ended reached(Ended ended) {
        // Of a long output only the end was kept, so it came from somewhere.
        if (ended.out().length() >= MAX_READ_BYTES / 4
                && HostCommand.output(ended.out()).isEmpty()) return ended;
        return HostCommand.output(ended.out())
                .map(out -> new Ended(ended.problem(), ended.wasCut(), out, ended.err(), ended.took()))
                .orElseGet(() -> new Ended(
                        ended.problem().isEmpty()
                                ? "'" + host.text() + "' passes no input on to the shell that it starts"
                                : "'" + host.text() + "' did not reach a shell: " + ended.problem(),
                        ended.wasCut(),
                        "",
                        ended.err(),
                        ended.took()));
    }

    private Ended run(List<String> argv, Map<String, String> variables, Path input) throws InterruptedException {
        try {
            Path out = Files.createTempFile("understudy-out", "");
            Path err = Files.createTempFile("understudy-err", "");
            try (var readOut = new RandomAccessFile(out.toFile(), "r");
                    var readErr = new RandomAccessFile(err.toFile(), "r")) {
                return run(argv, variables, input, new Output(out, readOut), new Output(err, readErr));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            return new Ended("it cannot be started: " + e.getMessage(), false, "", "", Duration.ZERO);
        }
    }

    /** A file that a command writes to; it is read from here even when it has no name any more. */
    private record Output(Path path, RandomAccessFile read) {
        /** Its command holds it open, so a kill of this process leaves nothing behind. */
        void unlink() throws IOException {
            Files.delete(path);
        }

        long bytes() throws IOException {
            return read.length();
        }

        /** The end of it, as text. */
        String end() throws IOException {
            long length = bytes();
            long from = Math.max(0, length - MAX_READ_BYTES);
            var bytes = new byte[(int) (length - from)];
            read.seek(from);
            read.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Ended run(List<String> argv, Map<String, String> variables, Path input, Output out, Output err)
            throws IOException, InterruptedException {
        boolean group = Files.isExecutable(SETSID) && Files.isExecutable(KILL);
        var command = new ArrayList<String>();
        if (group) command.add(SETSID.toString());
        command.addAll(argv);
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(input.toFile()))
                .redirectOutput(out.path().toFile())
                .redirectError(err.path().toFile());
        PersonsLocale.restore(builder.environment());
        builder.environment().putAll(variables);
        long started = System.nanoTime();
        Process process = builder.start();
        out.unlink();
        err.unlink();
        String problem = "";
        try {
            while (problem.isEmpty() && !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - started > timeout.toNanos())
                    problem = "it did not end within " + seconds(timeout) + " and was ended";
                else if (out.bytes() + err.bytes() > MAX_OUTPUT_BYTES)
                    problem = "it printed more than " + (MAX_OUTPUT_BYTES >> 20) + " MiB and was ended";
            }
        } finally {
            if (process.isAlive()) end(process, group);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        boolean wasCut = !problem.isEmpty();
        String said = err.end();
        if (problem.isEmpty() && process.exitValue() != 0)
            problem = "it ended with exit code " + process.exitValue() + lastLine(said);
        return new Ended(problem, wasCut, out.end(), said, took);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .map(line -> ": " + line.strip())
                .orElse("");
    }

    private static void end(Process process, boolean group) throws IOException {
        List<ProcessHandle> descendants = process.descendants().toList();
        if (group) {
            Process kill = new ProcessBuilder(KILL.toString(), "-KILL", "--", "-" + process.pid())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            waitUninterrupted(kill);
        }
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        waitUninterrupted(process);
    }

    private static void waitUninterrupted(Process process) {
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            interrupted = true;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
