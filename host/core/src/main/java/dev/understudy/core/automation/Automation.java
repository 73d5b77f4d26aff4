package dev.understudy.core.automation;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * An automation as it is kept.
 *
 * @param version the newest one, counted from 1
 * @param deployedVersion the one that runs, if any was approved
 * @param patternId of the pattern from which it was made; empty if a person wrote it
 * @param template which made it; empty if none did
 * @param language as in its metadata
 * @param file of the newest version
 * @param sha256 of the newest version's text
 * @param rehearsal of the newest version, if it was rehearsed
 * @param runs how its latest runs for real ended
 */
public record Automation(
        String id,
        AutomationState state,
        int version,
        Optional<Integer> deployedVersion,
        String patternId,
        String template,
        String language,
        Path file,
        String sha256,
        Optional<RehearsalScore> rehearsal,
        RunScore runs) {

    /**
     * How many cases of a rehearsal passed.
     *
     * @param compared with what the script was held; none of it for a rehearsal of an earlier release
     * @param minSuccessRate from which on it may be deployed, by a person or by itself, from 0.0 to 1.0
     */
    public record RehearsalScore(
            int passed, int total, Instant at, RehearsalResult.Compared compared, double minSuccessRate) {
        /** Whether there was at least one case, and all passed. */
        public boolean allPassed() {
            return total > 0 && passed == total;
        }

        /** Whether enough cases passed for it to be deployed; no case shows nothing, and so is not enough. */
        public boolean deployable() {
            return total > 0 && successRate() >= minSuccessRate;
        }

        /** From 0.0 to 1.0; 0.0 if there was no case. */
        public double successRate() {
            return total == 0 ? 0 : passed / (double) total;
        }

        /** For people: what the figures allow, and by which threshold. */
        public String verdict() {
            String threshold = Math.round(1000 * minSuccessRate) / 10.0 + " % (auto_deploy_threshold)";
            if (total == 0) return "no case shows anything, so it cannot be approved";
            if (allPassed()) return "it may be approved";
            return deployable()
                    ? "at least " + threshold + ", so it may be approved in spite of what failed"
                    : "fewer than " + threshold + ", so it cannot be approved";
        }
    }

    /** How many of the latest runs succeeded. */
    public record RunScore(long succeeded, long total) {
        /** From 0.0 to 1.0; empty before the first run. */
        public Optional<Double> successRate() {
            return total == 0 ? Optional.empty() : Optional.of(succeeded / (double) total);
        }
    }
}
