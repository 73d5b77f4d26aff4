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
 * @param notices hears one line for people when something takes long (the first start of a language)
 */
public record CellOptions(int maxConcurrentRuns, Duration idleTime, Path home, Consumer<String> notices) {
    public CellOptions {
        if (maxConcurrentRuns < 1)
            throw new IllegalArgumentException("maxConcurrentRuns must be at least 1, was " + maxConcurrentRuns);
        if (!idleTime.isPositive()) throw new IllegalArgumentException("idleTime must be positive, was " + idleTime);
    }

    /** Three runs at once, cells end after ten idle minutes. */
    public static CellOptions defaults(Path home) {
        return new CellOptions(3, Duration.ofMinutes(10), home, _ -> {});
    }
}
