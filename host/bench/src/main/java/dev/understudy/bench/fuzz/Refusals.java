package dev.understudy.bench.fuzz;

import dev.understudy.core.problem.UserException;

/** What a target holds a refusal to: a person reads it, so it says something, on one line unless it lists mistakes. */
final class Refusals {
    private Refusals() {}

    static void check(UserException refused) {
        String said = String.valueOf(refused.getMessage());
        if (said.isBlank()) throw new AssertionError("a refusal that says nothing", refused);
        if (refused.mistakes().isEmpty() && said.contains("\n"))
            throw new AssertionError("a refusal on several lines: " + said, refused);
    }
}
