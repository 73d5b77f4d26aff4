package dev.understudy.core;

import dev.understudy.core.automation.Automation;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.automation.AutomationService.Creation;
import dev.understudy.core.automation.AutomationState;
import dev.understudy.core.automation.RehearsalResult;
import dev.understudy.core.automation.RunnerKey;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.history.ImportReport;
import dev.understudy.core.history.TaskHistory;
import dev.understudy.core.patterns.PatternService;
import dev.understudy.core.plugin.PluginHost;
import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.ScriptRunner;
import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PatternDetector;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine, for programs that embed it. Safe for use by several threads.
 *
 * {@snippet :
 * try (var understudy = Understudy.open(Config.DEFAULT, places, runners)) {
 *     understudy.recordTask(task);
 *     var report = understudy.learn(List.of(Path.of("week.jsonl")), LearnListener.SILENT);
 *     report.automations().forEach(learnt -> IO.println(learnt.automation().id()));
 * }
 * }
 */
public final class Understudy implements AutoCloseable {
    private final Config config;
    private final Places places;
    private final Clock clock;
    private final DataHome home;
    private final Database database;
    private final PluginHost plugins;
    private final TaskHistory history;
    private final AutomationService automations;
    private @Nullable PatternService patterns;

    private Understudy(
            Config config,
            Places places,
            Clock clock,
            DataHome home,
            Database database,
            PluginHost plugins,
            Map<RunnerKey, ScriptRunner> runners) {
        this.config = config;
        this.places = places;
        this.clock = clock;
        this.home = home;
        this.database = database;
        this.plugins = plugins;
        List<TaskSource> sources = plugins.extensions(TaskSource.class).stream()
                .map(PluginHost.Provided::extension)
                .toList();
        history = new TaskHistory(database, sources, config.history().maxTasks());
        automations = new AutomationService(
                config,
                database,
                home,
                () -> plugins.extensions(AutomationTemplate.class),
                runners,
                places.userHome(),
                clock);
    }

    /**
     * Opens the engine on a data home; several processes may share one.
     *
     * @param runners what runs scripts; they stay the caller's, who closes them after this
     * @throws UserException if the data home or the store cannot be used
     */
    public static Understudy open(Config config, Places places, Map<RunnerKey, ScriptRunner> runners) {
        return open(config, places, runners, Clock.systemUTC());
    }

    /** As {@link #open(Config, Places, Map)}, by another clock. */
    public static Understudy open(Config config, Places places, Map<RunnerKey, ScriptRunner> runners, Clock clock) {
        DataHome home = DataHome.open(places.dataHome());
        Database database = Database.open(home.database());
        PluginHost plugins = null;
        try {
            plugins = PluginHost.open(places.builtInPlugins(), home, new PluginContext(places.templateDirectories()));
            return new Understudy(config, places, clock, home, database, plugins, runners);
        } catch (RuntimeException e) {
            if (plugins != null) plugins.close();
            database.close();
            throw e;
        }
    }

    /** The folder in which everything is kept. */
    public DataHome home() {
        return home;
    }

    public PluginHost plugins() {
        return plugins;
    }

    public TaskHistory history() {
        return history;
    }

    public AutomationService automations() {
        return automations;
    }

    /** Records one task; false if it was known. */
    public boolean recordTask(Task task) {
        return history.recordTask(task);
    }

    /** What repeats, highest automation potential first. */
    public List<TaskPattern> patterns() {
        return patternService().patterns(now());
    }

    /** Figures over all that is kept. */
    public Report report() {
        List<TaskPattern> found = patterns();
        List<Automation> kept = automations.list();
        return new Report(
                history.tasks().size(),
                found.size(),
                count(found.stream().filter(this::isWorthAutomating).count()),
                kept.size(),
                count(kept.stream()
                        .filter(automation -> automation.state() == AutomationState.DEPLOYED
                                || automation.state() == AutomationState.ROLLED_BACK)
                        .count()));
    }

    /**
     * Imports files, finds what repeats, has automations written for it, and rehearses those that are new.
     *
     * @param files to import; if empty, those that the task sources find in the user's home
     * @throws UserException if a file cannot be imported, or there is nothing at all to learn from
     */
    public LearnReport learn(List<Path> files, LearnListener listener) throws InterruptedException {
        List<Path> inputs = files.isEmpty() ? history.discover(places.userHome()) : files;
        if (inputs.isEmpty() && history.tasks().isEmpty())
            throw UserException.badInput(
                    "There is nothing to learn from",
                    "no file was named, and no shell history was found in " + places.userHome(),
                    "Name a file: learn FILE");
        var imports = new ArrayList<ImportReport>();
        for (Path file : inputs) {
            listener.step("importing " + file.getFileName());
            imports.add(history.importFile(file));
        }
        listener.step("looking for what repeats");
        List<TaskPattern> found = patterns();
        var learnt = new ArrayList<LearnReport.Learnt>();
        var rejected = new ArrayList<Creation.Rejected>();
        for (TaskPattern pattern : found) {
            switch (automations.create(pattern)) {
                case Creation.Created created -> {
                    listener.step("rehearsing " + created.automation().id());
                    Optional<RehearsalResult> rehearsal = rehearseIfNew(created.automation());
                    learnt.add(new LearnReport.Learnt(
                            pattern, automations.get(created.automation().id()), rehearsal));
                }
                case Creation.Rejected no -> rejected.add(no);
            }
        }
        return new LearnReport(
                imports, found, learnt, rejected, patternService().problems());
    }

    private Optional<RehearsalResult> rehearseIfNew(Automation automation) throws InterruptedException {
        boolean isNew = automation.state() == AutomationState.DRAFT
                && automation.rehearsal().isEmpty();
        return isNew && config.sandbox().enabled()
                ? Optional.of(automations.rehearse(automation.id()))
                : Optional.empty();
    }

    private boolean isWorthAutomating(TaskPattern pattern) {
        return pattern.potential().total() >= config.repetitiveTaskDetection().automationThreshold();
    }

    /** Made when first asked for: most commands never look at patterns. */
    private synchronized PatternService patternService() {
        if (patterns == null) {
            var service = new PatternService(plugins.extensions(PatternDetector.class), config);
            history.feed(service::accept);
            patterns = service;
        }
        return patterns;
    }

    /**
     * The instant from which recency counts: that of the latest task, so that a history that was imported a month later
     * is judged as it was. While tasks are being recorded the two are the same.
     */
    private Instant now() {
        List<Task> tasks = history.tasks();
        Instant now = clock.instant();
        if (tasks.isEmpty()) return now;
        Instant latest = tasks.getLast().timestamp();
        return latest.isBefore(now) ? latest : now;
    }

    private static int count(long count) {
        return Math.toIntExact(count);
    }

    @Override
    public void close() {
        plugins.close();
        database.close();
    }
}
