package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Writes automations for sequences of tasks: a function for each step, put together from what the templates for single
 * tasks write. A step that no template knows starts the program that the person started; what only looks is no step.
 */
@Extension
public final class WorkflowSequenceTemplate implements AutomationTemplate {
    static final String NAME = "workflow_sequence";

    private static final int MAX_TESTS = 5;

    private final List<AutomationTemplate> templates;

    /** Reads the data of the templates for single tasks from the folders that the host names. */
    public WorkflowSequenceTemplate(PluginContext context) {
        templates = List.of(new FileOperationTemplate(context), new DataProcessingTemplate(context));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Does several tasks in their order, each as a step of its own.";
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        try {
            if (pattern.sequence().isEmpty())
                throw new NotAutomatable("it is no sequence of tasks", NotAutomatable.ANOTHER_FIELD);
            ScriptLanguage language =
                    request.language() == ScriptLanguage.JAVASCRIPT ? ScriptLanguage.JAVASCRIPT : ScriptLanguage.PYTHON;
            List<StepDraft> steps = steps(pattern, pattern.observations(), language);
            boolean mixed = steps.stream().anyMatch(step -> step.language() != language);
            // Some operations have a script in Python only, and a file has one language.
            ScriptLanguage common = mixed ? ScriptLanguage.PYTHON : language;
            if (mixed) steps = steps(pattern, pattern.observations(), common);
            if (steps.stream().anyMatch(step -> step.language() != common))
                throw NotAutomatable.mine("its steps have no language in common");
            return new WorkflowWriter(pattern, steps, common).write(tests(pattern, common));
        } catch (NotAutomatable e) {
            return e.answer();
        }
    }

    /** Of a sequence, whether no step or one changes anything: that one is a pattern of its own. What is edited counts. */
    @Override
    public boolean looksOnly(TaskPattern pattern) {
        if (pattern.sequence().isEmpty()) return false;
        var steps = new StepPatterns(pattern, pattern.observations());
        if (!steps.anyWhole()) return false;
        int working = 0;
        boolean edited = false;
        for (int number = 1; number <= steps.size(); number++) {
            TaskPattern step = steps.step(number);
            boolean looks = Looking.only(step);
            if (!looks) working++;
            edited |= looks && ByHand.is(step);
        }
        return working == 0 || (working == 1 && !edited);
    }

    private List<StepDraft> steps(TaskPattern pattern, List<Observation> observations, ScriptLanguage language)
            throws NotAutomatable {
        var sequence = new StepPatterns(pattern, observations);
        if (!sequence.anyWhole()) throw NotAutomatable.mine("no execution of it was recorded with all of its steps");
        var steps = new ArrayList<StepDraft>();
        String looked = "";
        for (int number = 1; number <= sequence.size(); number++) {
            TaskPattern step = sequence.step(number);
            Optional<StepDraft> draft = step(number, step, language);
            draft.ifPresent(steps::add);
            if (draft.isEmpty()) looked = step.taskType();
        }
        if (steps.size() < 2)
            throw NotAutomatable.mine(
                    steps.isEmpty()
                            ? "none of its steps changes anything"
                            : "only " + steps.getFirst().taskType() + " changes anything; " + looked + " only looks");
        return steps;
    }

    /** The step's script; empty if it only looks. */
    private Optional<StepDraft> step(int number, TaskPattern step, ScriptLanguage language) throws NotAutomatable {
        String type = step.taskType().strip();
        if (type.equals("cd")) return Optional.empty();
        String byHand = ProgramStep.whyByHand(step);
        if (!byHand.isEmpty()) throw NotAutomatable.mine("step " + number + ": " + byHand);
        double nearest = -1;
        String reason = "";
        for (AutomationTemplate template : templates) {
            switch (template.propose(step, new Request(language))) {
                case Answer.Draft draft -> {
                    // What there is in Bash only starts the program, as a step can do in its own language.
                    if (draft.language() == ScriptLanguage.BASH) return Optional.of(program(number, step, language));
                    return Optional.of(StepDraft.read(number, step.taskType(), draft));
                }
                case Answer.NotMine no -> {
                    if (no.relevance() > nearest) {
                        nearest = no.relevance();
                        reason = no.reason();
                    }
                }
            }
        }
        if (nearest == Looking.LOOKS_ONLY) return Optional.empty();
        if (nearest > Looking.LOOKS_ONLY || !ShellCommand.is(step))
            throw NotAutomatable.mine("step " + number + ", " + type + ": " + reason);
        return Optional.of(program(number, step, language));
    }

    private static StepDraft program(int number, TaskPattern step, ScriptLanguage language) throws NotAutomatable {
        try {
            return new ProgramStep(number, step, language).draft();
        } catch (NotAutomatable e) {
            throw NotAutomatable.mine("step " + number + ", " + step.taskType().strip() + ": " + e.getMessage());
        }
    }

    /** For each of the latest occurrences that succeeded, the steps as if it had been the only one. */
    private List<List<StepDraft>> tests(TaskPattern pattern, ScriptLanguage language) {
        var tests = new ArrayList<List<StepDraft>>();
        var seen = new LinkedHashSet<Object>();
        for (Observation observation : pattern.observations()) {
            if (tests.size() == MAX_TESTS) break;
            if (!observation.task().success() || !seen.add(observation.bindings())) continue;
            try {
                tests.add(steps(pattern, List.of(observation), language));
            } catch (NotAutomatable _) {
                // What one occurrence held does not do by itself; the others are tests enough.
            }
        }
        return tests;
    }
}
