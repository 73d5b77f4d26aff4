package dev.understudy.core.automation;

import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.Mistake;
import dev.understudy.sandbox.control.tester.CaseResult;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.AutomationTemplate.Entry;
import dev.understudy.spi.AutomationTemplate.Operation;
import dev.understudy.spi.AutomationTemplate.Problem;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The automation templates of all plugins, and whether what they write holds. */
public final class TemplateService {
    private final Supplier<List<Provided<AutomationTemplate>>> templates;
    private final AutomationService automations;

    /**
     * A template and where it comes from.
     *
     * @param own whether a person added it, as a folder of their own
     */
    public record Listed(Entry entry, String pluginId, boolean own) {}

    public TemplateService(Supplier<List<Provided<AutomationTemplate>>> templates, AutomationService automations) {
        this.templates = templates;
        this.automations = automations;
    }

    /** All templates, broken ones included. */
    public List<Listed> list(Path ownFolder) {
        var listed = new ArrayList<Listed>();
        for (Provided<AutomationTemplate> template : templates.get())
            for (Entry entry : template.extension().entries())
                listed.add(new Listed(
                        entry,
                        template.pluginId(),
                        entry.folder()
                                .filter(folder -> folder.startsWith(ownFolder))
                                .isPresent()));
        return listed;
    }

    /**
     * Tries a template: has it write an automation for an example of each of its operations in each of its languages,
     * and rehearses what it wrote.
     *
     * @return what is wrong, empty if nothing is
     * @throws dev.understudy.core.problem.UserException if the sandbox is switched off
     */
    public List<Mistake> check(Listed template) throws InterruptedException {
        var mistakes = new ArrayList<Mistake>();
        for (Problem problem : template.entry().problems())
            mistakes.add(new Mistake(
                    problem.file().toString(), problem.line(), 1, problem.key(), problem.what(), "so it is left out"));
        for (Operation operation : template.entry().operations())
            for (ScriptLanguage language : operation.languages()) tryOut(template, operation, language, mistakes);
        return mistakes;
    }

    /**
     * What a template answers to a pattern.
     *
     * @param answer a draft, or why not
     */
    public record Tried(TaskPattern pattern, Answer answer) {}

    /** Asks a template about patterns. Left out are those of other types that it writes nothing for; nothing is kept. */
    public List<Tried> tryOn(Listed template, List<TaskPattern> patterns, ScriptLanguage language) {
        String name = template.entry().name();
        var tried = new ArrayList<Tried>();
        for (Provided<AutomationTemplate> provided : templates.get()) {
            if (!provided.pluginId().equals(template.pluginId())
                    || !provided.extension().entries().contains(template.entry())) continue;
            boolean alone = provided.extension().entries().size() == 1;
            for (TaskPattern pattern : patterns) {
                Answer answer = provided.extension().propose(pattern, new AutomationTemplate.Request(language));
                // One extension stands for all of a person's own templates, and a draft says which of them wrote it.
                boolean its = answer instanceof Answer.Draft draft
                        && (alone || draft.fileText().contains("template = \"" + name + "\""));
                boolean refused = answer instanceof Answer.NotMine && isOfItsTypes(template, pattern);
                if (its || refused) tried.add(new Tried(pattern, answer));
            }
        }
        return tried;
    }

    private static boolean isOfItsTypes(Listed template, TaskPattern pattern) {
        return template.entry().operations().stream()
                .flatMap(operation -> operation.taskTypes().stream())
                .anyMatch(type -> type.equals(pattern.taskType().strip().replaceAll("[\\s.:/-]+", "_")));
    }

    private void tryOut(Listed template, Operation operation, ScriptLanguage language, List<Mistake> mistakes)
            throws InterruptedException {
        Optional<TaskPattern> example = operation.example();
        if (example.isEmpty()) return;
        String file = template.entry()
                .folder()
                .map(Path::toString)
                .orElse(template.entry().name());
        for (Provided<AutomationTemplate> provided : templates.get()) {
            if (!provided.pluginId().equals(template.pluginId())
                    || !provided.extension().entries().contains(template.entry())) continue;
            Answer answer = provided.extension().propose(example.get(), new AutomationTemplate.Request(language));
            String place = "operation " + operation.id() + " in " + language.id();
            switch (answer) {
                case Answer.NotMine(String reason, double _) ->
                    mistakes.add(new Mistake(file, 1, 1, place, "writes nothing for an example: " + reason, "mend it"));
                case Answer.Draft draft -> {
                    // What is asked for in a language without a script comes in another, and is tried there.
                    if (draft.language() == language) rehearse(file, place, draft, mistakes);
                }
            }
        }
    }

    private void rehearse(String file, String place, Answer.Draft draft, List<Mistake> mistakes)
            throws InterruptedException {
        CheckResult checked = automations.rehearsals().check(file + " (" + place + ")", draft.fileText());
        mistakes.addAll(checked.mistakes());
        if (!checked.mistakes().isEmpty()) return;
        for (CaseResult result :
                automations.rehearsals().tryOut(draft.fileText()).cases())
            for (String problem : result.problems())
                mistakes.add(new Mistake(
                        file, 1, 1, place, "fails in the rehearsal of an example: " + problem, "mend its script"));
    }
}
