package dev.understudy.core.automation;

import java.util.Locale;

/** Where an automation is in its life. */
public enum AutomationState {
    /** Written, and not yet rehearsed with success at its current version. */
    DRAFT,
    /** Its current version has passed its rehearsal; a person may approve it. */
    REHEARSED,
    /** Approved: it runs. */
    DEPLOYED,
    /** Approved once, and stopped by a person until approved again. */
    SUSPENDED,
    /** Runs at an earlier version that was approved, too. */
    ROLLED_BACK,
    /** Not wanted as it was proposed; proposed again by the rule of {@link Decisions}. */
    REJECTED,
    /** Given up; kept for its history, and not written again. */
    RETIRED;

    /** The name in JSON and in what {@code automations} prints. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether runs for real are allowed. */
    public boolean runs() {
        return this == DEPLOYED || this == ROLLED_BACK;
    }
}
