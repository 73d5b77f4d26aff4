package dev.understudy.core.triggers;

/** What became of the run of a firing that a host had begun when it died. */
public sealed interface Fate {
    /** Tells of runs; called by one thread. */
    interface Teller {
        /** @param runId that the run of this firing was to have */
        Fate of(Firing firing, String runId);
    }

    /** It never began. */
    record NotBegun() implements Fate {}

    /** It was cut short, and has provably changed nothing. */
    record Untouched() implements Fate {}

    /** It was cut short, and may have changed something. */
    record CutShort() implements Fate {}

    /**
     * It had ended; only that was not noted with the firing.
     *
     * @param note why it did not succeed; empty if it did
     */
    record Ended(FiringState state, String note) implements Fate {}
}
