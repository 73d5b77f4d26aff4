package dev.understudy.sandbox.control.files;

/** What a run that ended without a report has left of its changes. */
public enum RunTrace {
    /** No commit of it was done or is under way: it provably changed no file. */
    UNCHANGED,
    /** Its changes were made, all together. */
    COMMITTED,
    /** A part of its changes may stand, or the traces of a commit have been dropped since. */
    UNSURE
}
