package dev.understudy.core.automation;

import dev.understudy.core.automation.AutomationStore.KeptAutomation;
import dev.understudy.core.automation.Decisions.Decided;
import dev.understudy.core.config.Config;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.AutomationTemplate.Answer;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Has templates write automations for patterns: which may, which does, and what became of it. Safe for use by several threads.
 */
public final class Drafter {
    private final Config config;
    private final AutomationStore store;
    private final Supplier<List<Provided<AutomationTemplate>>> templates;
    private final Set<String> problems = new LinkedHashSet<>();

    /** @param templates asked anew for each pattern, so that plugins may come and go */
    Drafter(Config config, AutomationStore store, Supplier<List<Provided<AutomationTemplate>>> templates) {
        this.config = config;
        this.store = store;
        this.templates = templates;
    }

    /** What became of a pattern. */
    public sealed interface Creation {
        /**
         * An automation was written for it, now or before.
         *
         * @param alternatives names of other templates that would write one for it, too
         */
        record Created(Automation automation, Change change, List<String> alternatives) implements Creation {
            public Created {
                alternatives = List.copyOf(alternatives);
            }
        }

        /** None was; {@code reason} is one line for people. */
        record Rejected(String patternId, String reason) implements Creation {}

        /** What is new about an automation. */
        enum Change {
            NEW,
            NEW_VERSION,
            NONE
        }
    }

    /** Has an automation written for a pattern, unless one is there or the pattern is not worth one. */
    public Creation create(TaskPattern pattern) {
        double potential = pattern.potential().total();
        double threshold = config.repetitiveTaskDetection().automationThreshold();
        if (potential < threshold) {
            boolean wouldDo = potential - pattern.potential().experience().part() >= threshold;
            return rejected(
                    pattern,
                    "its potential is below the threshold (automation_threshold)"
                            + (wouldDo ? " by what was decided about it and its like" : ""));
        }
        Optional<Decided> refused = store.decided().stream()
                .filter(each -> each.patternId().equals(pattern.id()) && each.restsAt(pattern.occurrences()))
                .findFirst();
        if (refused.isPresent())
            return rejected(
                    pattern,
                    "you rejected it " + refused.get().rejections() + " times; it is proposed again once it was seen "
                            + Decisions.occurrencesToGrow(refused.get().rejectedOccurrences()) + " times");
        return create(pattern, store.templateOf(pattern.id()), Choice.KEPT);
    }

    /**
     * As {@link #create(TaskPattern)}, by a template that a person chooses, however low the potential; one that another
     * template wrote and nobody has approved yet becomes a new version. It stays the one for this pattern.
     *
     * @param template its name, as {@link Creation.Created#alternatives} and {@link Automation#template} have it
     * @throws UserException if no template of this name would write one for the pattern
     */
    public Creation create(TaskPattern pattern, String template) {
        return create(pattern, Optional.of(template), Choice.MADE_NOW);
    }

    /** Who chose a template, and so whether another one may stand in for it. */
    private enum Choice {
        KEPT,
        MADE_NOW
    }

    /** What a template wrote, and the name that the automation will have it by. */
    private record Proposal(Provided<AutomationTemplate> template, Answer.Draft draft, String name) {}

    private Creation create(TaskPattern pattern, Optional<String> chosen, Choice choice) {
        String reason = "no template knows such a task";
        double relevance = -1;
        var proposals = new ArrayList<Proposal>();
        for (Provided<AutomationTemplate> template : templates.get()) {
            switch (ask(template, pattern)) {
                case Answer.Draft draft -> proposals.add(new Proposal(template, draft, nameOf(template, draft)));
                case Answer.NotMine no -> {
                    if (no.relevance() > relevance) {
                        relevance = no.relevance();
                        reason = no.reason();
                    }
                }
            }
        }
        Optional<Proposal> wanted = proposals.stream()
                .filter(proposal -> chosen.equals(Optional.of(proposal.name())))
                .findFirst();
        if (wanted.isEmpty() && choice == Choice.MADE_NOW)
            throw UserException.badInput(
                    "The template " + chosen.orElse("") + " writes nothing for this pattern",
                    proposals.isEmpty() ? reason : "those that do are " + String.join(", ", names(proposals)),
                    "'templates' lists them all");
        if (proposals.isEmpty()) return rejected(pattern, reason);
        Proposal proposal = wanted.orElse(proposals.getFirst());
        proposals.remove(proposal);
        return keep(pattern, proposal.template(), proposal.draft(), names(proposals));
    }

