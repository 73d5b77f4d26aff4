package dev.understudy.core.engine;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.Drafter.Creation;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.history.ImportReport;
import dev.understudy.core.patterns.Nearest;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link Understudy#learn} found and did.
 *
 * @param imports one for each file, in their order
 * @param patterns all that repeats, highest automation potential first; behind that variants and parts of those, and what only
 *     looks at the end
 * @param looking the ids of those that only look
 * @param variants the ids of those that are a variant or a part of another one, each with the id of that
 * @param automations one for each pattern that is worth one, in the order of the patterns
 * @param rejected the other patterns
 * @param nearest what comes nearest to repeating often enough
 * @param problems what did not work and was left out, one line each
 */
public record LearnReport(
        List<ImportReport> imports,
        List<TaskPattern> patterns,
        Set<String> looking,
        Map<String, String> variants,
        List<Learnt> automations,
        List<Rejected> rejected,
        List<Nearest> nearest,
        List<String> problems) {

    public LearnReport {
        imports = List.copyOf(imports);
        patterns = List.copyOf(patterns);
        looking = Set.copyOf(looking);
        variants = Map.copyOf(variants);
        automations = List.copyOf(automations);
        rejected = List.copyOf(rejected);
        nearest = List.copyOf(nearest);
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
     * @param alternatives names of other templates that would write one for the pattern, too
     */
    public record Learnt(
            TaskPattern pattern,
            Automation automation,
            AutomationFile file,
            Creation.Change change,
            Optional<RehearsalResult> rehearsal,
            List<String> alternatives) {
        public Learnt {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** A pattern that got no automation, and why, in one line. */
    public record Rejected(TaskPattern pattern, String reason) {}
}
