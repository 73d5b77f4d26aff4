package dev.understudy.core.triggers;

import java.util.Locale;

/** What has become of a firing. */
public enum FiringState {
    /** Recorded; its run has not begun. */
    WAITING,
    /** Its run is under way. */
    RUNNING,
    SUCCEEDED,
    /** The run failed, or hit a limit. */
    FAILED,
    /** The run was not allowed, or its parameters did not fit. */
    REFUSED,
    CANCELLED,
    /** Left out: another one stood for it, or the host came too late. */
    SKIPPED,
    /** The host died while the run was under way, and it may have changed something, or was cut short before. */
    INTERRUPTED;

    /** The name in JSON and in the store. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
