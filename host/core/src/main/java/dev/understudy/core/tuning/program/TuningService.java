package dev.understudy.core.tuning.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.automation.AutomationService;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.config.NearestWord;
import dev.understudy.core.plugin.PluginHost.Provided;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.text.ShellWord;
import dev.understudy.core.tuning.Objective;
import dev.understudy.core.tuning.ParameterApplier;
import dev.understudy.core.tuning.TrialRecord;
import dev.understudy.core.tuning.Tuner;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.TuningTime;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.program.SessionSummary.State;
import dev.understudy.core.tuning.program.TuningProfile.Program;
import dev.understudy.spi.optimization.OptimizerStrategy;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Makes sessions of what people say, keeps them in files below the data home, and resumes those that were interrupted. Safe for
 * use by several threads.
 */
public final class TuningService {
    private static final String FOLDER = "tuning";
    private static final String LOCK = "tune";

    private final DataHome home;
    private final Sources sources;
    private final Clock clock;

    /** Where a session's parts come from; each is asked when it is needed. */
    public record Sources(
            Supplier<List<Provided<OptimizerStrategy>>> strategies,
            Supplier<List<Provided<ParameterTarget>>> targets,
            Supplier<AutomationService> automations,
            Supplier<ParameterJournal> journal) {}

    public TuningService(DataHome home, Sources sources, Clock clock) {
        this.home = home;
        this.sources = sources;
        this.clock = clock;
    }

    /** The strategies of all plugins. */
    public List<Provided<OptimizerStrategy>> strategies() {
        return sources.strategies().get();
    }

