package dev.understudy.spi.tuning;

import dev.understudy.spi.optimization.Dimension;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pf4j.ExtensionPoint;

/**
 * Reads and writes parameters that change how something runs, one at a time.
 *
 * <p>A target keeps no journal: the host writes down what a parameter held, and syncs that to the disk, before it calls
 * {@link #write}, and puts it back at the end, at the next start after a crash, or on demand. So a value that {@link #read}
 * returned must be accepted by {@link #write} as it is, byte for byte, even where it lies outside the parameter's dimension.
 * Used by one thread at a time.
 */
public interface ParameterTarget extends ExtensionPoint {

    /** Stable name as written on the command line, for example {@code sysctl}. */
    String name();

    /** One line for people. */
    String description();

    /** All parameters it knows that exist on this machine, in an order that makes sense to people. Looks anew at each call. */
    List<TunableParameter> parameters();

    /** Finds one of {@link #parameters} by its name; empty if it knows no such parameter, or it does not exist here. */
    default Optional<TunableParameter> parameter(String name) {
        return parameters().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * Returns what is set now, as text, without the line's end.
     *
     * @throws IOException if it cannot be read, with one line for people
     * @throws IllegalArgumentException if there is no such parameter
     */
    String read(String name) throws IOException;

    /**
     * Sets a parameter and returns once it holds.
     *
     * @param value as {@link #format} or {@link #read} returned it
     * @throws IOException if it was refused, with one line for people; then nothing has changed
     * @throws IllegalArgumentException if there is no such parameter
     */
    void write(String name, String value) throws IOException;

    /**
     * Returns a value of a parameter's dimension as {@link #read} would return it once it is set: by default its decimal or
     * literal text, and 1 or 0 for a boolean.
     */
    default String format(Dimension dimension, Object value) {
        if (value instanceof Boolean flag) return flag ? "1" : "0";
        return value.toString();
    }

    /**
     * Whether a value that was written is still there after the machine has started anew. Where it is not, nothing is put back
     * after a restart, for what is found then was set by somebody else.
     */
    default boolean outlastsRestart() {
        return true;
    }

    /** The command that a person would type to set it, for advice; empty if there is none. */
    default String command(String name, String value) {
        return "";
    }
}
