package dev.understudy.sandbox.control;

/** Hears of a run while it runs. Called from the sandbox's threads; must return at once. */
public interface RunListener {
    /** Hears nothing. */
    RunListener SILENT = new RunListener() {};

    /** The run begins when another one of the same automation has ended. */
    default void waiting(String automationId) {}

    default void output(RunReport.OutputLine line) {}

    /** The share done, from 0.0 to 1.0, and what is being done. */
    default void progress(double share, String text) {}
}
