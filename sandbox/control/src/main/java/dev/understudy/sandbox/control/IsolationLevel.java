package dev.understudy.sandbox.control;

import java.util.Locale;

/** How much a script may do. Each level allows all that the one before it allows. */
public enum IsolationLevel {
    /** Reads and writes in its workspace and granted paths. */
    FULL,
    /** Also starts granted programs, through the jail. */
    PARTIAL,
    /** Also speaks to granted hosts. */
    MINIMAL;

    /** The name in metadata, configuration and JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
