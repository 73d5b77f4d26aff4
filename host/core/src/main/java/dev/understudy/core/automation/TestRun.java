package dev.understudy.core.automation;

import dev.understudy.sandbox.control.tester.SuiteResult;

/**
 * How an automation's tests went.
 *
 * @param result of its cases
 * @param source where the cases came from
 */
public record TestRun(SuiteResult result, Source source) {
    /** Where cases come from. */
    public enum Source {
        /** The {@code [[tests]]} of its metadata. */
        FILE,
        /** It has none: those that its template writes for its pattern today. */
        PATTERN,
        /** It has none: that it succeeds with the values given and its defaults. */
        DEFAULTS,
        /** It has none, and a parameter without a value. */
        NONE
    }
}
