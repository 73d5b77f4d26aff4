package dev.understudy.core.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What takes run requests to cells and jails, and back: its switches, and what they go by. Without a word in the
 * configuration all of them are off, and a run goes straight to its cell or jail.
 *
 * @param on the switches that are on; a setting whose switch is off has no effect
 */
public record ExecutorSettings(
        Set<Switch> on,
        ObjectPool objectPool,
        Contexts contexts,
        Memory memory,
        Algorithm algorithm,
        Concurrency concurrency,
        Telemetry telemetry,
        ErrorHandling errors,
        CircuitBreaker breaker,
        ResultCache cache,
        Automatic automatic) {

    /** All switches off. */
    public static final ExecutorSettings PLAIN = new ExecutorSettings(
            Set.of(),
            new ObjectPool(50, 0.75),
            new Contexts(16, Duration.ofSeconds(1800)),
            new Memory(Duration.ofSeconds(60)),
            new Algorithm(5),
            new Concurrency(Concurrency.Mode.FIXED, twiceTheCores()),
            new Telemetry(0.1, 100),
            new ErrorHandling(2, Duration.ofMillis(100)),
            new CircuitBreaker(5, Duration.ofSeconds(60)),
            new ResultCache(16L << 20, Duration.ofSeconds(1800)),
            new Automatic(twiceTheCores(), Duration.ofSeconds(1)));

    /** What can be switched on. */
    public enum Switch {
        /** Idle cells are kept by how many contexts they hold ready, and not by how many runs there may be at once. */
        OBJECT_POOL("enable_object_pool"),
        /** A cell keeps the contexts of several scripts, each for some time, and not of the latest one only. */
        CONTEXT_OPTIMIZATION("enable_context_optimization"),
        /** Idle cells end sooner. */
        MEMORY_OPTIMIZATION("enable_memory_optimization"),
        /** Steps of a workflow that are declared pure are not run again for what they were given before. */
        STEP_OPTIMIZATION("enable_step_optimization"),
        /** Where a script allows both runtimes, the one that has shown to be faster runs it. */
        ALGORITHM_OPTIMIZATION("enable_algorithm_optimization"),
        /** One gate before cells and jails. */
        CONCURRENCY_OPTIMIZATION("enable_concurrency_optimization"),
        /** Timings of runs are kept of some only, and written several at a time. */
        OPTIMIZED_TELEMETRY("enable_optimized_telemetry"),
        /** How long runs wait, work and are seen to is measured. */
        PERFORMANCE_MONITORING("enable_performance_monitoring"),
        /** What failed by no fault of its script, and has changed nothing, is tried again. */
        OPTIMIZED_ERROR_HANDLING("enable_optimized_error_handling"),
        /** An automation that keeps failing is not started for some time. */
        CIRCUIT_BREAKER("enable_circuit_breaker"),
        /** What an automation declared pure has returned is returned again. */
        CACHE_OPTIMIZATION("enable_cache_optimization"),
        /** How many runs there may be at once, and how many cells are kept, follows the load. */
        AUTOMATIC_OPTIMIZATION("enable_automatic_optimization");

        private final String key;

        Switch(String key) {
            this.key = key;
        }

        /** Its key in the configuration. */
        public String key() {
            return key;
        }
    }

    /**
     * @param size contexts held ready in all cells together, from 50 to 500
     * @param cleanupThreshold the share of {@code size} from which on cells that are idle end, oldest first; from 0.1 to 1.0
     */
    public record ObjectPool(int size, double cleanupThreshold) {}

    /**
     * @param cacheSize contexts that a cell keeps, one for each script, from 1 to 1024
     * @param timeToLive since its last run, after which one is given up; from 1 s to a day
     */
    public record Contexts(int cacheSize, Duration timeToLive) {}

    /** @param idleTime after which a cell that nobody uses ends; from 5 s to 10 minutes, which holds without the switch */
    public record Memory(Duration idleTime) {}

    /** @param trials measured runs of each runtime before one is chosen, from 1 to 100 */
    public record Algorithm(int trials) {}

    /** @param limit how many runs at once, cells and jails together; from 1 to 1000. If adaptive, at most. */
    public record Concurrency(Mode mode, int limit) {
        /** Whether the limit stays. */
        public enum Mode {
            FIXED,
            /** It follows how long runs take: see {@code AdaptiveLimit}. */
            ADAPTIVE
        }
    }

    /**
     * @param sampling the share of runs whose timings are kept, from 0.0 to 1.0; how many succeeded is always counted
     * @param batchSize how many are written at once, from 10 to 400
     */
    public record Telemetry(double sampling, int batchSize) {}

    /**
     * @param retries how often a run is tried again, from 1 to 10
     * @param pause before the first of these tries; twice as long before each next one. At most a minute.
     */
    public record ErrorHandling(int retries, Duration pause) {}

    /**
     * @param failures in a row from which on it is open, from 1 to 100
     * @param openTime after which one run may try, from 1 s to a day
     */
    public record CircuitBreaker(int failures, Duration openTime) {}

    /**
     * @param bytes that results and what they are kept under take, at least 1 MiB
     * @param timeToLive of a result, from 1 s to a day
     */
    public record ResultCache(long bytes, Duration timeToLive) {}

    /**
     * @param maxConcurrent how many runs at once it may allow, from 1 to 1000
     * @param interval between two looks, from 0.1 s to a minute
     */
    public record Automatic(int maxConcurrent, Duration interval) {}

    public ExecutorSettings {
        on = Set.copyOf(on);
    }

    public boolean isOn(Switch each) {
        return on.contains(each);
    }

    /** The same with these switches on, and no others. */
    public ExecutorSettings withOnly(Set<Switch> switches) {
        return new ExecutorSettings(
                switches,
                objectPool,
                contexts,
                memory,
                algorithm,
                concurrency,
                telemetry,
                errors,
                breaker,
                cache,
                automatic);
    }

    private static int twiceTheCores() {
        return 2 * Runtime.getRuntime().availableProcessors();
    }

    static ExecutorSettings read(SectionReader section) {
        Set<Switch> on = EnumSet.noneOf(Switch.class);
        for (Switch each : Switch.values()) if (section.flag(each.key(), false)) on.add(each);
        var modes = new LinkedHashMap<String, Concurrency.Mode>();
        Arrays.stream(Concurrency.Mode.values())
                .forEach(mode -> modes.put(mode.name().toLowerCase(Locale.ROOT), mode));
        var read = new ExecutorSettings(
                on,
                new ObjectPool(
                        section.integer("object_pool_size", PLAIN.objectPool.size, 50, 500),
                        section.number("object_pool_cleanup_threshold", PLAIN.objectPool.cleanupThreshold, 0.1, 1)),
                new Contexts(
                        section.integer("context_cache_size", PLAIN.contexts.cacheSize, 1, 1024),
                        seconds(section, "context_ttl_seconds", PLAIN.contexts.timeToLive, 1, 86_400)),
                new Memory(seconds(section, "memory_idle_seconds", PLAIN.memory.idleTime, 5, 600)),
                new Algorithm(section.integer("algorithm_trials", PLAIN.algorithm.trials, 1, 100)),
                new Concurrency(
                        section.choice("concurrency_mode", PLAIN.concurrency.mode, modes),
                        section.integer("concurrency_limit", PLAIN.concurrency.limit, 1, 1000)),
                new Telemetry(
                        section.number("telemetry_sampling", PLAIN.telemetry.sampling, 0, 1),
                        section.integer("telemetry_batch_size", PLAIN.telemetry.batchSize, 10, 400)),
                new ErrorHandling(
                        section.integer("error_retries", PLAIN.errors.retries, 1, 10),
                        Duration.ofMillis(
                                section.integer("error_wait_ms", (int) PLAIN.errors.pause.toMillis(), 0, 60_000))),
                new CircuitBreaker(
                        section.integer("circuit_breaker_failures", PLAIN.breaker.failures, 1, 100),
                        seconds(section, "circuit_breaker_open_seconds", PLAIN.breaker.openTime, 1, 86_400)),
                new ResultCache(
                        section.bytes("result_cache_size", PLAIN.cache.bytes, 1L << 20, "at least 1MiB"),
                        seconds(section, "result_cache_ttl_seconds", PLAIN.cache.timeToLive, 1, 86_400)),
                new Automatic(
                        section.integer("automatic_max_concurrent", PLAIN.automatic.maxConcurrent, 1, 1000),
                        Duration.ofMillis(Math.round(1000
                                * section.number(
                                        "automatic_interval_seconds",
                                        PLAIN.automatic.interval.toMillis() / 1000.0,
                                        0.1,
                                        60)))));
        section.finish();
        return read;
    }

    private static Duration seconds(SectionReader section, String key, Duration fallback, int min, int max) {
        return Duration.ofSeconds(section.integer(key, Math.toIntExact(fallback.toSeconds()), min, max));
    }

    /** Its settings by their keys in the configuration, as they would be written there; of switches those that are on. */
    public Map<String, String> written() {
        var written = new LinkedHashMap<String, String>();
        for (Switch each : Switch.values()) {
            if (!isOn(each)) continue;
            written.put(each.key(), "true");
            written.putAll(parameters(each));
        }
        return written;
    }

    /** What a switch goes by, by the keys in the configuration. */
    public Map<String, String> parameters(Switch of) {
        var written = new LinkedHashMap<String, String>();
        switch (of) {
            case OBJECT_POOL -> {
                written.put("object_pool_size", "" + objectPool.size);
                written.put("object_pool_cleanup_threshold", "" + objectPool.cleanupThreshold);
            }
            case CONTEXT_OPTIMIZATION -> {
                written.put("context_cache_size", "" + contexts.cacheSize);
                written.put("context_ttl_seconds", "" + contexts.timeToLive.toSeconds());
            }
            case MEMORY_OPTIMIZATION -> written.put("memory_idle_seconds", "" + memory.idleTime.toSeconds());
            case ALGORITHM_OPTIMIZATION -> written.put("algorithm_trials", "" + algorithm.trials);
            case CONCURRENCY_OPTIMIZATION -> {
                written.put("concurrency_mode", concurrency.mode.name().toLowerCase(Locale.ROOT));
                written.put("concurrency_limit", "" + concurrency.limit);
            }
            case OPTIMIZED_TELEMETRY -> {
                written.put("telemetry_sampling", "" + telemetry.sampling);
                written.put("telemetry_batch_size", "" + telemetry.batchSize);
            }
            case OPTIMIZED_ERROR_HANDLING -> {
                written.put("error_retries", "" + errors.retries);
                written.put("error_wait_ms", "" + errors.pause.toMillis());
            }
            case CIRCUIT_BREAKER -> {
                written.put("circuit_breaker_failures", "" + breaker.failures);
                written.put("circuit_breaker_open_seconds", "" + breaker.openTime.toSeconds());
            }
            case CACHE_OPTIMIZATION -> {
                written.put("result_cache_size", (cache.bytes >> 10) + "KiB");
                written.put("result_cache_ttl_seconds", "" + cache.timeToLive.toSeconds());
            }
            case AUTOMATIC_OPTIMIZATION -> {
                written.put("automatic_max_concurrent", "" + automatic.maxConcurrent);
                written.put("automatic_interval_seconds", "" + automatic.interval.toMillis() / 1000.0);
            }
            case STEP_OPTIMIZATION, PERFORMANCE_MONITORING -> {}
        }
        return written;
    }
}
