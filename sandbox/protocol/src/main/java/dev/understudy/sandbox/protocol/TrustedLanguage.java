package dev.understudy.sandbox.protocol;

import java.io.OutputStream;
import java.util.List;

/**
 * A language in the host's own process, with all that this process can do: for a person who has asked for that at a terminal,
 * and for nothing else. Found by {@link java.util.ServiceLoader} among the cell's jars, which the host does not have itself. Used
 * by one thread; {@link #interrupt} may come from another.
 */
public interface TrustedLanguage extends AutoCloseable {
    /** What came of an entry. */
    record Answer(Kind kind, String text) {
        public enum Kind {
            VALUE,
            UNFINISHED,
            FAILED
        }
    }

    /**
     * Begins.
     *
     * @param understudy what the name {@code understudy} stands for: the very object, with all its public methods
     */
    void open(Object understudy, OutputStream out, OutputStream err);

    /** Evaluates an entry; what it prints goes to the streams meanwhile. */
    Answer evaluate(String entry);

    /** Whether an entry goes on in the next line; nothing of it runs. */
    boolean isUnfinished(String entry);

    /** What can be written behind a dotted path, or all names in scope for an empty one. */
    List<String> members(String path);

    /** What a dotted path leads to, in words; empty if it leads nowhere. */
    String explanation(String path);

    /** Ends the evaluation under way as soon as the language is asked again. */
    void interrupt();

    @Override
    void close();
}
