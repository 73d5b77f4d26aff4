package dev.understudy.core.tuning;

import java.io.IOException;
import java.util.Map;

/** Puts values in force before they are measured, and what was there before back at the end. Used by one thread at a time. */
public interface ParameterApplier {

    /** Where the objective takes the values itself. */
    ParameterApplier NONE = new ParameterApplier() {
        @Override
        public void apply(Map<String, Object> values) {
            // The objective has them.
        }

        @Override
        public void restore() {
            // Nothing was changed.
        }
    };

    /**
     * Puts values in force; writes down what was there, durably, before it changes anything.
     *
     * @param values of all active parameters, as in a candidate
     * @throws IOException if they are refused, with a clause for people
     */
    void apply(Map<String, Object> values) throws IOException, InterruptedException;

    /**
     * Puts back what was there before the first {@link #apply}; does nothing if there was none. Finishes even if the thread was
     * interrupted.
     *
     * @throws IOException if something could not be put back, with a clause for people that says what
     */
    void restore() throws IOException;
}
