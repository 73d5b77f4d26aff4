package dev.understudy.spi.tuning;

import dev.understudy.spi.optimization.Dimension;

/**
 * A parameter that a target knows.
 *
 * @param dimension its name and the values that may be tried; values outside are never written but to restore what was there
 * @param meaning one line for people: what it does, and its unit
 * @param value what is set now, as the target writes it; empty if it cannot be read
 * @param refusal why it cannot be changed here and now and what would be needed, one line for people; empty if it can
 */
public record TunableParameter(Dimension dimension, String meaning, String value, String refusal) {

    /** Its name, as the target's user knows it, for example {@code vm.swappiness}. */
    public String name() {
        return dimension.name();
    }

    /** Whether it can be changed here and now. */
    public boolean changeable() {
        return refusal.isEmpty();
    }
}
