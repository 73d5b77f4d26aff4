package dev.understudy.spi.performance;

/** How an execution or a step ended. */
public enum ExecutionState {
    SUCCEEDED,
    FAILED,
    /** Ended before its time by a person or by the failure of another step. */
    CANCELLED
}
