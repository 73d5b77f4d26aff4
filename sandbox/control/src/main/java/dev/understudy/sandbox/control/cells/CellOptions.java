package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunRequest.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How many cells, and for how long.
 *
 * @param maxConcurrentRuns at once; more wait their turn
 * @param idleTime after which a cell that nobody uses ends
 * @param home what {@code ~} stands for in scripts
 * @param preparation what becomes of a preparation that is under way when the host closes
 * @param notices hears one line for people when something takes long (the first start of a language)
 * @param keeping what is kept between runs
 */
public record CellOptions(
        int maxConcurrentRuns,
        Duration idleTime,
        Path home,
        Preparation preparation,
        Consumer<String> notices,
        Keeping keeping) {
    /**
     * What is kept between runs.
     *
     * @param idleContexts how many contexts idle cells may hold ready together before the oldest end; if empty, there are as
     *     many idle cells as there may be runs, and a spare
     * @param sharedContexts in one cell, each of one script, at least 1
     * @param timeToLive since its last run, after which a shared context is given up; at least 1 ms
     */
    public record Keeping(OptionalInt idleContexts, int sharedContexts, Duration timeToLive) {
        /** The context of the latest script, for as long as its cell lives. */
        public static final Keeping LATEST = new Keeping(OptionalInt.empty(), 1, Duration.ofDays(1));

        public Keeping {
            if (sharedContexts < 1)
                throw new IllegalArgumentException("sharedContexts must be at least 1, was " + sharedContexts);
            if (timeToLive.toMillis() < 1)
                throw new IllegalArgumentException("timeToLive must be at least 1 ms, was " + timeToLive);
        }
    }

    /** Options that keep no more than the latest script's context. */
    public CellOptions(
            int maxConcurrentRuns, Duration idleTime, Path home, Preparation preparation, Consumer<String> notices) {
        this(maxConcurrentRuns, idleTime, home, preparation, notices, Keeping.LATEST);
    }

    /** How many contexts a cell holds ready: JavaScript's are cheap and bursts come; a Python context holds 20 MB. */
    static int contextsReady(Language language) {
        return language == Language.JAVASCRIPT ? 3 : 1;
    }

    /** Whether what makes the next starts fast, and takes a minute, may outlive the host. */
    public enum Preparation {
        /** It ends with the host; after closing nothing is written any more. */
        ENDS_WITH_HOST,
        /** It goes on behind it, as a process of its own: for a host that is gone after one run. */
        OUTLIVES_HOST
    }

    public CellOptions {
        if (maxConcurrentRuns < 1)
            throw new IllegalArgumentException("maxConcurrentRuns must be at least 1, was " + maxConcurrentRuns);
        if (!idleTime.isPositive()) throw new IllegalArgumentException("idleTime must be positive, was " + idleTime);
    }

    /** Three runs at once, cells end after ten idle minutes. */
    public static CellOptions defaults(Path home) {
        return new CellOptions(3, Duration.ofMinutes(10), home, Preparation.ENDS_WITH_HOST, _ -> {});
    }
}
