package dev.understudy.core.secrets;

import java.io.IOException;
import java.util.Optional;

/** A system's own place for secrets. */
interface Keyring {
    /** What people call it. */
    String title();

    /**
     * Keeps a value, in place of one that is there.
     *
     * @throws IOException if it cannot; the message is a clause without the value
     */
    void put(String name, String value) throws IOException;

    /** Empty if there is none. */
    Optional<String> get(String name) throws IOException;

    /** Removes it, if it is there. */
    void remove(String name) throws IOException;
}
