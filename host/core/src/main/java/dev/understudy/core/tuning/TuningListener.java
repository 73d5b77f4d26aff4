package dev.understudy.core.tuning;

/** Hears of a session while it runs, in the session's thread; must return soon. */
public interface TuningListener {
    /** Hears nothing. */
    TuningListener SILENT = new TuningListener() {};

    /** A trial is about to begin. */
    default void progress(TuningStatus status) {}

    /** A trial has ended; the next begins when this returns. Not called for trials that a resumed session had before. */
    default void ended(TrialRecord trial) {}
}
