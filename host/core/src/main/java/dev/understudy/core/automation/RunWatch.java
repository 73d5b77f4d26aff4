package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditLog.Entries;
import dev.understudy.core.automation.LifeListener.Kind;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.config.Config;
import dev.understudy.core.statistics.Comparison;
import dev.understudy.core.statistics.Comparison.Verdict;
import dev.understudy.core.statistics.SuccessDrop;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Looks, after each run, whether a version has got worse or an experiment has come to its end, and does what follows: rolls
 * back, suspends, deploys. All within the transaction that records the run, so that a crash leaves neither or both.
 */
final class RunWatch {
    private static final String BY = "understudy";
    private static final int LONGEST_WINDOW = Collections.max(SuccessDrop.WINDOWS);

    private final Config.AutomationCreation config;
    private final AutomationStore store;
    private final Deployments deployments;
    private final ExperimentStore experiments;

    RunWatch(
            Config.AutomationCreation config,
            AutomationStore store,
            Deployments deployments,
            ExperimentStore experiments) {
        this.config = config;
        this.store = store;
        this.deployments = deployments;
        this.experiments = experiments;
    }

    /** Looks at a version after a run of it was counted; what happened, if something did. */
    Optional<LifeEvent> look(Handle handle, Entries entries, String id, int version) {
        Automation automation = store.require(handle, id);
        if (!automation.state().runs()) return Optional.empty();
        Optional<Experiment> experiment = experiments.underWay(handle, id).filter(each -> armOf(each, version) != null);
        Optional<String> failing = config.autoRollback() ? failing(handle, id, version) : Optional.empty();
        if (experiment.isPresent()) return look(handle, entries, automation, experiment.get(), version, failing);
        boolean deployed = automation.deployedVersion().equals(Optional.of(version));
        return failing.filter(_ -> deployed).map(why -> takeBack(handle, entries, automation, version, why));
    }

    private static Experiment.@org.jspecify.annotations.Nullable Arm armOf(Experiment experiment, int version) {
        if (experiment.a().version() == version) return experiment.a();
        return experiment.b().version() == version ? experiment.b() : null;
    }

    /** Why a version counts as failing; empty if it does not. */
    private Optional<String> failing(Handle handle, String id, int version) {
        int row = config.maxFailuresInARow();
        RunStore.Watched watched = RunStore.watched(handle, id, version, Math.max(row, LONGEST_WINDOW));
        List<Boolean> last = watched.lastFailed();
        if (row > 0 && last.size() >= row && last.subList(0, row).stream().allMatch(failed -> failed))
            return Optional.of("its last " + row + " runs failed, one after the other (max_failures_in_a_row)");
        return SuccessDrop.look(
                        watched.runs(), watched.failures(), last.subList(0, Math.min(last.size(), LONGEST_WINDOW)))
                .map(RunWatch::describe);
    }

    private static String describe(SuccessDrop drop) {
        return String.format(
                Locale.ROOT,
                "%d of its last %d runs failed, but only %d of the %d before (Fisher's exact test: p = %.2g, allowed %.2g)",
                drop.windowFailures(),
                drop.window(),
                drop.earlierFailures(),
                drop.earlier(),
                drop.pValue(),
                drop.allowed());
    }

    private LifeEvent takeBack(Handle handle, Entries entries, Automation automation, int version, String why) {
        String id = automation.id();
        Optional<Integer> good = deployments.lastGood(handle, id, version);
        if (good.isPresent()) {
            deployments.rollBack(handle, entries, automation, good.get(), BY, why);
            return new LifeEvent(
                    Kind.ROLLED_BACK,
                    id,
                    id + " was rolled back from version " + version + " to " + good.get() + ": " + why);
        }
        deployments.stop(handle, entries, id, AutomationState.SUSPENDED, BY, why);
        return new LifeEvent(
                Kind.SUSPENDED, id, id + " was suspended, since it has no earlier version that was approved: " + why);
    }

    private Optional<LifeEvent> look(
            Handle handle,
            Entries entries,
            Automation automation,
            Experiment experiment,
            int version,
            Optional<String> failing) {
        if (failing.isPresent()) {
            boolean a = experiment.a().version() == version;
            return Optional.of(conclude(
                    handle,
                    entries,
                    automation,
                    experiment,
                    a ? Verdict.B_BETTER : Verdict.A_BETTER,
                    "version " + version + " was stopped early: " + failing.get()));
        }
        boolean full = experiment.a().runs().runs() >= experiment.runsEach()
                && experiment.b().runs().runs() >= experiment.runsEach();
        if (!full) return Optional.empty();
        var comparison = Comparison.of(experiment.a().runs(), experiment.b().runs());
        return Optional.of(conclude(
                handle, entries, automation, experiment, comparison.verdict(), describe(experiment, comparison)));
    }

    private static String describe(Experiment experiment, Comparison comparison) {
        int runsA = experiment.a().runs().runs();
        int runsB = experiment.b().runs().runs();
        int goodA = experiment.a().runs().goodMillis().size();
        int goodB = experiment.b().runs().goodMillis().size();
        return String.format(
                Locale.ROOT,
                "%d of %d against %d of %d runs succeeded (Fisher's exact test: p = %.2g); version %d was faster in %.0f %% of"
                        + " pairs (rank sum test: p = %.2g)",
                goodA,
                runsA,
                goodB,
                runsB,
                comparison.successPValue(),
                experiment.a().version(),
                comparison.shareAFaster() * 100,
                comparison.durationPValue());
    }

    private LifeEvent conclude(
            Handle handle,
            Entries entries,
            Automation automation,
            Experiment experiment,
            Verdict verdict,
            String reason) {
        String id = automation.id();
        int a = experiment.a().version();
        int b = experiment.b().version();
        experiments.end(handle, entries, experiment, verdict, reason, BY);
        int winner = verdict == Verdict.B_BETTER ? b : a;
        if (!automation.deployedVersion().equals(Optional.of(winner))) {
            AutomationState state =
                    winner == automation.version() ? AutomationState.DEPLOYED : AutomationState.ROLLED_BACK;
            deployments.setDeployed(handle, entries, id, winner, state, BY);
        }
        String said = switch (verdict) {
            case A_BETTER -> "version " + a + " is better than " + b;
            case B_BETTER -> "version " + b + " is better than " + a;
            case NO_DIFFERENCE -> "no difference was found between versions " + a + " and " + b;
        };
        return new LifeEvent(
                Kind.EXPERIMENT_ENDED,
                id,
                "The experiment with " + id + " has ended: " + said + "; version " + winner + " runs. " + reason);
    }
}
