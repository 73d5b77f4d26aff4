package dev.understudy.core.executor;

import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.ExecutorSettings;
import dev.understudy.core.config.ExecutorSettings.Switch;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stages between a request and the runner that takes it, in this order, each only where its switch is on: monitoring,
 * circuit breaker, result cache, error handling, choice of runtime, gate. So a run that is refused or known costs nobody a
 * turn, each try waits for a turn of its own, and what is measured is all of it. Pool, contexts, memory, steps and telemetry
 * are switched where they are made: in the sandbox, in workflows and in the books.
 *
 * <p>Safe for use by several threads. The runners stay whose they are.
 */
public final class Executor implements AutoCloseable {
    private final Map<RunnerKey, ScriptRunner> bare;
    private final Map<RunnerKey, ScriptRunner> runners;
    private final List<Stage> stages = new ArrayList<>();
    private final InstantSource clock;
    private final @Nullable Monitoring monitoring;
    private final @Nullable BreakerStage breakers;
    private final @Nullable Gate gate;
    /** Threads of the platform: what waits for a cell reads from a process, which would hold a virtual one's carrier. */
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("executor-", 1).factory());

    /**
     * @param bare what runs scripts
     * @param states keeps what circuit breakers know
     */
    public Executor(
            Map<RunnerKey, ScriptRunner> bare, ExecutorSettings settings, BreakerStates states, InstantSource clock) {
        this.bare = Map.copyOf(bare);
        this.clock = clock;
        monitoring = settings.isOn(Switch.PERFORMANCE_MONITORING) ? add(new Monitoring()) : null;
        breakers =
                settings.isOn(Switch.CIRCUIT_BREAKER) ? add(new BreakerStage(settings.breaker(), states, clock)) : null;
        if (settings.isOn(Switch.CACHE_OPTIMIZATION)) add(new ResultCache(settings.cache(), clock, System::nanoTime));
        if (settings.isOn(Switch.OPTIMIZED_ERROR_HANDLING)) add(new Retries(settings.errors()));
        if (settings.isOn(Switch.ALGORITHM_OPTIMIZATION)) add(new RuntimeChoice(settings.algorithm()));
        boolean gated = settings.isOn(Switch.CONCURRENCY_OPTIMIZATION) || settings.isOn(Switch.AUTOMATIC_OPTIMIZATION);
        gate = gated ? add(Gate.of(settings, clock)) : null;
        runners = stages.isEmpty() ? bare : wrapped();
    }

    private <T extends Stage> T add(T stage) {
        stages.add(stage);
        return stage;
    }

    private Map<RunnerKey, ScriptRunner> wrapped() {
        var wrapped = new LinkedHashMap<RunnerKey, ScriptRunner>();
        bare.keySet().forEach(key -> wrapped.put(key, new Staged()));
        return wrapped;
    }

    /** What to give requests to; with every switch off, the runners themselves. */
    public Map<RunnerKey, ScriptRunner> runners() {
        return runners;
    }

    /** What circuit breakers there are; none where they are switched off. */
    public List<BreakerStatus> breakers() {
        return breakers == null ? List.of() : breakers.all();
    }

    /** What is known of an automation's circuit breaker; empty where they are switched off or it has never failed. */
    public Optional<BreakerStatus> breaker(String automationId) {
        return breakers == null ? Optional.empty() : breakers.status(automationId);
    }

    /** What monitoring has measured, stage by stage; empty where it is switched off. */
    public List<StageTimes> times() {
        return monitoring == null ? List.of() : monitoring.times();
    }

    /** What holds back runs; empty where nothing does. */
    public Optional<Gate> gate() {
        return Optional.ofNullable(gate);
    }

    private RunReport run(int stage, Call call) throws InterruptedException {
        if (stage < stages.size()) return stages.get(stage).run(call, next -> run(stage + 1, next));
        ScriptRunner runner =
                bare.get(new RunnerKey(call.request().language(), call.request().runtime()));
        if (runner == null)
            return call.report(
                    new RunOutcome.Refused(
                            "nothing here runs " + call.request().language() + " with the runtime "
                                    + call.request().runtime(),
                            "'doctor' shows what this machine can do"),
                    List.of(),
                    clock.instant());
        if (call.control().isCancelled()) return call.report(new RunOutcome.Cancelled(), List.of(), clock.instant());
        ScriptRunner.Run run = runner.start(call.request(), call.listener());
        call.control().attach(run);
        return run.await();
    }

    /** Gives up what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Staged implements ScriptRunner {
        @Override
        public Run start(RunRequest request, RunListener listener) {
            var run = new StagedRun(Call.of(request, listener, clock));
            threads.execute(run);
            return run;
        }

        @Override
        public void close() {
            // The runners behind it are whose they are.
        }
    }

    private final class StagedRun implements ScriptRunner.Run, Runnable {
        private final Call call;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable RunReport report;

        StagedRun(Call call) {
            this.call = call;
        }

        @Override
        public void run() {
            try {
                report = Executor.this.run(0, call);
            } catch (InterruptedException _) {
                call.control().cancel();
                report = call.report(new RunOutcome.Cancelled(), List.of(), clock.instant());
                Thread.currentThread().interrupt();
            } finally {
                done.countDown();
            }
        }

        @Override
        public RunReport await() throws InterruptedException {
            done.await();
            RunReport ended = report;
            if (ended == null)
                throw new IllegalStateException("the run of " + call.request().name() + " ended by a bug");
            return ended;
        }

        @Override
        public void cancel() {
            call.control().cancel();
        }
    }
}
