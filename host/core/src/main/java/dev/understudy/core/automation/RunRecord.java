package dev.understudy.core.automation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One run for real that ended.
 *
 * @param outcome {@code succeeded}, {@code failed} or {@code limit_exceeded}
 * @param undone when its changes were taken back, if they were
 */
public record RunRecord(
        String runId, int version, Instant started, Duration duration, String outcome, Optional<Instant> undone) {
    public boolean succeeded() {
        return outcome.equals("succeeded");
    }
}
