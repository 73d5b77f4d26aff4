package dev.understudy.core.audit;

import java.util.Locale;

/** What an entry of the audit log tells of. */
public enum AuditKind {
    RUN_STARTED,
    RUN_ENDED,
    /** A run of which no end was recorded: its host ended first. */
    RUN_INTERRUPTED,
    REHEARSED,
    CREATED,
    NEW_VERSION,
    APPROVED,
    /** What an approval lets a version touch. */
    GRANTED,
    DEPLOYED,
    SUSPENDED,
    /** Its triggers fire nothing, while it runs by hand. */
    TRIGGERS_PAUSED,
    TRIGGERS_RESUMED,
    ROLLED_BACK,
    RETIRED,
    /** A person did not want it as it was proposed. */
    REJECTED,
    /** A program has handed in a script for a person to look at. */
    PROPOSED,
    /** A person did not want what a program had proposed. */
    PROPOSAL_REJECTED,
    /** One that was rejected waits for a decision again. */
    PROPOSED_AGAIN,
    UNDO_STARTED,
    UNDO_ENDED,
    EXPERIMENT_STARTED,
    EXPERIMENT_ENDED,
    /** A plugin jar, or something else beside automations, was approved. */
    PLUGIN_APPROVED,
    /** A plugin, or one extension of it, was switched off. */
    PLUGIN_DISABLED,
    PLUGIN_ENABLED,
    /** Its jar was deleted, or a built-in one switched off for good. */
    PLUGIN_REMOVED,
    /** Advice counts as followed from then on. */
    RECOMMENDATION_ACCEPTED,
    /** Advice became a version of an automation or of the configuration, or parameters were set as it says. */
    RECOMMENDATION_APPLIED,
    /** Settings or parameters that advice had changed are as they were before. */
    RECOMMENDATION_UNDONE,
    /** A person has given a value for a secret; never the value. */
    SECRET_SET,
    SECRET_REMOVED,
    /** An automation was given to a fleet, signed by this host's key. */
    FLEET_PUBLISHED,
    /** The store was damaged and goes on without some entries, which it names. */
    STORE_DAMAGED,
    /** The store, and what lies beside it, came from a backup; what happened after that was made is not in the log. */
    RESTORED,
    /** A person's own script became an automation, or one that lay in the data home and was unknown to the store did again. */
    ADOPTED,
    /** The note of the newest entry that lies outside the store was gone. */
    HEAD_MISSING;

    /** The name in JSON and in what {@code log} prints. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
