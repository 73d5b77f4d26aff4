package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog.Entries;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which version of an automation runs: the steps of its life, each within the caller's transaction, each in the log. */
final class Deployments {
    private final AutomationStore store;
    private final ExperimentStore experiments;
    private final Clock clock;

    Deployments(AutomationStore store, ExperimentStore experiments, Clock clock) {
        this.store = store;
        this.experiments = experiments;
        this.clock = clock;
    }

    /**
     * Approves and deploys the newest version, if it is still the one that was looked at.
     *
     * @param by who approves
     * @param granted what the version may touch, for the log
     */
    Automation deploy(Handle handle, Entries entries, String id, String sha256, String by, Map<String, ?> granted) {
        Automation automation = store.require(handle, id);
        if (!automation.sha256().equals(sha256))
            throw UserException.failed(
                    "The automation " + id + " was not approved",
                    "another process has changed it meanwhile",
                    "Look at it and approve it again");
        return deploy(handle, entries, id, automation.version(), by, granted);
    }

    /**
     * Approves and deploys a version.
     *
     * @param by who approves
     * @param granted what the version may touch, for the log
     */
    Automation deploy(Handle handle, Entries entries, String id, int version, String by, Map<String, ?> granted) {
        experiments.stop(handle, entries, id, "version " + version + " was approved meanwhile", by);
        approve(handle, entries, id, version, by, granted);
        setDeployed(handle, entries, id, version, AutomationState.DEPLOYED, by);
        return store.require(handle, id);
    }

    /** Notes that a version was approved. */
    void approve(Handle handle, Entries entries, String id, int version, String by, Map<String, ?> granted) {
        handle.execute(
                "UPDATE automation_version SET approved_at = ?, rolled_back_at = NULL"
                        + " WHERE automation_id = ? AND version = ?",
                clock.millis(),
                id,
                version);
        AutomationVersion approved = store.version(handle, id, version);
        var details = new LinkedHashMap<String, Object>();
        details.put("version", version);
        details.put("sha256", approved.sha256());
        details.put("by", by);
        Proposals.proposerOf(handle, id, version).ifPresent(proposer -> details.put("proposedBy", proposer));
        approved.rehearsal().ifPresent(score -> details.put("rehearsal", score.passed() + " of " + score.total()));
        entries.add(AuditKind.APPROVED, id, details);
        var grant = new LinkedHashMap<String, Object>(granted);
        grant.put("version", version);
        entries.add(AuditKind.GRANTED, id, grant);
    }

    /** Has a version run from now on; its success rate is watched from the start. */
    void setDeployed(Handle handle, Entries entries, String id, int version, AutomationState state, String by) {
        handle.execute("UPDATE automation SET state = ?, deployed_version = ? WHERE id = ?", state.id(), version, id);
        resetWatch(handle, id, version);
        if (state == AutomationState.DEPLOYED)
            entries.add(AuditKind.DEPLOYED, id, Map.of("version", version, "by", by));
    }

    static void resetWatch(Handle handle, String id, int version) {
        handle.execute(
                "UPDATE automation_version SET rolled_back_at = NULL, watched_runs = 0, watched_failures = 0"
                        + " WHERE automation_id = ? AND version = ?",
                id,
                version);
    }

    /** Changes the state to one in which nothing runs. */
    void stop(Handle handle, Entries entries, String id, AutomationState state, String by, String reason) {
        experiments.stop(handle, entries, id, "the automation was " + state.id() + " meanwhile", by);
        handle.execute("UPDATE automation SET state = ? WHERE id = ?", state.id(), id);
        AuditKind kind = switch (state) {
            case RETIRED -> AuditKind.RETIRED;
            case REJECTED -> AuditKind.REJECTED;
            case SUSPENDED -> AuditKind.SUSPENDED;
            case DRAFT, REHEARSED, DEPLOYED, ROLLED_BACK ->
                throw new IllegalArgumentException(state + " stops nothing");
        };
        entries.add(kind, id, Map.of("by", by, "reason", reason));
    }

    /** The latest version before another one that was approved and not found bad since. */
    Optional<Integer> lastGood(Handle handle, String id, int before) {
        return handle.createQuery("SELECT version FROM automation_version WHERE automation_id = ? AND version < ?"
                        + " AND approved_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY version DESC LIMIT 1")
                .bind(0, id)
                .bind(1, before)
                .mapTo(Integer.class)
                .findOne();
    }

    /** Has another version run in place of the deployed one, which counts as bad from now on. */
    void rollBack(Handle handle, Entries entries, Automation automation, int to, String by, String reason) {
        String id = automation.id();
        int from = automation.deployedVersion().orElse(0);
        experiments.stop(handle, entries, id, "the automation was rolled back meanwhile", by);
        handle.execute(
                "UPDATE automation_version SET rolled_back_at = ? WHERE automation_id = ? AND version = ?",
                clock.millis(),
                id,
                from);
        AutomationState state = to == automation.version() ? AutomationState.DEPLOYED : AutomationState.ROLLED_BACK;
        setDeployed(handle, entries, id, to, state, by);
        entries.add(AuditKind.ROLLED_BACK, id, Map.of("from", from, "to", to, "by", by, "reason", reason));
    }

    /** Refuses what too few cases of its rehearsal speak for, where one is asked for. */
    static void requireRehearsed(Config config, String id, int version, Optional<Automation.RehearsalScore> rehearsal) {
        if (!config.automationCreation().testBeforeDeploy()
                || rehearsal.filter(Automation.RehearsalScore::deployable).isPresent()) return;
        String why = rehearsal
                .map(score -> score.total() == 0
                        ? "its rehearsal had no case that shows anything"
                        : "its rehearsal passed " + score.passed() + " of " + score.total() + " cases, "
                                + score.verdict())
                .orElse("version " + version + " has not been rehearsed");
        throw UserException.notAllowed(
                "The automation " + id + " cannot be approved", why, "'rehearse " + id + "' shows what it does");
    }

    /** What approving a file lets it touch, for the log. */
    static Map<String, Object> granted(AutomationFile file) {
        GrantTemplates grants = file.grants();
        return Map.of(
                "isolation", file.isolation().id(),
                "reads", grants.reads(),
                "writes", grants.writes(),
                "hosts", grants.hosts(),
                "programs", grants.programs(),
                "secrets", grants.secrets());
    }

    static void requireSameId(Automation automation, AutomationFile file) {
        if (!file.id().equals(automation.id()))
            throw UserException.badInput(
                    "The automation " + automation.id() + " cannot be rehearsed",
                    "its file now says id = \"" + file.id() + "\"",
                    "Give it its id back");
    }
}
