package dev.understudy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command costs at the prompt, as whole processes: with a host there and without one, in turn with the peers that a
 * person would type instead. The host, its data home and its scripts are made for this and taken away after it.
 */
final class CliBench implements Benchmark {
    private static final int ROUNDS = 15;
    /** Of what takes seconds. */
    private static final int FEW_ROUNDS = 7;

    private static final int WARM_UP = 5;
    private static final long LIMIT_SECONDS = 120;
    private static final String SETTLED = "no cell";
    /** Runs a command on a terminal and passes on what is typed and shown. */
    private static final String TERMINAL = "script";

    private static final String PROMPT = "js>";
    private static final int CTRL_D = 4;

    private static final String JAVASCRIPT = """
            // /// automation
            // id = "one-line"
            // description = "Says that it was there."
            // language = "js"
            // ///
            function execute(params) { return { success: true, said: "hello" }; }
            """;
    private static final String PYTHON = """
            # /// automation
            # id = "one-line"
            # description = "Says that it was there."
            # language = "python"
            # ///
            def execute(params): return {"success": True, "said": "hello"}
            """;
    private static final String BASH = """
            # /// automation
            # id = "one-line"
            # description = "Says that it was there."
            # language = "bash"
            # ///
            echo '{"success": true, "said": "hello"}' >"$RESULT"
            """;

    private final Path root = Path.of(System.getProperty("understudy.root", ""));

    /**
     * A command line, the row that it fills, and the peer whose time it is compared with.
     *
     * @param shown what it shows on a terminal, until which it is timed; if empty, it is timed to its end, without a terminal
     */
    private record Command(
            String row, List<String> line, Map<String, Object> extra, Optional<String> peer, Optional<String> shown) {
        Command(String row, List<String> line, Map<String, Object> extra, Optional<String> peer) {
            this(row, line, extra, peer, Optional.empty());
        }
    }

    /** What one start took. */
    private record Cost(long wallNanos, double processorSeconds) {}

    @Override
    public String name() {
        return "cli";
    }

