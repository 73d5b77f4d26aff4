package dev.understudy.core.packages;

import java.util.Set;

/**
 * That a package is needed.
 *
 * @param name in the registry's one spelling
 * @param range which versions would do, in the registry's language; empty for any
 * @param extras what else of it is needed (Python)
 * @param by who needs it, for messages
 */
record Want(String name, String range, Set<String> extras, String by) {
    Want {
        extras = Set.copyOf(extras);
    }

    /** For messages. */
    String said() {
        return name + (range.isEmpty() ? "" : " " + range) + " (" + by + ")";
    }
}