    private static List<String> names(List<Proposal> proposals) {
        return proposals.stream().map(Proposal::name).distinct().toList();
    }

    /** Own templates are many behind one extension, so the draft says which it is. */
    private String nameOf(Provided<AutomationTemplate> template, Answer.Draft draft) {
        return AutomationReader.check(template.name(), draft.fileText(), config.sandbox())
                .automation()
                .map(AutomationFile::template)
                .filter(name -> !name.isEmpty())
                .orElse(template.name());
    }

    /** Whether tasks of a pattern leave nothing behind that could be automated, as a template says. */
    public boolean looksOnly(TaskPattern pattern) {
        for (Provided<AutomationTemplate> template : templates.get()) {
            try {
                if (template.extension().looksOnly(pattern)) return true;
            } catch (RuntimeException | LinkageError e) {
                failed(template, e);
            }
        }
        return false;
    }

    /** The same of a single task. */
    public boolean looksOnly(Task task) {
        return looksOnly(new TaskPattern(
                task.id(),
                "one task",
                task.type(),
                1,
                task.timestamp(),
                task.timestamp(),
                task.duration(),
                1,
                task.parameters(),
                List.of(),
                AutomationPotential.of(1, task.duration(), Duration.ZERO),
                List.of(new TaskPattern.Observation(task, Map.of()))));
    }

    private Answer ask(Provided<AutomationTemplate> template, TaskPattern pattern) {
        var request = new AutomationTemplate.Request(config.automationCreation().language());
        try {
            return template.extension().propose(pattern, request);
        } catch (RuntimeException | LinkageError e) {
            return new Answer.NotMine(failed(template, e), 0);
        }
    }

    /** Notes that a template failed, and says so. */
    private String failed(Provided<AutomationTemplate> template, Throwable failure) {
        String cause =
                failure.getClass().getSimpleName() + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
        String said = "the template " + template.name() + " of the plugin " + template.pluginId() + " failed: "
                + cause.replaceAll("\\R+", " ");
        synchronized (problems) {
            problems.add(said);
        }
        return said;
    }

    /** Templates that failed since this was opened, one line each: what they would have said is missing. */
    public List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    private Creation keep(
            TaskPattern pattern, Provided<AutomationTemplate> template, Answer.Draft draft, List<String> alternatives) {
        AutomationFile file;
        try {
            file = AutomationFile.parse(template.name() + ":" + draft.id(), draft.fileText(), config.sandbox());
        } catch (UserException e) {
            return rejected(
                    pattern,
                    "the template " + template.name() + " of the plugin " + template.pluginId()
                            + " wrote a file with mistakes: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        KeptAutomation kept =
                store.keep(pattern, file, config.automationCreation().maxAutomations());
        Automation automation = kept.automation();
        if (automation == null)
            return rejected(
                    pattern,
                    "there are " + config.automationCreation().maxAutomations()
                            + " automations already (max_automations); retire one or raise the limit");
        return switch (kept.kept()) {
            case CREATED -> new Creation.Created(automation, Creation.Change.NEW, alternatives);
            case UPDATED -> new Creation.Created(automation, Creation.Change.NEW_VERSION, alternatives);
            case UNCHANGED -> new Creation.Created(automation, Creation.Change.NONE, alternatives);
            case RETIRED -> rejected(pattern, "you retired " + automation.id() + ", which was made for it");
            case TOO_MANY -> throw new IllegalStateException("an automation, but too many");
        };
    }

    private static Creation rejected(TaskPattern pattern, String reason) {
        return new Creation.Rejected(pattern.id(), reason);
    }

    /** The cases that a template writes for a pattern and that fit a file's parameters; those that it would be proposed by. */
    List<RehearsalCase> casesFor(AutomationFile file, TaskPattern pattern, Map<String, Object> values) {
        for (Provided<AutomationTemplate> template : templates.get()) {
            if (!(ask(template, pattern) instanceof Answer.Draft draft)) continue;
            List<RehearsalCase> cases = AutomationFile.parse(template.name(), draft.fileText(), config.sandbox())
                    .cases();
            return CaseRunner.with(values, cases).stream()
                    .filter(RehearsalCase::expected)
                    .filter(each -> file.takes(each.parameters()))
                    .toList();
        }
        return List.of();
    }
}
