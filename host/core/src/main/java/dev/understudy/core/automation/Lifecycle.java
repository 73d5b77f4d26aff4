package dev.understudy.core.automation;

import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.automation.Automation.RehearsalScore;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.config.Config;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What becomes of automations: approved, paused, suspended, rolled back, given up. Nothing runs for real but what is approved
 * here, exactly as it was approved. Safe for use by several threads and processes.
 */
public final class Lifecycle {
    private final Config config;
    private final AuditLog audit;
    private final AutomationStore store;
    private final RunStore runs;
    private final Deployments deployments;
    private final Consumer<LifeEvent> events;
    private final Clock clock;

    /** @param events hears of what happens without a person */
    Lifecycle(
            Config config,
            AuditLog audit,
            AutomationStore store,
            RunStore runs,
            Deployments deployments,
            Consumer<LifeEvent> events,
            Clock clock) {
        this.config = config;
        this.audit = audit;
        this.store = store;
        this.runs = runs;
        this.deployments = deployments;
        this.events = events;
        this.clock = clock;
    }

    /** Deploys what a rehearsal has shown to be good enough for it, where automatic deployment is on. */
    void rehearsed(Automation automation, AutomationFile file, RehearsalResult result) {
        boolean proposed = store.authorOf(automation.id(), automation.version()) == AutomationVersion.Author.PROGRAM;
        if (config.automationCreation().autoDeploy()
                && !proposed
                && result.heldOut().allReproduced()
                && result.compared().any()
                && deservesDeployment(store.get(automation.id()))) autoDeploy(automation, file, result);
    }

    private void autoDeploy(Automation automation, AutomationFile file, RehearsalResult result) {
        String by = "auto_deploy, from a success rate of "
                + config.automationCreation().autoDeployThreshold() + " in rehearsal";
        String said = automation.id() + " was deployed by itself (auto_deploy): its rehearsal passed " + result.passed()
                + " of " + result.total() + " cases";
        audit.write((handle, entries) -> {
            deployments.deploy(handle, entries, automation.id(), automation.sha256(), by, Deployments.granted(file));
            runs.addNotice(handle, automation.id(), said);
            return true;
        });
        events.accept(new LifeEvent(LifeListener.Kind.DEPLOYED, automation.id(), said));
    }

    private boolean deservesDeployment(Automation automation) {
        boolean waits = automation.state() == AutomationState.REHEARSED || automation.state() == AutomationState.DRAFT;
        return waits
                && newest(automation).triggers().unsourced().isEmpty()
                && automation.rehearsal().filter(RehearsalScore::deployable).isPresent();
    }

    /**
     * Deploys the newest version, and so grants what it asks for.
     *
     * @throws UserException if fewer cases of its rehearsal passed at this version than {@code auto_deploy_threshold} asks
     *     for ({@code NOT_ALLOWED})
     */
    public Automation approve(String id, Actor actor) {
        Automation automation = store.adoptEdit(id);
        if (automation.state() == AutomationState.RETIRED) throw AutomationStore.retired(id);
        Deployments.requireRehearsed(config, id, automation.version(), automation.rehearsal());
        AutomationFile file = newest(automation);
        Deployments.requireSameId(automation, file);
        requireTriggerSources(file);
        return audit.write((handle, entries) -> {
            AutomationStore.noteApproval(handle, id);
            return deployments.deploy(handle, entries, id, automation.sha256(), actor.by(), Deployments.granted(file));
        });
    }

    /**
     * Deploys a version that need not be the newest, and so grants what it asks for.
     *
     * @throws UserException if there is no such version, or fewer cases of its rehearsal passed than
     *     {@code auto_deploy_threshold} asks for ({@code NOT_ALLOWED})
     */
    public Automation approve(String id, int version, Actor actor) {
        Automation automation = store.adoptEdit(id);
        if (version == automation.version()) return approve(id, actor);
        if (automation.state() == AutomationState.RETIRED) throw AutomationStore.retired(id);
        Deployments.requireRehearsed(
                config, id, version, store.version(id, version).rehearsal());
        AutomationFile file = store.read(id, version, config.sandbox());
        requireTriggerSources(file);
        return audit.write((handle, entries) -> {
            AutomationStore.noteApproval(handle, id);
            return deployments.deploy(handle, entries, id, version, actor.by(), Deployments.granted(file));
        });
    }

