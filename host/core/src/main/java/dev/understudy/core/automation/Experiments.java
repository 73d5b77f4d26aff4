package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.statistics.Comparison;
import dev.understudy.core.store.Database;
import java.util.Optional;

/** Experiments with two versions of an automation. Safe for use by several threads and processes. */
public final class Experiments {
    /** So that no run of an experiment under way is forgotten before its end. */
    private static final int MAX_RUNS_EACH = 400;

    private final Config config;
    private final Database database;
    private final AuditLog audit;
    private final AutomationStore store;
    private final ExperimentStore experimentStore;
    private final Deployments deployments;

    Experiments(
            Config config,
            Database database,
            AuditLog audit,
            AutomationStore store,
            ExperimentStore experimentStore,
            Deployments deployments) {
        this.config = config;
        this.database = database;
        this.audit = audit;
        this.store = store;
        this.experimentStore = experimentStore;
        this.deployments = deployments;
    }

    /**
     * Has two versions run on alternate runs until each has had so many, and then deploys the better one, or the first if no
     * difference shows. It is an approval of both.
     *
     * @param runsEach from {@link Comparison#MIN_RUNS} to {@value #MAX_RUNS_EACH}
     * @throws UserException if the automation does not run, or a version has not passed its rehearsal
     */
    public Experiment start(String id, int versionA, int versionB, int runsEach) {
        Automation automation = store.adoptEdit(id);
        if (runsEach < Comparison.MIN_RUNS || runsEach > MAX_RUNS_EACH)
            throw UserException.badInput(
                    "No experiment was started",
                    "it needs from " + Comparison.MIN_RUNS + " to " + MAX_RUNS_EACH + " runs of each version, not "
                            + runsEach,
                    "Choose another number with --runs");
        if (versionA == versionB)
            throw UserException.badInput(
                    "No experiment was started", "it needs two different versions", "Name two with --versions");
        if (!automation.state().runs()
                || automation.deployedVersion().filter(it -> it == versionA).isEmpty())
            throw UserException.notAllowed(
                    "No experiment was started",
                    "the first version must be the one that runs, and "
                            + automation
                                    .deployedVersion()
                                    .filter(_ -> automation.state().runs())
                                    .map(it -> "that is version " + it)
                                    .orElse(id + " is " + automation.state().id()),
                    "'automations show " + id + " --versions' lists them");
        AutomationVersion b = database.read(handle -> store.version(handle, id, versionB));
        Deployments.requireRehearsed(config, id, versionB, b.rehearsal());
        AutomationFile file = AutomationFile.parse(b.file().toString(), store.script(id, versionB), config.sandbox());
        Deployments.requireSameId(automation, file);
        return audit.write((handle, entries) -> {
            experimentStore.start(handle, entries, id, versionA, versionB, runsEach, Actor.PERSON.by());
            deployments.approve(handle, entries, id, versionB, Actor.PERSON.by(), Deployments.granted(file));
            Deployments.resetWatch(handle, id, versionB);
            return experimentStore.underWay(handle, id).orElseThrow();
        });
    }

    /** The latest experiment with an automation, under way or not. */
    public Optional<Experiment> latest(String id) {
        automation(id);
        return database.read(handle -> experimentStore.latest(handle, id));
    }

    /** Ends the experiment under way without a verdict; the deployed version goes on. */
    public Optional<Experiment> stop(String id) {
        automation(id);
        return audit.write((handle, entries) -> {
            experimentStore.stop(handle, entries, id, "stopped by hand", Actor.PERSON.by());
            return experimentStore.latest(handle, id);
        });
    }

    private Automation automation(String id) {
        return store.get(id);
    }
}
