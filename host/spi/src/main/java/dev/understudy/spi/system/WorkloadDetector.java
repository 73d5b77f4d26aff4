package dev.understudy.spi.system;

import org.pf4j.ExtensionPoint;

/**
 * Says what kind of work a machine does.
 *
 * <p>The host asks every few seconds with figures averaged over some of them, and takes up a new workload only when the
 * answer has been the same several times: a detector need not remember. Several detectors may be asked; the most confident
 * one counts. May be called by several threads at once.
 */
public interface WorkloadDetector extends ExtensionPoint {

    /** Stable name, for example {@code processes}. */
    String name();

    /**
     * Names the workload.
     *
     * @param snapshot averages over the last while; may be of an idle machine and without processes
     * @return depends on the snapshot alone; within 100 ms
     */
    WorkloadEstimate estimate(SystemSnapshot snapshot);
}