    /**
     * Puts away an automation that was proposed and is not wanted so. Its pattern is proposed once more; rejected a second time,
     * not before its evidence has grown.
     *
     * @throws UserException if it is no proposal ({@code NOT_ALLOWED})
     */
    public Automation reject(String id, Actor actor) {
        store.get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            boolean waits =
                    automation.state() == AutomationState.DRAFT || automation.state() == AutomationState.REHEARSED;
            if (!waits)
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rejected",
                        "it is " + automation.state().id() + ", so it is no proposal",
                        "'automations suspend " + id + "' stops one that runs, 'automations retire " + id
                                + "' gives it up");
            deployments.stop(handle, entries, id, AutomationState.REJECTED, actor.by(), actor.reason());
            AutomationStore.noteRejection(handle, id);
            return store.require(handle, id);
        });
    }

    /** Automations whose triggers fire nothing, since a person has stopped them, with the moment. */
    public Map<String, Instant> pausedTriggers() {
        return store.pausedTriggers();
    }

    /** Has the triggers of an automation fire nothing until they are resumed; by hand it runs all the same. */
    public Automation pauseTriggers(String id, Actor actor) {
        return audit.write((handle, entries) -> {
            if (store.pauseTriggers(handle, id, clock.instant()))
                entries.add(AuditKind.TRIGGERS_PAUSED, id, Map.of("by", actor.by()));
            return store.require(handle, id);
        });
    }

    /** Has the triggers of an automation fire again; what came meanwhile is not made up for. */
    public Automation resumeTriggers(String id, Actor actor) {
        return audit.write((handle, entries) -> {
            if (store.pauseTriggers(handle, id, null))
                entries.add(AuditKind.TRIGGERS_RESUMED, id, Map.of("by", actor.by()));
            return store.require(handle, id);
        });
    }

    /** What people decided about automations, to be applied to patterns. */
    public Decisions decisions() {
        return new Decisions(store.decided());
    }

    private AutomationFile newest(Automation automation) {
        return AutomationFile.load(automation.file(), config.sandbox());
    }

    /** A trigger that cannot give a parameter its value would fire for nothing, forever. */
    private static void requireTriggerSources(AutomationFile file) {
        List<Mistake> unsourced = file.triggers().unsourced();
        if (!unsourced.isEmpty()) throw UserException.badInput(unsourced);
    }

    /** Stops a deployed automation until it is approved again. */
    public Automation suspend(String id, Actor actor) {
        Automation automation = store.get(id);
        if (!automation.state().runs())
            throw UserException.notAllowed(
                    "The automation " + id + " cannot be suspended",
                    "it is " + automation.state().id() + ", so it does not run",
                    "Nothing is to be done");
        return stop(id, AutomationState.SUSPENDED, actor);
    }

    private Automation stop(String id, AutomationState state, Actor actor) {
        return audit.write((handle, entries) -> {
            deployments.stop(handle, entries, id, state, actor.by(), actor.reason());
            return store.require(handle, id);
        });
    }

    /** Has a deployed automation run at its last earlier version that was approved and was not found bad since. */
    public Automation rollBack(String id, Actor actor) {
        store.get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            int to = deployments
                    .lastGood(handle, id, automation.deployedVersion().orElse(0))
                    .orElseThrow(() -> UserException.notAllowed(
                            "The automation " + id + " cannot be rolled back",
                            "no earlier version of it was approved, or each was found bad",
                            "'automations suspend " + id + "' stops it"));
            deployments.rollBack(handle, entries, automation, to, actor.by(), actor.reason());
            return store.require(handle, id);
        });
    }

    /**
     * Has a deployed automation run at another version that was approved once.
     *
     * @throws UserException if there is no such version, it was never approved, or it runs already
     */
    public Automation rollBack(String id, int version, Actor actor) {
        store.get(id);
        return audit.write((handle, entries) -> {
            Automation automation = store.require(handle, id);
            if (automation.state() == AutomationState.RETIRED) throw AutomationStore.retired(id);
            AutomationVersion target = store.version(handle, id, version);
            if (target.approved().isEmpty())
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rolled back to version " + version,
                        "this version was never approved",
                        "'automations show " + id + " --versions' tells which were");
            if (automation.state().runs() && automation.deployedVersion().equals(Optional.of(version)))
                throw UserException.notAllowed(
                        "The automation " + id + " cannot be rolled back to version " + version,
                        "it runs at this version already",
                        "Nothing is to be done");
            deployments.rollBack(handle, entries, automation, version, actor.by(), actor.reason());
            return store.require(handle, id);
        });
    }

    /** Gives an automation up for good; its pattern gets no new one. */
    public Automation retire(String id, Actor actor) {
        return stop(store.get(id).id(), AutomationState.RETIRED, actor);
    }

    /**
     * Makes a new version of a text that a person wrote, unless it is that of the newest one. It does not run before it is
     * approved.
     *
     * @param name of the text, for messages
     * @throws UserException with every mistake of its metadata; nothing is kept then
     */
    public Automation addVersion(String id, String name, String text) {
        Automation automation = store.adoptEdit(id);
        if (automation.state() == AutomationState.RETIRED) throw AutomationStore.retired(id);
        AutomationFile file = AutomationFile.parse(name, text, config.sandbox());
        Deployments.requireSameId(automation, file);
        return store.addEdited(id, file.language(), text);
    }
}
