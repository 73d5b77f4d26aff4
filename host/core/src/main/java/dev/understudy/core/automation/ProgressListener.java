package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunReport;

/** Hears how far runs of this process are, and what they print. Called from the sandbox's threads; must return at once. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * A run said how far it is.
     *
     * @param share done, from 0.0 to 1.0
     * @param text what is being done, in the script's own words
     */
    void progressed(String runId, double share, String text);

    /** A run printed or logged a line. */
    default void said(String runId, RunReport.OutputLine line) {}
}
