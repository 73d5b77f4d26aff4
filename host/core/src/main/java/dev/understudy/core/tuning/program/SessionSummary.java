package dev.understudy.core.tuning.program;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A session that is kept.
 *
 * @param id for 'tune --resume'
 * @param created when it began
 * @param purpose what was tuned
 * @param trials how many have ended
 * @param budget how many there are to be at most
 * @param state how it is
 * @param verdict one sentence; empty unless it has ended
 * @param improvement as a share, or in the objective's unit where figures are not all positive; only if there is one
 */
public record SessionSummary(
        String id,
        Instant created,
        String purpose,
        int trials,
        int budget,
        State state,
        String verdict,
        OptionalDouble improvement) {

    /** How a session is. */
    public enum State {
        /** A process is at it. */
        RUNNING,
        /** It was ended before its verdict and can be resumed. */
        INTERRUPTED,
        /** It has its verdict. */
        ENDED
    }
}
