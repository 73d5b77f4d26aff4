package dev.understudy.core.tuning.journal;

import java.time.Instant;

/**
 * A parameter that does not hold what it held before.
 *
 * @param target the target's name
 * @param before what it held
 * @param set what it was set to last
 * @param purpose of the session that changed it
 * @param since when that session began
 */
public record Standing(
        String target, String parameter, String before, String set, String purpose, Instant since, State state) {

    /** Why it stands. */
    public enum State {
        /** A session that runs has changed it and will put it back. */
        IN_USE,
        /** A session that has ended without putting it back: a crash, or it could not. */
        LEFT,
        /** It was to be kept. */
        KEPT
    }
}
