package dev.understudy.core.automation;

import dev.understudy.sandbox.control.tester.SuiteResult;
import java.util.List;
import java.util.Locale;

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
        NONE;

        /** Where the cases of a file come from that are not made from its pattern. */
        static Source of(AutomationFile file, List<RehearsalCase> cases) {
            if (!file.cases().isEmpty()) return FILE;
            return cases.isEmpty() ? NONE : DEFAULTS;
        }

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
