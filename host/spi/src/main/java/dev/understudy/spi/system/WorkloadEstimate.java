package dev.understudy.spi.system;

import java.util.List;
import java.util.Set;

/**
 * What a detector takes a machine's work for.
 *
 * @param confidence from 0.0 (a guess) to 1.0 (certain)
 * @param evidence the figures that it rests on, one line each for people; at least one
 * @param processes numbers of those that do this work; the host may put them before others
 */
public record WorkloadEstimate(Workload workload, double confidence, List<String> evidence, Set<Long> processes) {

    /** That names no processes. */
    public WorkloadEstimate(Workload workload, double confidence, List<String> evidence) {
        this(workload, confidence, evidence, Set.of());
    }

    public WorkloadEstimate {
        if (!(confidence >= 0 && confidence <= 1))
            throw new IllegalArgumentException("confidence must be from 0.0 to 1.0, was " + confidence);
        evidence = List.copyOf(evidence);
        processes = Set.copyOf(processes);
        if (evidence.isEmpty()) throw new IllegalArgumentException("evidence must not be empty");
    }
}
