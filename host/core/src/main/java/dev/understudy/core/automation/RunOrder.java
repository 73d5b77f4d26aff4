package dev.understudy.core.automation;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunRequest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an automation or a script is to be run.
 *
 * @param parameters as a person typed them
 * @param isolation a level that a person asks for; empty for the script's own
 * @param workingDirectory to which relative paths belong
 * @param listener hears of the run while it is under way
 * @param occasion why it is started
 */
public record RunOrder(
        Map<String, String> parameters,
        RunRequest.Mode mode,
        Optional<IsolationLevel> isolation,
        Path workingDirectory,
        RunListener listener,
        Occasion occasion) {
    public RunOrder {
        // In the order in which they were typed, for messages.
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** What a person asks for, at the script's own level, and nobody listens. */
    public static RunOrder of(Map<String, String> parameters, RunRequest.Mode mode, Path workingDirectory) {
        return new RunOrder(parameters, mode, Optional.empty(), workingDirectory, RunListener.SILENT, Occasion.PERSON);
    }

    public RunOrder at(IsolationLevel level) {
        return new RunOrder(parameters, mode, Optional.of(level), workingDirectory, listener, occasion);
    }

    public RunOrder toldTo(RunListener hearer) {
        return new RunOrder(parameters, mode, isolation, workingDirectory, hearer, occasion);
    }

    public RunOrder on(Occasion reason) {
        return new RunOrder(parameters, mode, isolation, workingDirectory, listener, reason);
    }
}
