package dev.understudy.spi.tuning;

import dev.understudy.spi.optimization.Dimension;

/**
 * A parameter that a target knows.
 *
 * @param dimension its name and the values that may be tried; values outside are never written but to restore what was there
 * @param meaning one line for people: what it does, and its unit
 * @param value what is set now, as the target writes it; empty if it cannot be read
 * @param refusal why it cannot be changed here and now and what would be needed, one line for people; empty if it can
 * @param administrator where an administrator has set it, one phrase for people, for example a file and its line; empty if
 *     nobody has. It is left alone then, unless a person names it
 */
public record TunableParameter(
        Dimension dimension, String meaning, String value, String refusal, String administrator) {

    /** A parameter that no administrator has set. */
    public TunableParameter(Dimension dimension, String meaning, String value, String refusal) {
        this(dimension, meaning, value, refusal, "");
    }

    /** Its name, as the target's user knows it, for example {@code vm.swappiness}. */
    public String name() {
        return dimension.name();
    }

    /** Whether it can be changed here and now. */
    public boolean changeable() {
        return refusal.isEmpty();
    }
}
