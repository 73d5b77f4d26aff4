package dev.understudy.core.triggers;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Dispatcher.Answer;
import dev.understudy.core.triggers.Dispatcher.Merge;
import dev.understudy.core.triggers.Trigger.Missed;
import dev.understudy.core.triggers.TriggerStore.Begun;
import dev.understudy.core.triggers.TriggerStore.Progress;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All triggers of all automations that may run. Cron is driven from outside by {@link #tick}; files, webhooks and runs
 * have threads of their own. Safe for use by several threads.
 */
public final class TriggerHost implements AutoCloseable {
    private static final String CRON = "cron ";

    /** What ends the host each time it is run is not to end it for ever. */
    private static final int MAX_BEGUN = 2;

    private final TriggerStore store;
    private final TriggerListener listener;
    private final Settings settings;
    private final InstantSource clock;
    private final Provenance provenance = new Provenance();
    private final Dispatcher dispatcher;
    private final FileTriggers files;
    private final HookTokens tokens;
    /** What an earlier host had begun: taken before this one can begin anything. */
    private final List<Begun> leftBehind;

    private final Map<String, Active> active = new LinkedHashMap<>();
    private @Nullable WebhookServer webhooks;
    private String webhookProblem = "";
    private volatile Predicate<String> cronElsewhere = _ -> false;

    /**
     * What is configured.
     *
     * @param userHome what {@code ~} stands for
     * @param zone of cron expressions that name none
     * @param webhookPort on the loopback interface; 0 for any
     * @param tokens folder of the webhooks' tokens
     * @param maxRuns how many triggered runs are under way at once
     */
    public record Settings(Path userHome, ZoneId zone, int webhookPort, Path tokens, int maxRuns) {}

    /** An automation that may run. */
    public interface Deployed {
        Triggers triggers();

        /** Why these parameters do not fit; empty if they do. */
        Optional<String> misfit(Map<String, String> parameters);
    }

    private record Active(Deployed deployed, List<Cron> cron, List<OnTask> tasks, Optional<String> token) {}

    private record Cron(Trigger.Cron trigger, Schedule schedule) {}

    private record OnTask(TaskMatch match, Instant since) {}

    /** @param starter starts the run of a firing */
    public TriggerHost(
            TriggerStore store,
            Dispatcher.Starter starter,
            TriggerListener listener,
            Settings settings,
            InstantSource clock) {
        this.store = store;
        this.listener = listener;
        this.settings = settings;
        this.clock = clock;
        leftBehind = store.begun();
        tokens = new HookTokens(settings.tokens());
        dispatcher = new Dispatcher(store, starter, new Recording(), clock, settings.maxRuns());
        try {
            files = new FileTriggers(store, dispatcher, provenance, listener, settings.userHome(), clock);
        } catch (IOException e) {
            throw UserException.failed(
                    "Files cannot be watched",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Raise the limit of inotify instances (fs.inotify.max_user_instances)",
                    e);
        }
    }

    /** Has these automations' triggers fire, and no others. What is the same as before goes on undisturbed. */
    public synchronized void deploy(Map<String, ? extends Deployed> automations) {
        Instant now = clock.instant();
        var next = new LinkedHashMap<String, Active>();
        automations.forEach((id, deployed) -> {
            Active before = active.get(id);
            if (before != null && before.deployed.triggers().equals(deployed.triggers()))
                next.put(id, new Active(deployed, before.cron, before.tasks, before.token));
            else next.put(id, activate(id, deployed, now));
        });
        // Who was stopped meanwhile has missed nothing.
        store.forgetAllButAutomations(next.keySet());
        active.clear();
        active.putAll(next);
        var overlaps = new LinkedHashMap<String, Overlap>();
        var triggers = new LinkedHashMap<String, Triggers>();
        next.forEach((id, each) -> {
            overlaps.put(id, each.deployed.triggers().overlap());
            triggers.put(id, each.deployed.triggers());
        });
        dispatcher.allow(overlaps);
        files.watch(triggers);
        serveWebhooks();
    }

    private Active activate(String id, Deployed deployed, Instant now) {
        var keys = new java.util.HashSet<String>();
        var cron = new ArrayList<Cron>();
        var tasks = new ArrayList<OnTask>();
        Optional<String> token = Optional.empty();
        for (Trigger trigger : deployed.triggers().all()) {
            keys.add(trigger.key());
            switch (trigger) {
                case Trigger.Cron each -> cron.add(new Cron(each, schedule(id, each, now)));
                case Trigger.TaskRecorded each -> tasks.add(new OnTask(new TaskMatch(each), now));
                case Trigger.Webhook _ -> token = Optional.of(tokens.token(id));
                case Trigger.FileChange _ -> {}
            }
        }
        store.forgetAllBut(id, keys);
        return new Active(deployed, cron, tasks, token);
    }

    private Schedule schedule(String id, Trigger.Cron trigger, Instant now) {
        Optional<Instant> handled = store.handledUntil(id, trigger.key());
        if (handled.isEmpty()) store.remember(id, new Progress.Until(trigger.key(), now));
        return new Schedule(trigger, settings.zone(), handled.orElse(now));
    }

    /**
     * Takes up what a host that died had recorded and not begun, and what it had begun and did not end. To be called once,
     * after the first {@link #deploy}.
     */
    public synchronized void resume(Fate.Teller fates) {
        for (Begun begun : leftBehind) {
            switch (fates.of(begun.firing(), begun.runId())) {
                case Fate.NotBegun _ -> store.waitAgain(begun.firing().id(), "");
                case Fate.Untouched _
                when begun.times() < MAX_BEGUN -> {
                    store.waitAgain(begun.firing().id(), begun.runId());
                    listener.repeats(begun.firing(), begun.runId());
                }
                case Fate.Untouched _ ->
                    interrupted(begun, "it has changed nothing, but was cut short for the second time");
                case Fate.CutShort _ -> interrupted(begun, "it may have changed something");
                case Fate.Ended ended -> end(begun, ended.state(), ended.note());
            }
        }
        dispatcher.resume(this::isLate);
    }

    private void interrupted(Begun begun, String why) {
        end(
                begun,
                FiringState.INTERRUPTED,
                "the host died meanwhile; it is not repeated, since " + why + "; see 'runs --interrupted'");
    }

    private void end(Begun begun, FiringState state, String note) {
        store.end(begun.firing(), state, note, begun.runId(), clock.instant());
        listener.ended(begun.firing(), state, note, null);
    }

    private boolean isLate(Firing firing) {
        Active each = active.get(firing.automationId());
        return each != null
                && firing.cause().startsWith(CRON)
                // Its run had begun in time.
                && firing.repeats().isEmpty()
                && firing.at().isBefore(clock.instant().minus(Schedule.ON_TIME))
                && each.cron.stream().allMatch(cron -> cron.trigger.missed() == Missed.SKIP);
    }

    /** Leaves the cron triggers of some automations to others, who fire them. */
    public void leaveCron(Predicate<String> toOthers) {
        cronElsewhere = toOthers;
    }

    /** Fires what cron has due. */
    public synchronized void tick() {
        Instant now = clock.instant();
        active.forEach((id, each) -> {
            for (Cron cron : each.cron) {
                Schedule.Due due = cron.schedule.due(now);
                String key = cron.trigger.key();
                if (cronElsewhere.test(id)) {
                    if (!due.fire().isEmpty()) store.remember(id, new Progress.Until(key, now));
                    continue;
                }
                if (due.leftOut()) {
                    listener.missed(id, key);
                    store.record(
                            id,
                            "missed " + key + Firing.DETAIL + now,
                            Map.of(),
                            FiringState.SKIPPED,
                            "missed while the host was down or the machine slept",
                            now,
                            Set.of(id),
                            new Progress.None());
                    if (due.fire().isEmpty()) store.remember(id, new Progress.Until(key, now));
                }
                Merge merge = due.fire().size() > 1 ? Merge.NEVER : Merge.SAME_PARAMETERS;
                for (Instant time : due.fire())
                    // Two expressions of one automation that meet in an instant fire once.
                    dispatcher.fire(id, CRON + time, Map.of(), merge, Set.of(id), new Progress.Until(key, time));
            }
        });
    }

    /** When each cron trigger is due next, by automation and key; those that never are, are left out. */
    public synchronized Map<String, Map<String, Instant>> nextFirings() {
        var firings = new LinkedHashMap<String, Map<String, Instant>>();
        active.forEach((id, each) -> {
            for (Cron cron : each.cron)
                cron.schedule
                        .next()
                        .ifPresent(next -> firings.computeIfAbsent(id, _ -> new LinkedHashMap<>())
                                .put(cron.trigger.key(), next));
        });
        return firings;
    }

    /** When cron is due next; empty if never. */
    public synchronized Optional<Instant> next() {
        return active.values().stream()
                .flatMap(each -> each.cron.stream())
                .flatMap(cron -> cron.schedule.next().stream())
                .min(java.util.Comparator.naturalOrder());
    }

    /** Fires for a task that was recorded, if it ended after its trigger was deployed: an old history fires nothing. */
    public synchronized void recorded(Task task) {
        Instant ended = task.timestamp().plus(task.duration());
        active.forEach((id, each) -> {
            for (OnTask onTask : each.tasks) {
                if (ended.isBefore(onTask.since)) continue;
                onTask.match
                        .bindings(task)
                        .ifPresent(parameters -> dispatcher.fire(
                                id,
                                "task " + task.type() + Firing.DETAIL + task.id(),
                                parameters,
                                Merge.SAME_PARAMETERS,
                                Set.of(id),
                                new Progress.None()));
            }
        });
    }

    /** Waits until runs that are under way have ended, but no longer than this; nothing begins any more. */
    public void stop(Duration grace) throws InterruptedException {
        dispatcher.stop(grace);
    }

    /** Ends all: cancels what still runs. */
    @Override
    public void close() {
        WebhookServer server;
        synchronized (this) {
            server = webhooks;
            webhooks = null;
        }
        if (server != null) server.close();
        files.close();
        dispatcher.close();
    }

    private void serveWebhooks() {
        boolean wanted = active.values().stream().anyMatch(each -> each.token.isPresent());
        WebhookServer server = webhooks;
        if (!wanted && server != null) {
            server.close();
            webhooks = null;
        }
        if (!wanted || server != null) return;
        try {
            webhooks = WebhookServer.start(settings.webhookPort(), new ActiveHooks());
            webhookProblem = "";
            listener.webhooksAnswer(webhooks.address(), tokens.folder());
        } catch (IOException e) {
            String problem = "webhooks do not answer: port " + settings.webhookPort() + " cannot be used ("
                    + e.getMessage() + "); set triggers.webhook_port to another";
            if (!problem.equals(webhookProblem)) listener.problem(problem);
            webhookProblem = problem;
        }
    }

    private synchronized Optional<Active> find(String id) {
        return Optional.ofNullable(active.get(id));
    }

    private final class ActiveHooks implements WebhookServer.Hooks {
        @Override
        public Optional<String> token(String automationId) {
            return find(automationId).flatMap(each -> each.token);
        }

        @Override
        public WebhookServer.Reply fire(String automationId, Map<String, String> parameters, String key) {
            Optional<String> misfit = find(automationId).flatMap(each -> each.deployed.misfit(parameters));
            if (misfit.isPresent()) return new WebhookServer.Reply(400, misfit.get());
            String cause = "webhook" + Firing.DETAIL + (key.isEmpty() ? UUID.randomUUID() : key);
            Answer answer = dispatcher.fire(
                    automationId, cause, parameters, Merge.SAME_PARAMETERS, Set.of(automationId), new Progress.None());
            return switch (answer) {
                case ACCEPTED -> new WebhookServer.Reply(202, "accepted");
                case KNOWN -> new WebhookServer.Reply(200, "this request was accepted before");
                case SKIPPED -> new WebhookServer.Reply(409, "left out: one runs or waits already");
                case CLOSING -> new WebhookServer.Reply(503, "going down");
            };
        }
    }

    /** Remembers what a run wrote before anything can be started by it. */
    private final class Recording implements Dispatcher.Listener {
        @Override
        public void fired(Firing firing) {
            listener.fired(firing);
        }

        @Override
        public void skipped(String automationId, String cause, String reason) {
            listener.skipped(automationId, Firing.causeText(cause), reason);
        }

        @Override
        public void ended(Firing firing, FiringState state, String note, @Nullable RunReport report) {
            if (report != null) report.changes().forEach(change -> wrote(firing, change));
            listener.ended(firing, state, note, report);
        }

        private void wrote(Firing firing, RunReport.FileChange change) {
            if (change.directory() || change.kind() == Kind.DELETED) return;
            Path path = WatchedFiles.real(change.path());
            String fingerprint = WatchedFiles.fingerprint(path);
            // Of another size, somebody else has changed it since: that is news.
            if (fingerprint != null && path.toFile().length() == change.sizeAfter())
                provenance.wrote(path, fingerprint, firing.chain());
        }
    }
}
