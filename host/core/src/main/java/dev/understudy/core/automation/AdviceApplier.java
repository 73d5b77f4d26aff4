package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.performance.AcceptedAdvice;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.statistics.Comparison;
import dev.understudy.spi.performance.Recommendation;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Makes the changes that advice names where Understudy itself runs what is advised: a new version of an automation, which is
 * rehearsed, and compared with the one that runs if that is so. Safe for use by several threads.
 */
public final class AdviceApplier {
    private final AutomationService automations;
    private final AcceptedAdvice accepted;
    private final Config config;
    private final Clock clock;

    /** @param accepted hears what is compared, and from when on */
    public AdviceApplier(AutomationService automations, AcceptedAdvice accepted, Config config, Clock clock) {
        this.automations = automations;
        this.accepted = accepted;
        this.config = config;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Application {
        /**
         * A new version was made and rehearsed.
         *
         * @param automation as it is kept now
         * @param changes what is other in it, one line each
         * @param comparison with the version that runs; empty if none does, or the rehearsal failed
         */
        record NewVersion(
                Automation automation, List<String> changes, RehearsalResult rehearsal, Optional<Experiment> comparison)
                implements Application {
            public NewVersion {
                changes = List.copyOf(changes);
            }
        }

        /** Nothing was changed, since Understudy does not run what is advised; {@code why} is one line for people. */
        record Left(String why) implements Application {}
    }

    /**
     * Applies a recommendation.
     *
     * @throws UserException if it was accepted or applied before, or its automation is in an experiment
     */
    public Application apply(Recommendation recommendation) throws InterruptedException {
        accepted.requireNew(recommendation.recommendationId());
        if (!recommendation.workflow().startsWith(RunTimings.PREFIX))
            return new Application.Left("the workflow " + recommendation.workflow()
                    + " is not run by Understudy, which only knows its record");
        String id = recommendation.workflow().substring(RunTimings.PREFIX.length());
        Automation automation = automations.get(id);
        requireNoExperiment(id);
        AutomationFile file = automations.deployed(automation).orElseGet(() -> automations.read(automation));
        Optional<AdvisedScript.Edited> edited =
                AdvisedScript.of(file, recommendation.specificChanges(), config.sandbox());
        if (edited.isEmpty())
            return new Application.Left("the metadata of " + id + " cannot say this, so its script must be changed");
        Automation changed = automations.life().addVersion(id, id, edited.get().text());
        RehearsalResult rehearsal = automations.rehearsals().rehearse(id);
        Automation now = automations.get(id);
        boolean compares = automation.state().runs()
                && now.rehearsal().filter(Automation.RehearsalScore::deployable).isPresent();
        Optional<Experiment> comparison = Optional.empty();
        if (compares) {
            int runs = automation.deployedVersion().orElseThrow();
            Experiment experiment =
                    automations.experiments().start(id, runs, changed.version(), Comparison.DEFAULT_RUNS);
            accepted.acceptCompared(recommendation, clock.instant(), experiment.id());
            comparison = Optional.of(experiment);
        }
        return new Application.NewVersion(automations.get(id), edited.get().changes(), rehearsal, comparison);
    }

    private void requireNoExperiment(String id) {
        if (automations
                .experiments()
                .latest(id)
                .filter(each -> each.end().isEmpty())
                .isPresent())
            throw UserException.notAllowed(
                    "The recommendation cannot be applied",
                    "two versions of " + id + " are compared already",
                    "'automations ab " + id + "' shows it, '--stop' ends it");
    }
}
