package dev.understudy.core.automation;

/**
 * Hears what happens to automations without a person. Called once for each, after it stands in the store, by the thread that
 * ended the run; must return at once. What it throws is not caught.
 */
@FunctionalInterface
public interface LifeListener {
    /** Something happened. */
    void happened(LifeEvent event);

    /**
     * What happened.
     *
     * @param message what and why, in one line for people
     */
    record LifeEvent(Kind kind, String automationId, String message) {}

    /** What kinds of things happen. */
    enum Kind {
        /** A run for real failed. */
        FAILED,
        /** The automation runs at an earlier version now. */
        ROLLED_BACK,
        /** The automation does not run any more, since it has no good earlier version. */
        SUSPENDED,
        /** Two versions were compared to the end. */
        EXPERIMENT_ENDED,
        /** Its file was edited while it ran. */
        EDITED,
        /** It was deployed by the rule that the person switched on. */
        DEPLOYED
    }
}
