package dev.understudy.bench;

import dev.understudy.core.sandbox.Installation;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.ProcessStarter;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.Reuse;
import dev.understudy.sandbox.control.Tier;
import dev.understudy.sandbox.control.cells.CellInstallation;
import dev.understudy.sandbox.control.cells.CellLauncher;
import dev.understudy.sandbox.control.cells.CellOptions;
import dev.understudy.sandbox.control.cells.CellRunner;
import dev.understudy.sandbox.control.cells.HostServices;
import dev.understudy.sandbox.control.cells.TransactionalFiles;
import dev.understudy.sandbox.control.files.FileTransactions;
import dev.understudy.sandbox.control.jail.Jail;
import dev.understudy.sandbox.control.jail.JailRunner;
import dev.understudy.sandbox.control.jail.JailedCellLauncher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What a run in a cell costs from the host's call to its result, beside what starting an interpreter for each run costs
 * on the same machine in the same minutes.
 */
public final class SandboxBench implements Benchmark {
    private static final int RUNS = 500;
    /** Until the compilers are done with what a run needs. */
    private static final int WARM_UP = 2000;
    /** A fresh Python context takes a tenth of a second, so its rows have fewer runs. */
    private static final int SLOW_RUNS = 60;

    private static final int SLOW_WARM_UP = 10;
    private static final int STARTS = 10;
    private static final int PEER_RUNS = 30;
    private static final int CONCURRENT = 3;
    private static final long SUSTAINED_NANOS = TimeUnit.SECONDS.toNanos(4);
    /** A caller that comes now and then, as triggers do, finds contexts made ready meanwhile. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final List<String> BWRAP = List.of(
            "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-all", "--die-with-parent");

    private static final String JAVASCRIPT = """
            function execute(params) {
              const total = params.items.reduce((sum, item) => sum + item.price * item.count, 0);
              return { success: true, total, names: params.items.map((item) => item.name.toUpperCase()) };
            }
            """;
    private static final String PYTHON = """
            def execute(params):
                total = sum(item["price"] * item["count"] for item in params["items"])
                return {"success": True, "total": total, "names": [item["name"].upper() for item in params["items"]]}
            """;
    private static final String PARAMETERS =
            "{\"items\":[{\"name\":\"a\",\"price\":2,\"count\":3},{\"name\":\"b\",\"price\":5,\"count\":1}]}";

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public String description() {
        return "Runs in cells from the call to the result, sustained and one by one, beside plain interpreters";
    }

    @Override
    public void run(Workplace place, Consumer<Row> found) throws IOException, InterruptedException {
        Path distribution = Path.of(System.getProperty("understudy.dist"));
        Path work = place.folder();
        var installation = Installation.at(distribution, Path.of(System.getProperty("understudy.root"), "templates"));
        try (var starter = new ProcessStarter()) {
            Jail jail = Jail.open(work.resolve("jail"), starter);
            CellLauncher launcher = jail.tier() == Tier.ISOLATED ? new JailedCellLauncher(jail) : CellLauncher.PLAIN;
            var files = new TransactionalFiles(
                    new FileTransactions(work.resolve("data"), List.of(), 1L << 30, InstantSource.system()));
            var cells =
                    new CellInstallation(installation.javaExecutable(), installation.cellClassPath(), place.cells());
            try (var runner = new CellRunner(
                    cells,
                    launcher,
                    starter,
                    files,
                    HostServices.NONE,
                    new CellOptions(
                            CONCURRENT, Duration.ofMinutes(5), work, CellOptions.Preparation.ENDS_WITH_HOST, _ -> {}),
                    InstantSource.system(),
                    new SecureRandom())) {
                measure(runner, jail, files, launcher.tier(), found);
            }
        }
    }

    private static void measure(CellRunner runner, Jail jail, TransactionalFiles files, Tier tier, Consumer<Row> found)
            throws IOException, InterruptedException {
        for (Language language : List.of(Language.JAVASCRIPT, Language.PYTHON)) {
            runner.timeStart(language, Limits.DEFAULT.memoryBytes());
            runner.awaitPreparation();
            found.accept(starts(runner, language, tier));
            found.accept(latency(runner, tier, language, Reuse.SHARED, 0, goal(language)));
            found.accept(latency(runner, tier, language, Reuse.FRESH, PAUSE_NANOS, goal(language)));
            found.accept(latency(runner, tier, language, Reuse.FRESH, 0, ""));
            found.accept(sustained(runner, tier, language, Reuse.SHARED, language == Language.PYTHON ? "300" : ""));
            found.accept(sustained(runner, tier, language, Reuse.FRESH, language == Language.PYTHON ? "" : "1500"));
        }
        new IdleCells(tier).measure().forEach(found);
        peers().forEach(found);
        if (tier == Tier.ISOLATED) jailed(runner, jail, files).forEach(found);
    }

    private static List<Row> jailed(CellRunner cells, Jail jail, TransactionalFiles files)
            throws IOException, InterruptedException {
        try (var jails = new JailRunner(
                jail, files, List.of(), Path.of("/home/bench"), InstantSource.system(), new SecureRandom())) {
            return new JailRows(cells, jails).measure(concat(BWRAP, List.of("bash", "-c", ":")));
        }
    }

    private static String goal(Language language) {
        return language == Language.PYTHON ? "p50 2, p99 20" : "p50 0.5, p99 3";
    }

    private static Row starts(CellRunner runner, Language language, Tier tier)
            throws IOException, InterruptedException {
        long[] nanos = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            nanos[i] = runner.timeStart(language, Limits.DEFAULT.memoryBytes()).toNanos();
        }
        return Row.ofNanos(
                title(language) + ", cell start to ready",
                nanos,
                Map.of("goal", language == Language.PYTHON ? "900" : "300", "tier", tier.id()));
    }

    private static String title(Language language) {
        return language == Language.PYTHON ? "Python" : "JavaScript";
    }

    private static RunRequest request(Language language, Reuse reuse) {
        return new RunRequest(
                "bench",
                "bench",
                language,
                language == Language.PYTHON ? PYTHON : JAVASCRIPT,
                PARAMETERS,
                RunRequest.ScriptRuntime.POLYGLOT,
                IsolationLevel.FULL,
                Limits.DEFAULT,
                Grants.NONE,
                RunRequest.Mode.REHEARSE,
                reuse,
                Map.of(),
                null);
    }

    private static Row latency(
            CellRunner runner, Tier tier, Language language, Reuse reuse, long pauseNanos, String goal)
            throws InterruptedException {
        boolean slow = language == Language.PYTHON && reuse == Reuse.FRESH;
        RunRequest request = request(language, reuse);
        for (int i = 0; i < (slow ? SLOW_WARM_UP : WARM_UP); i++) runOnce(runner, request);
        long[] nanos = new long[slow ? SLOW_RUNS : RUNS];
        long pause = slow ? pauseNanos * 30 : pauseNanos;
        for (int i = 0; i < nanos.length; i++) {
            if (pause > 0) LockSupport.parkNanos(pause);
            long start = System.nanoTime();
            runOnce(runner, request);
            nanos[i] = System.nanoTime() - start;
        }
        String context = reuse == Reuse.SHARED ? "shared context" : "fresh context";
        String manner = pauseNanos > 0 ? ", " + pause / 1_000_000 + " ms between runs" : ", one after the other";
        return Row.ofNanos(title(language) + ", " + context + manner, nanos, Map.of("goal", goal, "tier", tier.id()));
    }

    private static void runOnce(CellRunner runner, RunRequest request) throws InterruptedException {
        RunReport report = runner.start(request, RunListener.SILENT).await();
        if (!(report.outcome() instanceof RunOutcome.Succeeded))
            throw new IllegalStateException("the benchmark's own script did not succeed: " + report.outcome());
    }

    private static Row sustained(CellRunner runner, Tier tier, Language language, Reuse reuse, String goal)
            throws InterruptedException {
        RunRequest request = request(language, reuse);
        var done = new AtomicLong();
        long start = System.nanoTime();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < CONCURRENT; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                try {
                    while (System.nanoTime() - start < SUSTAINED_NANOS) {
                        runOnce(runner, request);
                        done.incrementAndGet();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread caller : callers) caller.join();
        double perSecond = done.get() * 1e9 / (System.nanoTime() - start);
        String context = reuse == Reuse.SHARED ? "shared contexts" : "fresh contexts";
        return new Row(
                title(language) + ", sustained, " + context,
                "runs/s",
                perSecond,
                perSecond,
                done.intValue(),
                Map.of("goal", goal, "tier", tier.id()));
    }

    private static List<Row> peers() throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        String python = pythonItself();
        rows.add(peer("node", List.of("node", "-e", "0")));
        rows.add(peer("deno", List.of("deno", "eval", "0")));
        rows.add(peer("python3", List.of(python, "-c", "pass")));
        rows.add(peer("bwrap python3", concat(BWRAP, List.of(python, "-c", "pass"))));
        rows.add(peer("bwrap bash", concat(BWRAP, List.of("bash", "-c", ":"))));
        return rows;
    }

    /** The interpreter behind {@code python3}, which on some machines is a shell script that looks for it. */
    private static String pythonItself() throws IOException, InterruptedException {
        if (!installed("python3")) return "python3";
        Process process = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
        String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 && !path.isEmpty() ? path : "python3";
    }

    private static Row peer(String name, List<String> command) throws IOException, InterruptedException {
        String title = name + ", start to exit";
        if (!installed(command.getFirst())) return absent(title, command.getFirst() + " is not installed here");
        long[] nanos = new long[PEER_RUNS];
        for (int i = -3; i < PEER_RUNS; i++) {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int exit = process.waitFor();
            if (exit != 0) return absent(title, "does not work here: exit status " + exit);
            if (i >= 0) nanos[i] = System.nanoTime() - start;
        }
        return Row.ofNanos(title, nanos, Map.of());
    }

    private static Row absent(String title, String note) {
        return new Row(title, "ms", Double.NaN, Double.NaN, 0, Map.of("note", note));
    }

    private static boolean installed(String program) {
        if (program.startsWith("/")) return Files.isExecutable(Path.of(program));
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    private static List<String> concat(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
