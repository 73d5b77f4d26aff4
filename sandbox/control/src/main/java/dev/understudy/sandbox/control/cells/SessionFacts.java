package dev.understudy.sandbox.control.cells;

import java.util.Optional;

/** What the host tells a person's session of itself. Called from the session's thread. */
@FunctionalInterface
public interface SessionFacts {
    /** Tells nothing. */
    SessionFacts NONE = _ -> Optional.empty();

    /** What there is now under a name, as JSON; empty if there is nothing of this name. */
    Optional<String> json(String name);
}
