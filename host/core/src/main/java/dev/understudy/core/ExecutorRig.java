package dev.understudy.core;

import dev.understudy.core.automation.Actor;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.executor.tuning.Measure;
import dev.understudy.core.executor.tuning.Mix;
import dev.understudy.core.executor.tuning.Mix.Job;
import dev.understudy.core.executor.tuning.SwitchTuner;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.sandbox.Installation;
import dev.understudy.core.sandbox.Notices;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A mix of work on an engine of its own, opened anew with each setting that is measured, so that one setting's cells and
 * caches are not another's, in a data home of its own, which is removed at the end. Used by one thread.
 *
 * <p>The way of a run is the whole one: it is entered in the books, goes through the executor to its cell or jail, and is
 * counted.
 */
public final class ExecutorRig implements SwitchTuner.Rig, AutoCloseable {
    private static final int CALLERS = 4;
    private static final int PASSES = 5;
    private static final int CALLS_BY_TURNS = 12;

    private final Installation installation;
    private final Config config;
    private final Path userHome;
    private final Path folder;
    private final Mix mix;
    private final List<String> ids = new ArrayList<>();

    /**
     * Prepares the mix: its automations are adopted, rehearsed and approved.
     *
     * @param home the person's data home, in which everything is made
     * @param config what holds but for the executor
     * @throws UserException if one of its scripts cannot be used
     */
    public ExecutorRig(Installation installation, DataHome home, Config config, Path userHome, Mix mix)
            throws InterruptedException {
        Path cells = installation.cellCache().orElseGet(() -> home.folder("cells"));
        this.installation = installation.withCellCache(cells);
        this.config = config;
        this.userHome = userHome;
        this.mix = mix;
        try {
            folder = Files.createTempDirectory(home.folder("executor"), "trial-");
        } catch (IOException e) {
            throw UserException.failed(
                    "The executor cannot be measured",
                    String.valueOf(e),
                    "See that " + home.root() + " can be written",
                    e);
        }
        try (Understudy understudy = open(ExecutorSettings.PLAIN)) {
            AutomationService service = understudy.automations();
            for (Job job : mix.jobs()) {
                String id = service.ownScripts()
                        .adopt(job.file(), job.script())
                        .automation()
                        .id();
                ids.add(id);
                if (job.mode() == RunRequest.Mode.REHEARSE) continue;
                service.rehearsals().rehearse(id);
                service.life().approve(id, Actor.PERSON);
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private Understudy open(ExecutorSettings settings) {
        return Understudy.open(
                installation, DataHome.open(folder), config.withExecutor(settings), userHome, Notices.SILENT);
    }

    @Override
    public Map<Measure, Double> measure(ExecutorSettings settings) throws InterruptedException {
        try (Understudy understudy = open(settings)) {
            AutomationService service = understudy.automations();
            for (int i = 0; i < mix.jobs().size(); i++)
                call(service, i, mix.jobs().get(i).parameters().getLast());
            var figures = new EnumMap<Measure, Double>(Measure.class);
            int calls = mix.calls();
            figures.put(Measure.EXECUTION_TIME, millis(calls, pass -> sequence(service, pass * calls)));
            figures.put(Measure.CACHE, millis(calls, _ -> sequence(service, 0)));
            figures.put(Measure.CONTEXTS, millis(turns() * mix.jobs().size(), _ -> byTurns(service)));
            figures.put(Measure.THROUGHPUT, millis(calls, pass -> atOnce(service, pass * calls)));
            double memory = cellMebibytes();
            if (memory > 0) figures.put(Measure.MEMORY, memory);
            return figures;
        }
    }

    /** Some calls. */
    private interface Calls {
        void make(int pass) throws InterruptedException;
    }

    /** The fastest pass's time for a call: what others do on the machine only ever makes one slower. */
    private static double millis(int calls, Calls made) throws InterruptedException {
        long fastest = Long.MAX_VALUE;
        for (int pass = 0; pass < PASSES; pass++) {
            long start = System.nanoTime();
            made.make(pass);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest / 1e6 / calls;
    }

    private void sequence(AutomationService service, int first) throws InterruptedException {
        for (int i = 0; i < mix.calls(); i++) call(service, first + i);
    }

    /** So many that there are enough calls for a figure, whatever the number of automations. */
    private int turns() {
        return Math.max(2, Math.ceilDiv(CALLS_BY_TURNS, mix.jobs().size()));
    }

    private void byTurns(AutomationService service) throws InterruptedException {
        for (int turn = 0; turn < turns(); turn++)
            for (int i = 0; i < mix.jobs().size(); i++) {
                List<Map<String, String>> parameters = mix.jobs().get(i).parameters();
                call(service, i, parameters.get(turn % parameters.size()));
            }
    }

    private void atOnce(AutomationService service, int first) throws InterruptedException {
        try (var callers = Executors.newFixedThreadPool(
                CALLERS, Thread.ofPlatform().daemon().name("caller-", 1).factory())) {
            var calls = new ArrayList<Callable<Void>>();
            for (int i = 0; i < mix.calls(); i++) {
                int number = first + i;
                calls.add(() -> {
                    call(service, number);
                    return null;
                });
            }
            for (Future<Void> each : callers.invokeAll(calls)) each.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserException cause) throw cause;
            throw new IllegalStateException("a run of " + mix.name() + " ended by a bug", e.getCause());
        }
    }

    private void call(AutomationService service, int number) throws InterruptedException {
        call(service, mix.jobs().indexOf(mix.jobOf(number)), mix.parametersOf(number));
    }

    private void call(AutomationService service, int job, Map<String, String> parameters) throws InterruptedException {
        RunReport report = service.runs()
                .start(ids.get(job), RunOrder.of(parameters, mix.jobs().get(job).mode(), userHome))
                .await();
        if (!(report.outcome() instanceof RunOutcome.Succeeded))
            throw UserException.failed(
                    "The workload " + mix.name() + " cannot be measured",
                    ids.get(job) + " did not succeed: " + report.outcome(),
                    "Leave it out, or mend it");
    }

    /** What the processes below this one hold; 0 where the system does not tell. */
    private static double cellMebibytes() {
        return ProcessHandle.current()
                        .descendants()
                        .mapToLong(ExecutorRig::residentKibibytes)
                        .sum()
                / 1024.0;
    }

    private static long residentKibibytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        } catch (IOException | UncheckedIOException e) {
            throw UserException.failed(
                    "What was measured with cannot be removed", String.valueOf(e.getMessage()), "Delete " + folder, e);
        }
    }
}
