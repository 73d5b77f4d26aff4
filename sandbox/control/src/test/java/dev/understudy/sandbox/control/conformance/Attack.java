package dev.understudy.sandbox.control.conformance;

import dev.understudy.sandbox.control.tester.LimitName;

/**
 * A script that tries to use more than a limit allows.
 *
 * @param name of the means, for people
 * @param body of the script
 * @param meets what must become of it
 */
record Attack(LimitName limit, GuestRuntime runtime, String name, String body, Meets meets) {

    /** What an attack meets. */
    enum Meets {
        /** The limit itself, as an outcome of its own. */
        LIMIT,
        /** A refusal of the act, at every level, before the limit could be reached. */
        REFUSAL,
        /** An error of the language itself, before the limit could be reached. */
        ERROR,
        /** Nothing: the means uses nothing that the limit counts, so the script succeeds. */
        NOTHING
    }
}
