package dev.understudy.core.secrets;

import java.util.Optional;

/** Gives the values of secrets. Called by threads that start runs. */
@FunctionalInterface
public interface SecretSource {
    /** Knows none. */
    SecretSource NONE = _ -> Optional.empty();

    /**
     * The value; empty if there is no secret of this name.
     *
     * @throws dev.understudy.core.problem.UserException if there is one that cannot be read
     */
    Optional<String> value(String name);
}
