package dev.understudy.core.advice;

import dev.understudy.core.automation.AdviceApplier;
import dev.understudy.core.automation.AdviceApplier.Application;
import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationFile;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.journal.Standing;
import dev.understudy.spi.performance.Recommendation;
import dev.understudy.spi.tuning.ParameterTarget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Follows advice about what Understudy runs or sets itself, and takes it back. Safe for use by several threads and processes.
 *
 * <p>Of an automation's script it makes a version; where the executor can do what is advised ({@code cache_results},
 * {@code circuit_breaker}), or the advice names settings ({@code set_configuration} with {@code setting} and {@code value}), it
 * writes a new version of the configuration; parameters of a target ({@code set_parameter} with {@code name} and {@code value})
 * go through the journal of parameters. What is applied counts as accepted from then on, so that it is measured.
 */
public final class AdviceService {
    private static final String PURPOSE = "recommendation ";
    private static final String AUTOMATION = "automation:";

    private final AdviceApplier scripts;
    private final AutomationService automations;
    private final AcceptedAdvice accepted;
    private final Optional<SettingChanges> settings;
    private final Supplier<ParameterJournal> journal;
    private final Supplier<List<ParameterTarget>> targets;
    private final Clock clock;

    /**
     * What it works on.
     *
     * @param configurationFile that settings are written to; empty where a program gives the configuration itself
     * @param targets of all plugins
     */
    public record Parts(
            AdviceApplier scripts,
            AutomationService automations,
            AcceptedAdvice accepted,
            Database database,
            DataHome home,
            Optional<Path> configurationFile,
            Supplier<ParameterJournal> journal,
            Supplier<List<ParameterTarget>> targets,
            Clock clock) {}

    public AdviceService(Parts parts) {
        scripts = parts.scripts();
        automations = parts.automations();
        accepted = parts.accepted();
        settings = parts.configurationFile()
                .map(file -> new SettingChanges(parts.database(), parts.home(), file, parts.clock()));
        journal = parts.journal();
        targets = parts.targets();
        clock = parts.clock();
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** An automation has a new version. */
        record Version(Application.NewVersion version) implements Outcome {}

        /**
         * The configuration has a new version, which holds for what starts from now on.
         *
         * @param version counts from 1
         * @param changes what is other in it, one line each
         */
        record Settings(long version, Path file, List<String> changes) implements Outcome {
            public Settings {
                changes = List.copyOf(changes);
            }
        }

        /**
         * Parameters of the machine or of a program are set and kept.
         *
         * @param changes what each holds now, and what before, one line each
         */
        record Parameters(List<String> names, List<String> changes) implements Outcome {
            public Parameters {
                names = List.copyOf(names);
                changes = List.copyOf(changes);
            }
        }

        /** Nothing was changed; {@code why} is one line for people. */
        record Left(String why) implements Outcome {}
    }

    /**
     * Applies a recommendation.
     *
     * @throws UserException if it was accepted or applied before and stands, or what it names cannot be set; nothing is changed
     *     then
     */
    public Outcome apply(Recommendation recommendation) throws InterruptedException {
        accepted.requireNew(recommendation.recommendationId());
        if (AdvisedSettings.isMeant(recommendation.specificChanges())) return configured(recommendation);
        if (AdvisedParameters.isMeant(recommendation.specificChanges())) return set(recommendation);
        return switch (scripts.apply(recommendation)) {
            case Application.NewVersion version -> new Outcome.Version(version);
            case Application.Left left -> byTheExecutor(recommendation, left);
        };
    }

    private Outcome configured(Recommendation recommendation) throws InterruptedException {
        Optional<Map<String, Object>> wanted = AdvisedSettings.of(recommendation.specificChanges());
        if (wanted.isEmpty()) return new Outcome.Left("it names no setting, or no value that one can have");
        for (String setting : wanted.get().keySet())
            if (!AdvisedSettings.isAllowed(setting))
                return new Outcome.Left("the setting " + setting + " is one that only a person changes");
        return write(recommendation, wanted.get());
    }

    private Outcome byTheExecutor(Recommendation recommendation, Application.Left left) throws InterruptedException {
        if (!recommendation.workflow().startsWith(AUTOMATION)) return new Outcome.Left(left.why());
        Automation automation = automations.get(recommendation.workflow().substring(AUTOMATION.length()));
        AutomationFile file = automations.deployed(automation).orElseGet(() -> automations.read(automation));
        AdvisedSettings.ForScript wanted = AdvisedSettings.of(file, recommendation.specificChanges());
        if (!wanted.why().isEmpty()) return new Outcome.Left(left.why() + ", and " + wanted.why());
        return write(recommendation, wanted.settings());
    }

    private Outcome write(Recommendation recommendation, Map<String, Object> wanted) throws InterruptedException {
        if (settings.isEmpty()) return new Outcome.Left("this program gives the configuration itself");
        Optional<Outcome.Settings> applied = settings.get().apply(recommendation.recommendationId(), wanted);
        if (applied.isEmpty()) return new Outcome.Left("the configuration says so already");
        accepted.accept(recommendation, clock.instant());
        return applied.get();
    }

    private Outcome set(Recommendation recommendation) throws InterruptedException {
        List<AdvisedParameters.Wanted> wanted = AdvisedParameters.of(recommendation.specificChanges(), targets.get());
        List<String> changes =
                AdvisedParameters.set(journal.get(), PURPOSE + recommendation.recommendationId(), wanted);
        if (changes.isEmpty()) return new Outcome.Left("all of it is set already");
        accepted.accept(recommendation, clock.instant());
        return new Outcome.Parameters(
                wanted.stream().map(AdvisedParameters.Wanted::name).toList(), changes);
    }

    /**
     * Takes back what a recommendation has set; what was run since counts for it, what runs from now on does not.
     *
     * @return what was taken back, one line each
     * @throws UserException if it has set nothing that stands, or somebody else has changed that since
     */
    public List<String> undo(String recommendationId) throws InterruptedException {
        var done = new ArrayList<String>();
        if (settings.isPresent()) done.addAll(settings.get().undo(recommendationId));
        if (done.isEmpty()) done.addAll(putBack(recommendationId));
        if (done.isEmpty())
            throw UserException.badInput(
                    "The recommendation " + recommendationId + " cannot be taken back",
                    "nothing that it has set stands",
                    "Versions of automations are taken back with 'automations rollback'");
        accepted.end(recommendationId, clock.instant());
        return done;
    }

    private List<String> putBack(String recommendationId) throws InterruptedException {
        ParameterJournal parameters = journal.get();
        var names = parameters.standing().stream()
                .filter(each -> each.purpose().equals(PURPOSE + recommendationId))
                .map(Standing::parameter)
                .collect(Collectors.toSet());
        if (names.isEmpty()) return List.of();
        return parameters.restore(names).stream().map(Restoration::text).toList();
    }
}
