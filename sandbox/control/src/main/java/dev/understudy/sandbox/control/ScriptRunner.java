package dev.understudy.sandbox.control;

/**
 * Runs scripts of some languages: cells run JavaScript and Python, the jail runs Bash and native programs. Safe for use
 * by several threads.
 */
public interface ScriptRunner extends AutoCloseable {

    /** Starts a run. Refusals, too, come as the run's report: this throws for bugs only. */
    Run start(RunRequest request, RunListener listener);

    /** Ends all runs and all processes that it keeps ready. */
    @Override
    void close();

    /** A run under way. */
    interface Run {
        /** Waits for the end. */
        RunReport await() throws InterruptedException;

        /** Ends it; it and all its descendants are gone within 100 ms. No effect on a run that has ended. */
        void cancel();
    }
}
