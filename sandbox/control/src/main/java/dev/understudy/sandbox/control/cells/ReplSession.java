package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An interactive session in one language: state lasts from one input to the next, limits hold for each input. Used by one
 * thread at a time; {@link #interrupt} may come from another.
 */
public interface ReplSession extends AutoCloseable {
    /** What came of an input. */
    sealed interface Reply {
        /** It was evaluated; the text is what to show of its value, and empty if there is nothing to show. */
        record Value(String text) implements Reply {}

        /** It is the beginning of something longer; ask for more and evaluate all of it. */
        record Incomplete() implements Reply {}

        /** It failed, or was interrupted in time; the session's state is kept. */
        record Failed(String error, String detail) implements Reply {}

        /** A limit or an interrupt ended the cell; the next input starts anew, without the session's state. */
        record Lost(RunOutcome outcome) implements Reply {}
    }

    /**
     * How long an input takes.
     *
     * @param times how often it was done in each round
     * @param rounds how long each round took; at least one
     */
    record Timing(long times, List<Duration> rounds) {
        public Timing {
            rounds = List.copyOf(rounds);
            if (times < 1 || rounds.isEmpty()) throw new IllegalArgumentException(times + " times, " + rounds);
        }
    }

    /** What came of timing an input. */
    sealed interface Timed {
        record Done(Timing timing) implements Timed {}

        /** It was not timed; the reply says why. */
        record Not(Reply reply) implements Timed {}
    }

    /** Whether a session's state outlived a change of its terms. */
    enum State {
        KEPT,
        LOST
    }

    /**
     * Evaluates one input and waits for what comes of it.
     *
     * @throws IOException if no cell can be started
     */
    Reply evaluate(String input, RunListener listener) throws IOException, InterruptedException;

    /** Whether an input goes on in the next line; nothing of it runs. */
    boolean isUnfinished(String input) throws IOException, InterruptedException;

    /**
     * What can be written behind a dotted path, or all names in scope for an empty one. Nothing of the guest's runs; a guest
     * that answers too late is asked to stop, and the list is empty.
     */
    List<String> members(String path) throws IOException, InterruptedException;

    /** What a dotted path leads to, in words; empty if it leads nowhere. Nothing of the guest's runs. */
    Optional<String> explain(String path) throws IOException, InterruptedException;

    /** Does an input over and over, and measures it. */
    Timed time(String input, RunListener listener) throws IOException, InterruptedException;

    /** Takes the limits, the isolation and the grants of a request from now on; its source and parameters are not used. */
    State use(RunRequest request);

    /** Ends the evaluation under way: gently, and after a second with its cell. No effect if there is none. */
    void interrupt();

    /** Ends what the session started. */
    @Override
    void close() throws IOException;
}
