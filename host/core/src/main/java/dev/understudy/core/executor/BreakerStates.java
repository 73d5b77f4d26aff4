package dev.understudy.core.executor;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what circuit breakers know from one process to the next. Safe for use by several threads. */
public interface BreakerStates {
    /**
     * What is known of one automation.
     *
     * @param failures in a row, by the names of the runs: an automation's own, or one of a step's
     * @param openedAt null if it is closed
     */
    record Kept(
            String automationId,
            Map<String, Integer> failures,
            @Nullable Instant openedAt) {
        public Kept {
            failures = Map.copyOf(failures);
        }
    }

    Optional<Kept> find(String automationId);

    List<Kept> all();

    /** Replaces what is known; forgets it where there is nothing to know. */
    void put(Kept kept);

    /** In memory only. */
    static BreakerStates inMemory() {
        Map<String, Kept> kept = new HashMap<>();
        return new BreakerStates() {
            @Override
            public synchronized Optional<Kept> find(String automationId) {
                return Optional.ofNullable(kept.get(automationId));
            }

            @Override
            public synchronized List<Kept> all() {
                return List.copyOf(kept.values());
            }

            @Override
            public synchronized void put(Kept each) {
                kept.put(each.automationId(), each);
            }
        };
    }
}