    /**
     * Begins a session; it has not measured anything yet.
     *
     * @throws UserException if the profile cannot be used, or another process is tuning
     */
    public Tuning prepare(TuningProfile profile) throws InterruptedException {
        DataHome.Lock lock = lock();
        try {
            Setting setting = Setting.of(profile, target(profile));
            OptimizerStrategy strategy = strategy(profile);
            reach(profile);
            String id = Long.toString(
                    1 + ids().stream().mapToLong(Long::parseLong).max().orElse(0));
            var log = new SessionLog(file(id));
            Tuning tuning = tuning(id, profile, setting, strategy, log, List.of(), lock);
            ObjectNode head = SessionJson.MAPPER.createObjectNode();
            head.put("session", id).put("created", clock.instant().toString());
            head.set("profile", SessionJson.MAPPER.valueToTree(profile.asMap()));
            head.set("defaults", SessionJson.MAPPER.valueToTree(setting.texts(Map.of())));
            log.append(head);
            return tuning;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Goes on with a session that was interrupted.
     *
     * @param id of the session; empty for the latest that was interrupted
     * @throws UserException if there is none, it has ended, or what it began with has changed since
     */
    public Tuning resume(String id) throws InterruptedException {
        DataHome.Lock lock = lock();
        try {
            String wanted = id.isEmpty() ? latestInterrupted() : id;
            if (!ids().contains(wanted))
                throw UserException.badInput(
                        "There is no tuning session '" + wanted + "'",
                        "none of that number is kept",
                        "'tune --list' lists all");
            var log = new SessionLog(file(wanted));
            if (log.end().isPresent())
                throw UserException.badInput(
                        "The tuning session " + wanted + " cannot go on", "it has its verdict", "Begin a new one");
            JsonNode head = log.head()
                    .orElseThrow(() -> UserException.failed(
                            "The tuning session " + wanted + " cannot go on",
                            "its file is damaged",
                            "Begin a new one"));
            Path folder = home.root();
            TuningProfile profile = ProfileDraft.parse(
                            log.file().toString(), head.path("profile").toString(), folder, folder)
                    .build();
            Setting setting = Setting.of(profile, target(profile));
            JsonNode defaults = head.path("defaults");
            setting.texts(Map.of()).forEach((name, now) -> {
                String was = defaults.path(name).asText();
                if (!was.equals(now))
                    throw UserException.failed(
                            "The tuning session " + wanted + " cannot go on",
                            name + " is " + now + " now and was " + was + " when it began",
                            "Set it back, or begin a new session");
            });
            reach(profile);
            return tuning(wanted, profile, setting, strategy(profile), log, log.trials(setting.space()), lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private String latestInterrupted() {
        return ids().stream()
                .filter(id -> new SessionLog(file(id)).end().isEmpty())
                .max(Comparator.comparingLong(Long::parseLong))
                .orElseThrow(() -> UserException.badInput(
                        "There is nothing to go on with",
                        "no tuning session was interrupted",
                        "'tune --list' lists all"));
    }

    /** All sessions that are kept, the latest first. */
    public List<SessionSummary> list() throws InterruptedException {
        boolean running = isRunning();
        var summaries = new ArrayList<SessionSummary>();
        for (String id : ids().stream()
                .sorted(Comparator.comparingLong(Long::parseLong))
                .toList()
                .reversed()) {
            var log = new SessionLog(file(id));
            Optional<JsonNode> head = log.head();
            if (head.isEmpty()) continue;
            boolean latestOpen =
                    log.end().isEmpty() && summaries.stream().noneMatch(each -> each.state() == State.RUNNING);
            summaries.add(summary(id, head.get(), log, latestOpen && running ? State.RUNNING : State.INTERRUPTED));
        }
        return summaries;
    }

    private static SessionSummary summary(String id, JsonNode head, SessionLog log, State open) {
        Optional<JsonNode> end = log.end();
        JsonNode objective = head.path("profile").path("objective");
        return new SessionSummary(
                id,
                Instant.parse(head.path("created").asText()),
                objective.isTextual()
                        ? objective.asText()
                        : Path.of(objective.path("script").asText())
                                .getFileName()
                                .toString(),
                log.trials(),
                head.path("profile").path("budget").asInt(),
                end.isPresent() ? State.ENDED : open,
                end.map(TuningService::sentence).orElse(""),
                end.filter(line -> line.has("improvement"))
                        .map(line -> OptionalDouble.of(line.path("improvement").asDouble()))
                        .orElse(OptionalDouble.empty()));
    }

    private static String sentence(JsonNode end) {
        if (!end.has("improvement"))
            return end.path("verdict").asText() + ": " + end.path("reason").asText();
        double improvement = end.path("improvement").asDouble();
        return end.path("unit").asText().equals("SHARE")
                ? String.format(Locale.ROOT, "improved by %.1f %%", improvement * 100)
                : String.format(Locale.ROOT, "improved by %.4g", improvement);
    }

    private boolean isRunning() throws InterruptedException {
        try (DataHome.Lock _ = lock()) {
            return false;
        } catch (UserException _) {
            return true;
        }
    }

    private DataHome.Lock lock() throws InterruptedException {
        return home.lock(LOCK, "tuning from this data home", Duration.ZERO);
    }

    private List<String> ids() {
        try (Stream<Path> files = Files.list(home.folder(FOLDER))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{1,15}\\" + SessionLog.SUFFIX))
                    .map(name -> name.substring(0, name.length() - SessionLog.SUFFIX.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String id) {
        return home.folder(FOLDER).resolve(id + SessionLog.SUFFIX);
    }

    private OptimizerStrategy strategy(TuningProfile profile) {
        if (profile.strategyScript().isPresent())
            return scripts(profile).strategy(profile.strategyScript().get());
        return named(
                "strategy",
                profile.strategy().toUpperCase(Locale.ROOT),
                sources.strategies().get(),
                "'optimizers' lists all");
    }

    private Optional<ParameterTarget> target(TuningProfile profile) {
        return profile.target().isEmpty()
                ? Optional.empty()
                : Optional.of(named(
                        "parameter target",
                        profile.target(),
                        sources.targets().get(),
                        "'plugins' lists what is installed"));
    }

    private static <T extends org.pf4j.ExtensionPoint> T named(
            String kind, String name, List<Provided<T>> provided, String mend) {
        return provided.stream()
                .filter(each -> each.name().equals(name))
                .map(Provided::extension)
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names =
                            provided.stream().map(Provided::name).sorted().toList();
                    return UserException.badInput(
                            "There is no " + kind + " '" + name + "'",
                            names.isEmpty() ? "no plugin brings one" : "there are " + String.join(", ", names),
                            NearestWord.to(name, names)
                                    .map(near -> "Did you mean '" + near + "'?")
                                    .orElse(mend));
                });
    }

    private Scripts scripts(TuningProfile profile) {
        return new Scripts(sources.automations().get(), profile.isolation(), profile.directory());
    }

    private Tuning tuning(
            String id,
            TuningProfile profile,
            Setting setting,
            OptimizerStrategy strategy,
            SessionLog log,
            List<TrialRecord> earlier,
            DataHome.Lock lock) {
        var plan = new TuningPlan(
                setting.space(),
                profile.direction(),
                profile.budget(),
                profile.time(),
                profile.seed(),
                profile.repeats(),
                profile.settle(),
                profile.hosts().size());
        Optional<JournalApplier> keeper = keeper(id, profile, setting);
        var parts = new Tuning.Parts(
                new Tuner(TuningTime.system()),
                strategy,
                objectives(profile, setting),
                keeper.<ParameterApplier>map(each -> each).orElse(ParameterApplier.NONE),
                keeper,
                advice(profile, setting),
                log,
                lock);
        return new Tuning(id, profile, setting, plan, parts, earlier);
    }

    /** One for each machine. */
    private List<Objective> objectives(TuningProfile profile, Setting setting) {
        Metric metric = Metric.parse(profile.metric());
        return switch (profile.objective()) {
            case Program.Script script -> List.of(scripts(profile).objective(script.file(), metric, setting));
            case Program.Command command -> {
                CommandText text = CommandText.of(
                        "objective", command.text(), profile.parameters().keySet());
                yield profile.hosts().stream()
                        .<Objective>map(
                                host -> new CommandObjective(text, runner(profile, host), metric, setting::texts))
                        .toList();
            }
        };
    }

    private static CommandRunner runner(TuningProfile profile, HostCommand host) {
        return new CommandRunner(profile.directory(), profile.objectiveTimeout(), host);
    }

    /** Refuses a session that would find out in its race that a machine is not there. */
    private static void reach(TuningProfile profile) throws InterruptedException {
        for (HostCommand host : profile.hosts()) {
            if (host.isHere()) continue;
            String problem =
                    runner(profile, host).run(List.of("true"), Map.of()).problem();
            if (!problem.isEmpty())
                throw UserException.badInput(
                        "The machine '" + host.text() + "' cannot be measured on",
                        problem,
                        "Try by hand: echo 'uname -n' | " + host.text() + " sh");
        }
    }

    private Optional<JournalApplier> keeper(String id, TuningProfile profile, Setting setting) {
        String purpose = "tuning session " + id;
        Optional<ParameterTarget> target = target(profile);
        if (target.isPresent())
            return target.map(each -> new JournalApplier(
                    sources.journal().get(), purpose, each, "", values -> setting.formatted(each, values)));
        var number = new AtomicLong();
        return profile.apply().map(program -> {
            var recipe = new ProgramRecipe(id, profile, setting.texts(Map.of()));
            return new JournalApplier(
                    sources.journal().get(),
                    purpose,
                    target(recipe),
                    recipe.json(),
                    values -> Map.of(
                            ProgramTarget.SETTING,
                            SessionJson.numbered(number.incrementAndGet(), setting.texts(values))));
        });
    }

    /** The target that an earlier process made of a person's command or script, by what it told the journal. */
    public Optional<ParameterTarget> target(String recipe) {
        return ProgramRecipe.parse(recipe).map(this::target);
    }

    private ParameterTarget target(ProgramRecipe recipe) {
        TuningProfile profile = recipe.profile();
        ProgramTarget.Application application = switch (profile.apply().orElseThrow()) {
            case Program.Script script ->
                values -> scripts(profile).application(script.file()).apply(values);
            case Program.Command command -> {
                CommandText text = CommandText.of(
                        "command that applies",
                        command.text(),
                        profile.parameters().keySet());
                yield values -> {
                    // On every machine, whichever is measured next: so what has to be put back is the same on all.
                    for (HostCommand host : profile.hosts()) {
                        CommandRunner.Ended ended =
                                runner(profile, host).run(text.argv(values), CommandText.variables(values));
                        if (!ended.problem().isEmpty())
                            throw new IOException(
                                    (host.isHere() ? "" : "on '" + host.text() + "': ") + ended.problem());
                    }
                };
            }
        };
        return new ProgramTarget(
                application, home.folder(FOLDER).resolve(recipe.session() + ".applied"), recipe.defaults());
    }

    private Tuning.Advice advice(TuningProfile profile, Setting setting) {
        Optional<ParameterTarget> target = target(profile);
        if (target.isPresent())
            return values -> setting.formatted(target.get(), values).entrySet().stream()
                    .map(entry -> target.get().command(entry.getKey(), entry.getValue()))
                    .filter(line -> !line.isEmpty())
                    .toList();
        return values -> List.of(line(profile.apply().orElse(profile.objective()), profile, setting.texts(values)));
    }

    private static String line(Program program, TuningProfile profile, Map<String, String> texts) {
        return switch (program) {
            case Program.Command command ->
                CommandText.of("command", command.text(), profile.parameters().keySet())
                        .line(texts);
            case Program.Script script -> {
                var line = new StringBuilder(
                        "understudy run " + ShellWord.quoted(script.file().toString()));
                texts.forEach((name, value) -> line.append(" -p ").append(ShellWord.quoted(name + "=" + value)));
                yield line.toString();
            }
        };
    }
}
