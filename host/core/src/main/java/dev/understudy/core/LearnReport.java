package dev.understudy.core;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService.Creation;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.history.ImportReport;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Understudy#learn} found and did.
 *
 * @param imports one for each file, in their order
 * @param patterns all that repeats, highest automation potential first
 * @param automations one for each pattern that is worth one, in the order of the patterns
 * @param rejected the other patterns
 * @param problems what did not work and was left out, one line each
 */
public record LearnReport(
        List<ImportReport> imports,
        List<TaskPattern> patterns,
        List<Learnt> automations,
        List<Rejected> rejected,
        List<String> problems) {

    public LearnReport {
        imports = List.copyOf(imports);
        patterns = List.copyOf(patterns);
        automations = List.copyOf(automations);
        rejected = List.copyOf(rejected);
        problems = List.copyOf(problems);
    }

    /** Tasks that are new in the history. */
    public long imported() {
        return imports.stream().mapToLong(ImportReport::imported).sum();
    }

    /**
     * An automation and the pattern that it was made for.
     *
     * @param automation as it is kept after its rehearsal
     * @param rehearsal the one just held; empty if it was rehearsed before and has not changed, or could not be
     */
    public record Learnt(
            TaskPattern pattern,
            Automation automation,
            AutomationFile file,
            Creation.Change change,
            Optional<RehearsalResult> rehearsal) {}

    /** A pattern that got no automation, and why, in one line. */
    public record Rejected(TaskPattern pattern, String reason) {}
}
