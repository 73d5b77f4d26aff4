package dev.understudy.core.optimization;

import dev.understudy.core.engine.EngineEvent.Kind;
import dev.understudy.core.engine.HostTime;
import dev.understudy.core.optimization.ContinuousOptimizer.Settings;
import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.profile.Leave;
import dev.understudy.core.profile.OptimizationProfile;
import dev.understudy.core.system.DetectedWorkload;
import dev.understudy.core.system.SystemWatch;
import dev.understudy.core.tuning.TuningTime;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import dev.understudy.spi.tuning.ParameterTarget;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs a {@link ContinuousOptimizer} beside the watch of the machine until it is closed, keeps what it finds and tells of it.
 * Closing ends a look that is under way and puts back what it has set.
 */
public final class OptimizerHost implements AutoCloseable {
    /** How long what it is doing may take to end; a plugin that it waits for may take longer. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final ContinuousOptimizer optimizer;
    private final Events events;
    private final WorkloadPriorities priorities;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("optimization").factory());
    private final Thread thread = Thread.ofPlatform().daemon().name("optimizer").unstarted(this::run);
    private volatile boolean stopping;

    /** Where it says what happens. */
    @FunctionalInterface
    public interface Events {
        void tell(Kind kind, String text, Map<String, String> details);
    }

    /**
     * What it works with.
     *
     * @param settle how long a setting is left to take effect
     * @param measure how long it is measured
     * @param directory where a profile's own objective runs its command; absolute
     */
    public record Parts(
            Settings settings,
            Duration settle,
            Duration measure,
            Path directory,
            SystemWatch watch,
            PluginHost plugins,
            ParameterJournal journal,
            AdviceStore advice,
            ResultFolder results,
            Events events) {}

    /** Puts it together; nothing happens before {@link #start}. */
    public OptimizerHost(Parts parts) {
        events = parts.events();
        priorities = new WorkloadPriorities(parts.journal());
        SystemWatch watch = parts.watch();
        var parameters = new Parameters(() -> parts.plugins().extensions(ParameterTarget.class).stream()
                .map(Provided::extension)
                .toList());
        var optimization = new MeasuredOptimization(
                new MeasuredOptimization.Parts(
                        watch::average,
                        () -> watch.workload().workload(),
                        name -> strategy(parts.plugins(), name),
                        parts.journal(),
                        TuningTime.system(),
                        Clock.systemUTC(),
                        parts.settle(),
                        parts.measure(),
                        parts.directory()),
                parameters);
        optimizer = new ContinuousOptimizer(
                parts.settings(),
                optimization,
                watch.workload(),
                () -> watch.average(SystemWatch.WINDOW),
                new Teller(parts, priorities),
                worker,
                HostTime.system());
        watch.listen(optimizer);
    }

    private static Optional<OptimizerStrategy> strategy(PluginHost plugins, String name) {
        return plugins.extensions(OptimizerStrategy.class).stream()
                .filter(each -> each.name().equals(name))
                .map(Provided::extension)
                .findFirst();
    }

    /** Begins; to be called once. */
    public void start() {
        thread.start();
    }

    /** How it stands. */
    public ContinuousOptimizer.State state() {
        return optimizer.state();
    }

