package dev.understudy.core.automation;

import dev.understudy.core.history.SecretRedactor;
import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run was given and what it said, without secrets: parameters by their names and values, and texts by the values of
 * such parameters as well.
 */
final class RunSecrets {
    private static final int MAX_TEXT = 500;

    private final SecretRedactor redactor = new SecretRedactor();

    /** The parameters with each secret replaced. */
    Map<String, Object> parameters(Map<String, Object> parameters) {
        return redacted(parameters, "").parameters();
    }

    /** A text of a run with these parameters, likewise, and shortened. */
    String text(Map<String, Object> parameters, String text) {
        String clean = redacted(parameters, text).description();
        return clean.length() <= MAX_TEXT ? clean : clean.substring(0, MAX_TEXT - 1) + "…";
    }

    private Task redacted(Map<String, Object> parameters, String text) {
        // The redactor knows tasks; a run with its parameters is one.
        return redactor.redact(
                new Task("run", "run", text, new LinkedHashMap<>(parameters), Instant.EPOCH, Duration.ZERO, true));
    }
}
