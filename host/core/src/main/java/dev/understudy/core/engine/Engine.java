package dev.understudy.core.engine;

import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.LifeListener.LifeEvent;
import dev.understudy.core.automation.Occasion;
import dev.understudy.core.automation.OwnScripts;
import dev.understudy.core.automation.RunOrder;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.engine.AutomationWatch.News;
import dev.understudy.core.engine.EngineEvent.Kind;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.core.notify.Notifications;
import dev.understudy.core.performance.PerformanceWatch;
import dev.understudy.core.plugin.PluginInfo;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.core.triggers.Fate;
import dev.understudy.core.triggers.Firing;
import dev.understudy.core.triggers.TriggerHost;
import dev.understudy.core.triggers.TriggerStore;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.Notification;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host while it stays: fires triggers, looks every few minutes for what repeats, and tells a person who is not
 * looking. Safe for use by several threads.
 *
 * <p>{@link #step} is the whole of its clockwork; {@link #start} calls it again and again, a test calls it when its clock
 * has moved.
 */
public final class Engine implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(250);

    /** How long what was asked to end may take. Then the host goes down without it: it must end whatever it holds. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private final Config config;
    private final TaskHistory history;
    private final Cycle cycle;
    private final PerformanceWatch performance;
    private final Function<Consumer<String>, Notifications> openNotifications;
    private final EngineListener listener;
    private final HostTime time;
    private final StoreStamp stamp;
    private final AutomationWatch watch;
    private final TriggerHost triggers;
    private final TriggerStore firings;
    private final FailureWatch failures;
    private final AdoptedFolders adoptedFolders;
    private final Fate.Teller fates;
    private final SuspendDetector suspends = new SuspendDetector();
    private final AtomicReference<Notifications> notifications;
    /** Plugins that failed and were named; used by one cycle at a time. */
    private final Set<String> toldProblems = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean newTasks = new AtomicBoolean(true);
    private final Thread thread;
    private Map<String, DeployedAutomation> deployed = Map.of();
    private @Nullable Thread cycleThread;
    private long nextCycleNanos;
    private volatile boolean stopping;
    private volatile Status status = new Status(0, Optional.empty());
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Finds patterns and has automations written and rehearsed for what is worth it. */
    public interface Cycle {
        LearnReport run() throws InterruptedException;
    }

    /**
     * What the engine works on; who made these closes them after the engine.
     *
     * @param notifications opens the sinks, whenever plugins have changed anew; hears of what fails
     * @param userHome what {@code ~} stands for
     */
    public record Parts(
            Config config,
            DataHome home,
            Database database,
            TaskHistory history,
            AutomationService automations,
            Cycle cycle,
            PerformanceWatch performance,
            Function<Consumer<String>, Notifications> notifications,
            Path userHome,
            ZoneId zone) {}

    /**
     * Puts the engine together; nothing happens before {@link #start} or {@link #step}.
     *
     * @throws UserException if what is configured cannot be used
     */
    public Engine(Parts parts, EngineListener listener, HostTime time) {
        config = parts.config();
        history = parts.history();
        cycle = parts.cycle();
        performance = parts.performance();
        openNotifications = parts.notifications();
        this.listener = listener;
        this.time = time;
        stamp = new StoreStamp(parts.home().database(), time);
        watch = new AutomationWatch(parts.automations(), this::problem);
        parts.automations().listen(this::lived);
        notifications = new AtomicReference<>(openNotifications.apply(this::problem));
        failures = new FailureWatch(this::tell);
        adoptedFolders = new AdoptedFolders(
                config.automations().watch(),
                parts.userHome(),
                parts.automations().ownScripts(),
                this::adopted,
                this::problem);
        fates = new LoggedFates(parts.automations().runs().log());
        var settings = new TriggerHost.Settings(
                parts.userHome(),
                parts.zone(),
                config.triggers().webhookPort(),
                parts.home().folder("hooks"),
                config.sandbox().maxConcurrentTests());
        firings = new TriggerStore(parts.database());
        triggers = new TriggerHost(
                firings,
                (firing, runId) -> start(parts, firing, runId),
                new TriggerEvents(listener, time, failures),
                settings,
                time);
        nextCycleNanos = time.nanos();
        thread = Thread.ofPlatform().name("engine").unstarted(this::run);
    }

    private static ScriptRunner.Run start(Parts parts, Firing firing, String runId) {
        return parts.automations()
                .runs()
                .start(
                        firing.automationId(),
                        RunOrder.of(firing.parameters(), RunRequest.Mode.COMMIT, parts.userHome())
                                .on(new Occasion(firing.causeText(), Optional.of(runId), firing.repeats())));
    }

    /** Closes this, too, when the engine has gone down; the latest first. To be called before {@link #start}. */
    public void owns(AutoCloseable resource) {
        owned.push(resource);
    }

    /** Leaves the cron triggers of some automations to others, who fire them. To be called before {@link #start}. */
    public void leaveCron(Predicate<String> toOthers) {
        triggers.leaveCron(toOthers);
    }

    /** Begins; to be called once. */
    public void start() {
        begin();
        thread.start();
        adoptedFolders.start();
    }

    /** Looks for the first time, and takes up what a host that died has left. */
    void begin() {
        suspends.look(time);
        history.feed(task -> {
            newTasks.set(true);
            triggers.recorded(task);
        });
        stamp.changed();
        look();
        triggers.resume(fates);
        happened(
                Kind.STARTED,
                "",
                "Understudy is up; a look for what repeats every "
                        + config.workflowOptimization().optimizationCycle().toMinutes() + " min",
                Map.of("pid", Long.toString(ProcessHandle.current().pid())));
    }

    private void adopted(OwnScripts.Adopted adopted) {
        happened(
                Kind.AUTOMATION_CHANGED,
                adopted.automation().id(),
                AdoptedFolders.text(adopted),
                Map.of("version", Integer.toString(adopted.automation().version())));
    }

    private void lived(LifeEvent event) {
        watch.heard(event);
        switch (event.kind()) {
            case EXPERIMENT_ENDED, EDITED, DEPLOYED ->
                happened(Kind.AUTOMATION_CHANGED, event.automationId(), event.message(), Map.of());
            // The run's own end and the next look tell of these.
            case FAILED, ROLLED_BACK, SUSPENDED -> {}
        }
    }

    private void run() {
        try {
            while (!stopping) {
                step();
                Thread.sleep(STEP);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** Does what is due now. */
    void step() {
        suspends.look(time).ifPresent(this::jumped);
        try {
            if (stamp.changed()) {
                look();
                history.refresh();
            }
            triggers.tick();
            refreshStatus();
        } catch (UserException e) {
            // The store was busy or full: the next step tries again.
            stamp.again();
            problem(String.valueOf(e.getMessage()));
        }
        if (time.nanos() - nextCycleNanos >= 0) startCycle();
    }

    private void refreshStatus() {
        Status last = status;
        boolean passed =
                last.nextCron().filter(next -> !next.isAfter(time.instant())).isPresent();
        if (passed) status = new Status(last.triggers(), triggers.next());
    }

    private void jumped(Duration ahead) {
        String text = ahead.isNegative()
                ? "The clock was put back by " + ahead.abs().toSeconds() + " s"
                : "The machine slept, or its clock was put forward, by " + ahead.toSeconds() + " s";
        happened(Kind.CLOCK_JUMPED, "", text, Map.of("seconds", Long.toString(ahead.toSeconds())));
    }

    private void look() {
        AutomationWatch.Look look = watch.look();
        for (News news : look.news()) tell(news);
        if (look.deployed().equals(deployed)) return;
        int before = count(deployed);
        deployed = new LinkedHashMap<>(look.deployed());
        triggers.deploy(deployed);
        int now = count(deployed);
        status = new Status(now, triggers.next());
        if (now == 0 && before == 0) return;
        happened(
                Kind.TRIGGERS_CHANGED,
                "",
                now + (now == 1 ? " trigger of " : " triggers of ") + automations() + " watched",
                Map.of("triggers", Integer.toString(now)));
    }

    private String automations() {
        long count = deployed.values().stream()
                .filter(each -> !each.triggers().all().isEmpty())
                .count();
        return count + (count == 1 ? " automation" : " automations");
    }

    private static int count(Map<String, DeployedAutomation> deployed) {
        return deployed.values().stream()
                .mapToInt(each -> each.triggers().all().size())
                .sum();
    }

    private void startCycle() {
        nextCycleNanos =
                time.nanos() + config.workflowOptimization().optimizationCycle().toNanos();
        Thread before = cycleThread;
        if (before != null && before.isAlive()) return;
        // Without a new task, there is nothing that the last cycle did not see.
        boolean tasks = newTasks.getAndSet(false);
        cycleThread = Thread.ofPlatform().daemon().name("cycle").start(() -> {
            if (tasks) runCycle();
            lookAtPerformance();
        });
    }

    private void lookAtPerformance() {
        if (Thread.currentThread().isInterrupted()) return;
        try {
            for (PerformanceWatch.News each : performance.look(time.instant())) {
                happened(Kind.PERFORMANCE_FINDING, "", each.text(), Map.of("workflow", each.name()));
                tell(new Notification(
                        Notification.Kind.PERFORMANCE_FINDING,
                        "",
                        title("Slow, or getting worse: ", each.name()),
                        String.join("\n", each.findings()) + "\nSee 'workflows show' of " + each.name()
                                + ", or its page on the dashboard.",
                        time.instant()));
            }
            for (String each : performance.problems()) if (toldProblems.add(each)) problem(each);
        } catch (UserException | UncheckedIOException e) {
            problem("the look at performance failed: " + e.getMessage());
        }
    }

    private static String title(String what, String name) {
        String title = what + name.replaceAll("\\s+", " ");
        return title.length() <= Notification.MAX_TITLE_LENGTH
                ? title
                : title.substring(0, Notification.MAX_TITLE_LENGTH - 1) + "…";
    }

    private void runCycle() {
        try {
            LearnReport report = cycle.run();
            report.problems().forEach(this::problem);
            int automations = report.automations().size();
            happened(
                    Kind.CYCLE_ENDED,
                    "",
                    "Looked for what repeats: " + report.patterns().size() + " patterns, " + automations
                            + " automations for them",
                    Map.of(
                            "patterns", Integer.toString(report.patterns().size()),
                            "automations", Integer.toString(automations)));
        } catch (UserException e) {
            problem("the look for what repeats failed: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has new plugins take part, and lets go of those that are gone.
     *
     * @param changed those that are new or in another state
     */
    public void pluginsChanged(List<PluginInfo> changed) {
        for (PluginInfo plugin : changed)
            happened(
                    Kind.PLUGIN_CHANGED,
                    "",
                    "The plugin " + plugin.id() + " is " + plugin.state().id().replace('_', ' ')
                            + (plugin.reason().isEmpty() ? "" : ": " + plugin.reason()),
                    Map.of("plugin", plugin.id(), "state", plugin.state().id()));
        newTasks.set(true);
        try {
            notifications.getAndSet(openNotifications.apply(this::problem)).close();
        } catch (UserException e) {
            problem(String.valueOf(e.getMessage()));
        }
    }

    /** Tells that a plugin is called no more, and why. */
    public void pluginSwitchedOff(String pluginId, String why) {
        String text = "The plugin " + pluginId + " is switched off: " + why;
        happened(Kind.PLUGIN_CHANGED, "", text, Map.of("plugin", pluginId, "state", PluginInfo.State.DISABLED.id()));
        tell(new Notification(
                Notification.Kind.PLUGIN_SWITCHED_OFF,
                "",
                title("Plugin switched off: ", pluginId),
                text + ".\n'plugins enable " + pluginId + "' tries it again.",
                time.instant()));
    }

    private void tell(News news) {
        Kind kind = switch (news.kind()) {
            case PROPOSAL_READY -> Kind.PROPOSAL_READY;
            case ROLLED_BACK -> Kind.ROLLED_BACK;
            case GRANT_ASKED -> Kind.GRANT_ASKED;
            case AUTOMATION_FAILING -> Kind.PROBLEM;
            case PERFORMANCE_FINDING -> Kind.PERFORMANCE_FINDING;
            case PLUGIN_SWITCHED_OFF -> Kind.PLUGIN_CHANGED;
        };
        happened(kind, news.automationId(), news.text(), Map.of());
        tell(new Notification(news.kind(), news.automationId(), news.title(), news.text(), time.instant()));
    }

    private void tell(Notification notification) {
        notifications.get().tell(notification);
    }

    /** Says what happened in a part that the engine does not know; about no automation. */
    public void tell(Kind kind, String text, Map<String, String> details) {
        happened(kind, "", text, details);
    }

    /** Says that something does not work. */
    public void problem(String line) {
        happened(Kind.PROBLEM, "", line, Map.of());
    }

    private void happened(Kind kind, String automationId, String text, Map<String, String> details) {
        listener.happened(new EngineEvent(time.instant(), kind, automationId, text, details));
    }

    /** When the cron triggers of the automations that may fire are due next, by automation and trigger. */
    public Map<String, Map<String, Instant>> nextFirings() {
        return triggers.nextFirings();
    }

    /** The latest firings, latest first; those that were missed or left out among them. */
    public List<TriggerStore.Kept> latestFirings(int limit) {
        return firings.latest(limit);
    }

    /** How it stands, for a status line. */
    public record Status(int triggers, Optional<Instant> nextCron) {}

    /** How it stood at the last step; waits for nothing. */
    public Status status() {
        return status;
    }

    /** Goes down: nothing begins any more, runs under way have the configured grace, what is left is cancelled. */
    @Override
    public void close() {
        happened(Kind.STOPPING, "", "Going down", Map.of());
        stopping = true;
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(ENDING))
                problem("the engine's clockwork does not end; going down without it");
            adoptedFolders.close();
            Thread last = cycleThread;
            if (last != null) last.interrupt();
            triggers.stop(config.triggers().grace());
            triggers.close();
            if (last != null && !last.join(ENDING))
                problem("the look for what repeats does not end; going down without it");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            triggers.close();
        }
        notifications.get().close();
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                problem(each + " cannot be closed: " + e.getMessage());
            }
        }
    }
}