    private void run() {
        try {
            while (!stopping) {
                optimizer.step();
                Thread.sleep(STEP);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            if (thread.isAlive()) thread.join(ENDING);
            worker.shutdownNow();
            if (!worker.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS))
                events.tell(
                        Kind.PROBLEM,
                        "A look for settings did not end; what it has set is put back at the next start",
                        Map.of());
        } catch (InterruptedException _) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            priorities.close();
        }
    }

    /** Keeps what is found, and says so. */
    static final class Teller implements OptimizerListener {
        private final Parts parts;
        private final WorkloadPriorities priorities;
        private final Events events;

        Teller(Parts parts, WorkloadPriorities priorities) {
            this.parts = parts;
            this.priorities = priorities;
            events = parts.events();
        }

        @Override
        public void changed(DetectedWorkload before, DetectedWorkload now, SystemSnapshot statistics) {
            try {
                priorities.close();
            } catch (UserException e) {
                events.tell(Kind.PROBLEM, String.valueOf(e.getMessage()), Map.of());
            }
            events.tell(
                    Kind.WORKLOAD_CHANGED,
                    "The machine does " + now.workload().id() + " instead of "
                            + before.workload().id() + ": " + now.evidence().getFirst(),
                    Map.of(
                            "old", before.workload().id(),
                            "new", now.workload().id(),
                            "confidence", Double.toString(now.confidence()),
                            "cpu_percent", Double.toString(statistics.cpuPercent()),
                            "memory_percent", Double.toString(statistics.memoryPercent()),
                            "io_bytes_per_second", Double.toString(statistics.ioBytesPerSecond()),
                            "network_bytes_per_second", Double.toString(statistics.networkBytesPerSecond())));
        }

        @Override
        public void started(OptimizationProfile profile) {
            if (profile.leave() == Leave.ADVISE || !measuresProgress(profile)) return;
            events.tell(
                    Kind.OPTIMIZATION_STARTED,
                    "Looking for settings for " + profile.workload().id() + ": up to " + profile.evaluations()
                            + " measurements by " + profile.strategy(),
                    Map.of("workload", profile.workload().id(), "strategy", profile.strategy()));
        }

        @Override
        public void skipped(Workload workload, String reason) {
            events.tell(
                    Kind.OPTIMIZATION_ENDED,
                    "No look for settings for " + workload.id() + ": " + reason,
                    Map.of("workload", workload.id(), "outcome", "skipped"));
        }

        @Override
        public void ended(OptimizationResult result) {
            List<Advice> news;
            try {
                parts.results().keep(result);
                news = parts.advice().give(result.workload(), result.advice());
            } catch (UserException e) {
                events.tell(Kind.PROBLEM, String.valueOf(e.getMessage()), Map.of());
                return;
            }
            events.tell(
                    Kind.OPTIMIZATION_ENDED,
                    "Looked for settings for " + result.workload().id() + ": " + result.summary(),
                    details(result));
            for (Advice each : news)
                events.tell(
                        Kind.ADVICE_READY,
                        "Advice " + each.id() + ": " + each.reason() + "; 'workload advice' shows the command",
                        Map.of(
                                "id", each.id(),
                                "workload", each.workload().id(),
                                "apply", each.apply(),
                                "undo", each.undo()));
            follow(result.workload());
        }

        /**
         * Puts the processes that do this work before others, where the profile gives leave, the work still goes on, and something
         * measures how it does.
         */
        private void follow(Workload workload) {
            OptimizationProfile profile = parts.settings().profiles().get(workload);
            DetectedWorkload now = parts.watch().workload();
            if (profile == null
                    || profile.leave() != Leave.APPLY
                    || !now.workload().equals(workload)) return;
            if (!measuresProgress(profile)) return;
            try {
                int changed = priorities.follow(workload, now.processes());
                if (changed > 0)
                    events.tell(
                            Kind.OPTIMIZATION_ENDED,
                            (changed == 1 ? "One process" : changed + " processes") + " of " + workload.id()
                                    + " put before others until the work passes",
                            Map.of("workload", workload.id(), "outcome", "priorities"));
            } catch (UserException e) {
                events.tell(Kind.PROBLEM, String.valueOf(e.getMessage()), Map.of());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean measuresProgress(OptimizationProfile profile) {
            return parts.watch()
                    .average(SystemWatch.WINDOW)
                    .map(profile::measuresProgress)
                    .orElse(false);
        }

        private static Map<String, String> details(OptimizationResult result) {
            var measured = result.measured();
            String outcome = !result.applied().isEmpty() ? "applied" : measured == null ? "advised" : "measured";
            var details = new TreeMap<>(Map.of(
                    "workload", result.workload().id(),
                    "outcome", outcome,
                    "seconds", Long.toString(result.duration().toSeconds())));
            if (measured != null) {
                details.put(
                        "evaluations", Integer.toString(measured.evaluations().size()));
                details.put("score_before", Double.toString(measured.scoreBefore()));
                details.put("best_score", Double.toString(measured.bestScore()));
            }
            return details;
        }

        @Override
        public void failed(Workload workload, String reason) {
            events.tell(Kind.PROBLEM, reason, Map.of("workload", workload.id()));
        }
    }
}
