package dev.understudy.core.automation;

import dev.understudy.core.problem.Mistake;
import java.util.List;
import java.util.Optional;

/**
 * What a check of an automation file found.
 *
 * @param file as the person named it
 * @param automation what it says; empty if its metadata cannot be read
 * @param mistakes in the order of the file
 * @param unchecked why its syntax could not be checked here; empty if it was
 */
public record CheckResult(
        String file, Optional<AutomationFile> automation, List<Mistake> mistakes, Optional<String> unchecked) {
    public CheckResult {
        mistakes = List.copyOf(mistakes);
    }
}
