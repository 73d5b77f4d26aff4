package dev.understudy.core.fleet;

import dev.understudy.core.triggers.Fate;
import java.util.Map;

/** Does runs on this host. */
public interface FleetWorker {
    /**
     * How a run ended.
     *
     * @param outcome as the log says it
     * @param committed whether it succeeded, so that what it changed stands
     * @param resultJson what the script gave; empty if nothing
     * @param error one line; empty if it succeeded
     */
    record Ended(String outcome, boolean committed, String resultJson, String error) {}

    /** Does one run and waits for its end; called by several threads. */
    Ended run(Publication.Approved approved, Map<String, String> parameters, String runId, String by)
            throws InterruptedException;

    /** What became of a run that an earlier process of this host had begun. */
    Fate fate(String automationId, String runId);
}
