package dev.understudy.core.optimization;

import dev.understudy.spi.system.Workload;
import java.time.Instant;
import java.util.List;

/**
 * What a person could set.
 *
 * @param id the same for the same advice, however often it is given
 * @param reason why, one sentence
 * @param evidence what it rests on, one line each
 * @param apply the command that sets it; empty if there is none
 * @param undo the command that sets what was there before; empty if there is none
 * @param madeAt when it was last given
 */
public record Advice(
        String id,
        Workload workload,
        List<Change> changes,
        String reason,
        List<String> evidence,
        String apply,
        String undo,
        Instant madeAt) {
    public Advice {
        changes = List.copyOf(changes);
        evidence = List.copyOf(evidence);
        if (id.isBlank()) throw new IllegalArgumentException("id must not be blank");
        if (changes.isEmpty()) throw new IllegalArgumentException("advice must name a change");
    }

    /** One parameter, what it holds and what it could hold, as its target writes them. */
    public record Change(String target, String parameter, String from, String to) {}
}
