package dev.understudy.core.automation;

import dev.understudy.core.automation.Automation.RehearsalScore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One version of an automation.
 *
 * @param version counted from 1
 * @param author who wrote it
 * @param file where its text lies for people
 * @param rehearsal if it was rehearsed
 * @param approved when it was approved last, if it ever was
 * @param rolledBack when it was found bad, unless it was approved again since
 * @param figures over all its runs for real
 */
public record AutomationVersion(
        int version,
        Author author,
        Instant created,
        String sha256,
        Path file,
        Optional<RehearsalScore> rehearsal,
        Optional<Instant> approved,
        Optional<Instant> rolledBack,
        Figures figures) {

    /** Who wrote a version. */
    public enum Author {
        TEMPLATE,
        PERSON,
        /** A program proposed it, and a person has taken it. */
        PROGRAM;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * How runs went; those that were refused, cancelled or cut short are not counted.
     *
     * @param averageDuration of those that succeeded; empty before the first
     * @param timeSaved the recorded duration of the tasks that they stand for, less their own; negative if they took
     *     longer; empty where no task was recorded
     */
    public record Figures(long runs, long failures, Optional<Duration> averageDuration, Optional<Duration> timeSaved) {
        /** From 0.0 to 1.0; empty before the first run. */
        public Optional<Double> successRate() {
            return runs == 0 ? Optional.empty() : Optional.of((runs - failures) / (double) runs);
        }
    }
}
