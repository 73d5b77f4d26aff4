package dev.understudy.core.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * How one step of a workflow went.
 *
 * @param name of the step
 * @param runId of its own run, which names its before-images; empty if it was refused before it began
 * @param outcome its name, as a run's
 * @param attempts how often it was tried, at least 1
 * @param error why it did not succeed; empty if it did
 * @param resultJson what it returned; {@code null} in JSON if it did not succeed
 * @param started when its last attempt began
 * @param duration of its last attempt
 * @param cpuTime of its last attempt; zero where the runtime cannot tell
 * @param peakMemoryBytes likewise
 * @param ioBytes read and written in it, as of {@link dev.understudy.sandbox.control.RunReport.Usage}; empty where nobody counted
 */
public record StepReport(
        String name,
        String runId,
        String outcome,
        int attempts,
        String error,
        String resultJson,
        Instant started,
        Duration duration,
        Duration cpuTime,
        long peakMemoryBytes,
        OptionalLong ioBytes) {

    /** Whether it need not run again when its workflow goes on. */
    public boolean succeeded() {
        return outcome.equals("succeeded");
    }
}
