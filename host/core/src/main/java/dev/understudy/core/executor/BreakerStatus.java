package dev.understudy.core.executor;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an automation's circuit breaker stands.
 *
 * @param failures in a row, of the part of it that failed most often
 * @param openUntil if it is open, when the next run may try
 */
public record BreakerStatus(String automationId, State state, int failures, Optional<Instant> openUntil) {

    /** Whether runs go through. */
    public enum State {
        CLOSED,
        /** None does. */
        OPEN,
        /** One may try. */
        HALF_OPEN;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
