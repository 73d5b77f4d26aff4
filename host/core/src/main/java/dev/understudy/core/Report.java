package dev.understudy.core;

/**
 * Figures over all that is kept.
 *
 * @param tasks in the history
 * @param repetitivePatterns patterns of the history
 * @param highPotentialPatterns those of them at or above the automation threshold
 * @param automationsCreated automations that are kept, retired ones included
 * @param automationsDeployed those of them that may run
 */
public record Report(
        int tasks,
        int repetitivePatterns,
        int highPotentialPatterns,
        int automationsCreated,
        int automationsDeployed) {}
