package dev.understudy.core.system;

import dev.understudy.spi.system.Workload;
import java.time.Instant;
import java.util.List;

/**
 * What the machine's work is taken for.
 *
 * @param confidence of the latest look that said so, from 0.0 to 1.0
 * @param evidence of that look, one line each for people
 * @param since when
 */
public record DetectedWorkload(Workload workload, double confidence, List<String> evidence, Instant since) {
    public DetectedWorkload {
        evidence = List.copyOf(evidence);
    }
}
