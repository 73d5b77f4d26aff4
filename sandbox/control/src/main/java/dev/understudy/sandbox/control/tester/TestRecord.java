package dev.understudy.sandbox.control.tester;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What is remembered of a test.
 *
 * @param suite the suite's name
 * @param name the case's
 * @param verdict whether all that was expected held
 * @param message what did not hold first; empty if it passed
 * @param runId of the run that was tested
 * @param started when
 * @param duration of the run that was tested
 */
public record TestRecord(
        String suite, String name, Verdict verdict, String message, String runId, Instant started, Duration duration) {

    public enum Verdict {
        PASSED,
        FAILED;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
