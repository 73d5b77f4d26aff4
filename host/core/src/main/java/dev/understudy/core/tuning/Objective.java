package dev.understudy.core.tuning;

import java.util.Map;

/** The figure of merit: measures what is in force, once a call. Called by one thread. */
public interface Objective {

    /**
     * Measures once.
     *
     * @param values of all active parameters, as in a candidate; they are in force already
     * @param replicate counts the measurements of one trial from 0
     */
    Outcome measure(Map<String, Object> values, int replicate) throws InterruptedException;

    /** How a measurement ended. */
    sealed interface Outcome {}

    /** The figure; finite. */
    record Measured(double value) implements Outcome {
        public Measured {
            if (!Double.isFinite(value)) throw new IllegalArgumentException("value must be finite, was " + value);
        }
    }

    /**
     * There is no figure.
     *
     * @param reason a clause for people, without a full stop, for example {@code it printed nothing}
     * @param retry whether it is worth while to measure again
     */
    record Failed(String reason, Retry retry) implements Outcome {
        /** A failure that may be a mishap. */
        public Failed(String reason) {
            this(reason, Retry.WORTH_WHILE);
        }
    }

    /** What another measurement promises. */
    enum Retry {
        /** A mishap may pass: a connection that was refused, a port that was still in use. */
        WORTH_WHILE,
        /** It took all the time that it may take, and would again. */
        POINTLESS
    }
}
