package dev.understudy.app.resident;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The process whose command is served, as the command sees it.
 *
 * @param out its standard output
 * @param err its standard error
 * @param input its standard input
 * @param terminal null if it has none
 */
public record Caller(
        OutputStream out,
        OutputStream err,
        CallerInput input,
        @Nullable CallerTerminal terminal) {
    /** One that only listens. */
    public static Caller listening(OutputStream out, OutputStream err) {
        return new Caller(out, err, CallerInput.none(), null);
    }
}
