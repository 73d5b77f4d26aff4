package dev.understudy.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds that the machine has slept, or that its clock was set, from how the two clocks differ since the last look. Not
 * safe for use by several threads.
 */
final class SuspendDetector {
    /** What clocks are corrected by as they run is less. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    private @Nullable Instant wall;
    private long nanos;

    /** By how much the wall's clock went ahead of the other since the last look; negative if it was put back. */
    Optional<Duration> look(HostTime time) {
        Instant nowWall = time.instant();
        long nowNanos = time.nanos();
        Instant before = wall;
        Duration ahead = before == null
                ? Duration.ZERO
                : Duration.between(before, nowWall).minusNanos(nowNanos - nanos);
        wall = nowWall;
        nanos = nowNanos;
        return ahead.abs().compareTo(TOLERANCE) > 0 ? Optional.of(ahead) : Optional.empty();
    }
}
