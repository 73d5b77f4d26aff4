package dev.understudy.core.system;

import dev.understudy.spi.system.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What the machine's work is taken for.
 *
 * @param confidence of the latest look that said so, from 0.0 to 1.0
 * @param evidence of that look, one line each for people
 * @param since when
 * @param processes numbers of those that did this work at that look
 */
public record DetectedWorkload(
        Workload workload, double confidence, List<String> evidence, Instant since, Set<Long> processes) {
    public DetectedWorkload {
        evidence = List.copyOf(evidence);
        processes = Set.copyOf(processes);
    }
}
