package dev.understudy.sandbox.control.cells;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How many cells, and for how long.
 *
 * @param maxConcurrentRuns at once; more wait their turn
 * @param idleTime after which a cell that nobody uses ends
 * @param home what {@code ~} stands for in scripts
 * @param preparation what becomes of a preparation that is under way when the host closes
 * @param notices hears one line for people when something takes long (the first start of a language)
 */
public record CellOptions(
        int maxConcurrentRuns, Duration idleTime, Path home, Preparation preparation, Consumer<String> notices) {
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