    @Override
    public String description() {
        return "commands at the prompt as whole processes, with a host there and without, beside node, python3 and bwrap";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path folder = place.folder();
        try {
            measure(folder, found);
        } finally {
            Optional<ProcessHandle> host = host(folder);
            once(folder, understudy(folder, "host", "stop"));
            // It still writes in its data home until it is gone.
            host.ifPresent(each ->
                    each.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
        }
    }

    private void measure(Path folder, Consumer<Row> found) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("one.js"), JAVASCRIPT);
        Files.writeString(folder.resolve("one.py"), PYTHON);
        Files.writeString(folder.resolve("one.sh"), BASH);
        Files.writeString(folder.resolve("plain.js"), "console.log('hello')\n");
        Files.writeString(folder.resolve("plain.py"), "print('hello')\n");
        Files.writeString(folder.resolve("plain.sh"), "echo hello\n");
        // Makes the data home, and the caches that every later command finds.
        for (String script : List.of("one.js", "one.py", "one.sh"))
            must(folder, understudy(folder, "run", script, "--no-host"));
        must(folder, understudy(folder, "host", "start"));
        hostIdle(folder).forEach(found);
        inTurn(folder, withHost(folder), ROUNDS).forEach(found);
        inTurn(folder, withoutHost(folder), FEW_ROUNDS).forEach(found);
    }

    private List<Command> withHost(Path folder) {
        return Stream.of(
                        Stream.of(
                                new Command(
                                        "run of a JavaScript file, host there",
                                        understudy(folder, "run", "one.js"),
                                        goal("at most 2 x node"),
                                        Optional.of("node FILE")),
                                new Command(
                                        "run of a Python file, host there",
                                        understudy(folder, "run", "one.py"),
                                        goal("at most 2 x node"),
                                        Optional.of("node FILE")),
                                new Command(
                                        "run of a Bash file, host there",
                                        understudy(folder, "run", "one.sh"),
                                        goal("at most 1.5 x node"),
                                        Optional.of("node FILE"))),
                        Stream.of(
                                        List.of("automations"),
                                        List.of("patterns"),
                                        List.of("run", "--help"),
                                        List.of("completion", "names", "runs"))
                                .map(words -> new Command(
                                        String.join(" ", words) + ", host there",
                                        understudy(folder, words.toArray(String[]::new)),
                                        goal("120 ms"),
                                        Optional.empty())),
                        prompt("repl, first prompt, host there", "200 ms", understudy(folder, "repl")),
                        peers())
                .flatMap(each -> each)
                .toList();
    }

    /** On a terminal of its own, where the machine has a program that gives one. */
    private static Stream<Command> prompt(String row, String goal, List<String> line) {
        return isInstalled(TERMINAL)
                ? Stream.of(new Command(row, line, goal(goal), Optional.empty(), Optional.of(PROMPT)))
                : Stream.of();
    }

    private List<Command> withoutHost(Path folder) {
        return Stream.concat(
                        prompt("repl, first prompt, no host", "700 ms", understudy(folder, "repl", "--no-host")),
                        withoutHostToTheEnd(folder).stream())
                .toList();
    }

    private List<Command> withoutHostToTheEnd(Path folder) {
        return List.of(
                new Command(
                        "run of a JavaScript file, no host",
                        understudy(folder, "run", "one.js", "--no-host"),
                        goal("600 ms"),
                        Optional.empty()),
                new Command(
                        "run of a Python file, no host",
                        understudy(folder, "run", "one.py", "--no-host"),
                        goal("1100 ms"),
                        Optional.empty()),
                new Command(
                        "run of a Bash file, no host",
                        understudy(folder, "run", "one.sh", "--no-host"),
                        goal(""),
                        Optional.empty()),
                new Command(
                        "automations, no host",
                        understudy(folder, "automations", "--no-host"),
                        goal(""),
                        Optional.empty()));
    }

    /** What is installed of what a person would type instead. */
    private static Stream<Command> peers() {
        return Stream.of(
                        new Command("node FILE", List.of("node", "plain.js"), goal(""), Optional.empty()),
                        new Command("python3 FILE", List.of("python3", "plain.py"), goal(""), Optional.empty()),
                        new Command(
                                "bwrap bash FILE",
                                List.of("bwrap", "--ro-bind", "/", "/", "--unshare-all", "bash", "plain.sh"),
                                goal(""),
                                Optional.empty()))
                .filter(peer -> isInstalled(peer.line().getFirst()));
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Map<String, Object> goal(String goal) {
        return Map.of("goal", goal);
    }

    private List<String> understudy(Path folder, String... arguments) {
        var line = new ArrayList<>(List.of(
                root.resolve("understudy").toString(),
                "--home",
                folder.resolve("home").toString()));
        line.addAll(List.of(arguments));
        return line;
    }

    /** The rounds of one command. */
    private static final class Rounds {
        private final Command command;
        private final long[] wall;
        private final double[] processor;

        Rounds(Command command, int rounds) {
            this.command = command;
            wall = new long[rounds];
            processor = new double[rounds];
        }

        void add(int round, Cost cost) {
            if (round < 0) return;
            wall[round] = cost.wallNanos();
            processor[round] = cost.processorSeconds();
        }

        Row row(List<Rounds> all) {
            var extra = new LinkedHashMap<String, Object>(command.extra());
            for (Rounds other : all)
                if (command.peer().equals(Optional.of(other.command.row())))
                    extra.put("ratio", ratio(wall, other.wall));
            double[] used = processor.clone();
            Arrays.sort(used);
            extra.put("processor ms", 1000 * used[(used.length - 1) / 2]);
            return Row.ofNanos(command.row(), wall, extra);
        }
    }

    /** All of them one after the other, again and again, so that what else the machine does meets each alike. */
    private static List<Row> inTurn(Path folder, List<Command> commands, int rounds)
            throws IOException, InterruptedException {
        List<Rounds> all =
                commands.stream().map(command -> new Rounds(command, rounds)).toList();
        for (int round = -WARM_UP; round < rounds; round++)
            for (Rounds each : all) each.add(round, cost(folder, each.command));
        return all.stream().map(each -> each.row(all)).toList();
    }

    /** The median of the ratios of each round. */
    private static double ratio(long[] times, long[] others) {
        double[] ratios = new double[times.length];
        for (int i = 0; i < ratios.length; i++) ratios[i] = (double) times[i] / others[i];
        Arrays.sort(ratios);
        return ratios[(ratios.length - 1) / 2];
    }

    /** The command's own processor time, and what the host and its cells used meanwhile. */
    private static Cost cost(Path folder, Command command) throws IOException, InterruptedException {
        double own = ownChildren();
        double host = hostTree(folder);
        long wall;
        if (command.shown().isPresent()) {
            wall = nanosUntil(folder, command.line(), command.shown().get());
        } else {
            long start = System.nanoTime();
            must(folder, command.line());
            wall = System.nanoTime() - start;
        }
        return new Cost(wall, ownChildren() - own + Math.max(0, hostTree(folder) - host));
    }

    private static void must(Path folder, List<String> line) throws IOException, InterruptedException {
        int code = once(folder, line);
        if (code != 0) throw new IOException(String.join(" ", line) + " ended with code " + code + "; try it by hand");
    }

    /** From the start to when a text is shown on the command's terminal; it is ended then. */
    private static long nanosUntil(Path folder, List<String> line, String text)
            throws IOException, InterruptedException {
        String quoted = line.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        var builder = new ProcessBuilder(TERMINAL, "-qfc", quoted, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("UNDERSTUDY_NO_BUILD", "1", "TERM", "xterm"));
        long start = System.nanoTime();
        Process process = builder.start();
        Thread limit = Thread.ofVirtual().start(() -> endAfterLimit(process));
        try (InputStream screen = process.getInputStream();
                OutputStream keys = process.getOutputStream()) {
            var shown = new StringBuilder();
            while (shown.indexOf(text) < 0) {
                int next = screen.read();
                if (next < 0) throw new IOException(String.join(" ", line) + " ended without '" + text + "': " + shown);
                shown.append((char) next);
            }
            long wall = System.nanoTime() - start;
            keys.write(CTRL_D);
            keys.flush();
            screen.transferTo(OutputStream.nullOutputStream());
            process.waitFor();
            return wall;
        } finally {
            limit.interrupt();
        }
    }

    private static void endAfterLimit(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException _) {
            // It has ended.
        }
    }

    private static int once(Path folder, List<String> line) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().put("UNDERSTUDY_NO_BUILD", "1");
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", line) + " did not end within " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Seconds of processor time that ended children of this process used. */
    private static double ownChildren() throws IOException {
        String[] fields = stat("self");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
    }

    /** Of a process, counted from the field after its name; none if it is gone. */
    private static String[] stat(String process) throws IOException {
        String stat = Files.readString(Path.of("/proc", process, "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static Optional<ProcessHandle> host(Path folder) {
        String home = folder.resolve("home").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = commandLine(process.pid());
                    return line.contains(home) && line.contains("host serve");
                })
                .findFirst();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException _) {
            return "";
        }
    }

    private static double hostTree(Path folder) {
        Optional<ProcessHandle> host = host(folder);
        if (host.isEmpty()) return 0;
        return Stream.concat(host.stream(), host.get().descendants())
                .mapToDouble(process -> {
                    try {
                        String[] fields = stat(Long.toString(process.pid()));
                        return (Long.parseLong(fields[11])
                                        + Long.parseLong(fields[12])
                                        + Long.parseLong(fields[13])
                                        + Long.parseLong(fields[14]))
                                / 100.0;
                    } catch (IOException _) {
                        return 0;
                    }
                })
                .sum();
    }

    /** What a host holds before anybody has asked it for anything; Linux only. */
    private static List<Row> hostIdle(Path folder) throws IOException {
        Optional<ProcessHandle> host = host(folder);
        if (host.isEmpty()) return List.of();
        double megabytes = proportionalBytes(host.get().pid()) / 1e6;
        return List.of(new Row(
                "host, idle, proportional memory",
                "MB",
                megabytes,
                megabytes,
                1,
                Map.of("goal", "90 MB", "note", SETTLED)));
    }

    private static long proportionalBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
