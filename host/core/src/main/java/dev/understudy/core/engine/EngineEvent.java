package dev.understudy.core.engine;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * Something that happened while the host runs.
 *
 * @param automationId which automation it is about; empty if none
 * @param text one line for people
 * @param details the same for programs, by name
 */
public record EngineEvent(Instant at, Kind kind, String automationId, String text, Map<String, String> details) {

    /** What has happened. */
    public enum Kind {
        /** The engine runs. */
        STARTED,
        /** Other triggers than before are watched. */
        TRIGGERS_CHANGED,
        /** Webhooks answer. */
        WEBHOOKS_ANSWER,
        /** A trigger fired. */
        FIRED,
        /** A firing is run again, since a crash had cut its run short before that changed anything. */
        REPEATED,
        /** A firing was left out. */
        SKIPPED,
        /** A triggered run has ended. */
        RUN_ENDED,
        /** Times of a cron trigger passed unused. */
        MISSED,
        /** What a path trigger watches is not there. */
        FOLDER_GONE,
        FOLDER_BACK,
        /** An automation was not started by what it wrote itself, through others. */
        LOOP_AVOIDED,
        /** The machine slept, or its clock was set. */
        CLOCK_JUMPED,
        /** A background cycle has ended. */
        CYCLE_ENDED,
        /** An automation was deployed by its rule, was edited while it ran, or the comparison of two versions ended. */
        AUTOMATION_CHANGED,
        /** An automation waits for approval. */
        PROPOSAL_READY,
        ROLLED_BACK,
        GRANT_ASKED,
        /** A plugin is new, or in another state. */
        PLUGIN_CHANGED,
        /** The machine does another kind of work than before. */
        WORKLOAD_CHANGED,
        /** Settings for the machine's work are being looked for, or the search has ended. */
        OPTIMIZATION_STARTED,
        OPTIMIZATION_ENDED,
        /** There may be more or fewer runs at once than before. */
        RESOURCES_CHANGED,
        /** There is advice on the machine's settings that was not there before. */
        ADVICE_READY,
        /** A workflow or process has a new bottleneck, gets worse, or is slow. */
        PERFORMANCE_FINDING,
        /** Something does not work; the rest goes on. */
        PROBLEM,
        /** The engine goes down. */
        STOPPING;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EngineEvent {
        details = Map.copyOf(details);
        text = text.replaceAll("\\R+", " ").strip();
    }
}
