package dev.understudy.core;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService.Creation.Rejected;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.history.ImportReport;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Optional;

/**
 * What was learnt: all that {@code learn --json} tells.
 *
 * @param imports one for each file
 * @param patterns what repeats, highest potential first
 * @param automations those that exist for these patterns, in the same order
 * @param rejected patterns without an automation, in the same order
 * @param problems detectors that failed, one line each
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

    /** Entries that could not be read. */
    public long skipped() {
        return imports.stream().mapToLong(ImportReport::skipped).sum();
    }

    /** Imported tasks in which a secret was replaced. */
    public long redacted() {
        return imports.stream().mapToLong(ImportReport::redacted).sum();
    }

    /**
     * An automation for a pattern.
     *
     * @param rehearsal what was rehearsed now; empty if it had been before, or the sandbox is switched off
     */
    public record Learnt(TaskPattern pattern, Automation automation, Optional<RehearsalResult> rehearsal) {}
}
