package dev.understudy.core.triggers;

import java.util.Locale;

/** What becomes of a firing while a run of the same automation is under way. */
public enum Overlap {
    /** It waits; one that waits with the same parameters stands for both. */
    QUEUE,
    /** It is left out. */
    SKIP,
    /** It runs beside the other. */
    ALLOW;

    /** The name in metadata. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
