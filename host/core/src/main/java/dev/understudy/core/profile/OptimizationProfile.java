package dev.understudy.core.profile;

import dev.understudy.spi.system.SystemSnapshot;
import dev.understudy.spi.system.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to look for where the machine does one kind of work.
 *
 * @param parameters that may be looked at; those that this machine does not have are passed over
 * @param strategy name of an optimizer strategy, for example {@code ADAPTIVE}
 * @param evaluations how many settings are measured at most, those of the race included; at least {@value #MIN_EVALUATIONS}
 * @param time how long the search may take; positive
 * @param objective what decides in place of the weights; empty where the machine's own progress does
 */
public record OptimizationProfile(
        Workload workload,
        List<Bounds> parameters,
        String strategy,
        int evaluations,
        Duration time,
        Weights weights,
        Optional<NamedObjective> objective,
        Leave leave) {
    /** Fewer leave nothing to search with beside the race. */
    public static final int MIN_EVALUATIONS = 16;

    private static final int EVALUATIONS = 40;
    private static final Duration TIME = Duration.ofMinutes(15);

    /** What holds where nothing is configured; needs the constants above. */
    public static final Map<Workload, OptimizationProfile> DEFAULTS = defaults();

    public OptimizationProfile {
        parameters = List.copyOf(parameters);
        if (evaluations < MIN_EVALUATIONS)
            throw new IllegalArgumentException(
                    "evaluations must be at least " + MIN_EVALUATIONS + ", was " + evaluations);
        if (!time.isPositive()) throw new IllegalArgumentException("time must be positive, was " + time);
    }

    /** Whether anything tells progress from harm: the objective, or the pressure that this machine told in the snapshot. */
    public boolean measuresProgress(SystemSnapshot snapshot) {
        return objective.isPresent() || snapshot.pressure() != null;
    }

    private static Map<Workload, OptimizationProfile> defaults() {
        var profiles = new HashMap<Workload, OptimizationProfile>();
        for (Workload each : Workload.KNOWN) profiles.put(each, of(each));
        return Map.copyOf(profiles);
    }

    /** What holds for a workload where nothing is configured; for one that a plugin names, the same as for the general one. */
    public static OptimizationProfile of(Workload workload) {
        return switch (workload.id()) {
            case "database" ->
                profile(
                        workload,
                        "BAYESIAN_ONLY",
                        new Weights(0.3, 0.2, 0.4, 0.1),
                        "vm.swappiness=0..60",
                        "vm.dirty_ratio=5..60",
                        "vm.dirty_background_ratio=1..30",
                        "vm.dirty_expire_centisecs",
                        "vm.vfs_cache_pressure=10..200");
            case "web_server" ->
                profile(
                        workload,
                        "ADAPTIVE",
                        new Weights(0.3, 0.1, 0.1, 0.5),
                        "net.core.somaxconn",
                        "net.core.netdev_max_backlog",
                        "net.ipv4.tcp_max_syn_backlog",
                        "net.ipv4.tcp_fin_timeout",
                        "net.ipv4.tcp_slow_start_after_idle",
                        "net.core.busy_poll");
            case "hpc_compute" ->
                profile(
                        workload,
                        "GENETIC_ONLY",
                        new Weights(0.6, 0.3, 0.05, 0.05),
                        "vm.swappiness=0..60",
                        "vm.stat_interval",
                        "kernel.sched_autogroup_enabled",
                        "kernel.numa_balancing",
                        "vm.compaction_proactiveness");
            case "io_intensive" ->
                profile(
                        workload,
                        "BAYESIAN_ONLY",
                        new Weights(0.15, 0.1, 0.7, 0.05),
                        "vm.dirty_ratio=5..80",
                        "vm.dirty_background_ratio=1..40",
                        "vm.dirty_expire_centisecs",
                        "vm.dirty_writeback_centisecs",
                        "vm.vfs_cache_pressure=10..200",
                        "block.*.read_ahead_kb",
                        "block.*.nr_requests");
            default ->
                profile(
                        workload,
                        "ADAPTIVE",
                        new Weights(0.3, 0.3, 0.2, 0.2),
                        "vm.swappiness",
                        "vm.vfs_cache_pressure=10..200",
                        "vm.dirty_background_ratio=1..30",
                        "vm.dirty_ratio=5..60");
        };
    }

    private static OptimizationProfile profile(
            Workload workload, String strategy, Weights weights, String... parameters) {
        var bounds = new ArrayList<Bounds>();
        for (String each : parameters) bounds.add(Bounds.parse(each).orElseThrow());
        return new OptimizationProfile(
                workload, bounds, strategy, EVALUATIONS, TIME, weights, Optional.empty(), Leave.ADVISE);
    }
}
