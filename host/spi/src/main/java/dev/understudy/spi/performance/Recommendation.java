package dev.understudy.spi.performance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change that should make a workflow better.
 *
 * @param recommendationId stable: the same advice for the same workflow has the same id in every run
 * @param rule name of the rule that made it
 * @param workflow the workflow
 * @param type what kind of change, for example {@code parallelization}
 * @param description what to do and why, with the figures, for a person
 * @param expectedImprovement by how much an execution gets better, in percent of {@code objective}; computed from recorded
 *     executions
 * @param objective what is improved
 * @param effort of making the change
 * @param risk of making it
 * @param specificChanges what exactly to change, fit for a machine
 * @param evidence the measured figures behind it, by name with their unit, in the order in which they are worth reading
 */
public record Recommendation(
        String recommendationId,
        String rule,
        String workflow,
        String type,
        String description,
        Interval expectedImprovement,
        Objective objective,
        Grade effort,
        Grade risk,
        List<Change> specificChanges,
        Map<String, Double> evidence) {
    /** What a change improves. */
    public enum Objective {
        EXECUTION_TIME,
        ERROR_RATE,
        RESOURCE_COST
    }

    /** How much. */
    public enum Grade {
        LOW,
        MEDIUM,
        HIGH
    }

    /**
     * One thing to change.
     *
     * @param action stable word, for example {@code create_parallel_container}
     * @param arguments by name; texts, numbers, truth values and lists of them
     */
    public record Change(String action, Map<String, Object> arguments) {
        public Change {
            arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        }
    }

    public Recommendation {
        specificChanges = List.copyOf(specificChanges);
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }
}
