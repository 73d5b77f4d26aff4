package dev.understudy.core.tuning.program;

import dev.understudy.core.config.MarkedNode.Mapping;
import dev.understudy.core.config.SectionReader;
import dev.understudy.core.config.YamlDocument;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.Direction;
import dev.understudy.core.tuning.TuningPlan;
import dev.understudy.core.tuning.program.TuningProfile.Program;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.ParameterVariable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A profile while it is put together: from a file, the command line, or a file whose values the command line replaces. Used by
 * one thread.
 */
public final class ProfileDraft {
    private final Path directory;
    private @Nullable Program objective;
    private String metric = "";
    private Direction direction = Direction.MINIMIZE;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final List<String> constraints = new ArrayList<>();
    private @Nullable Program apply;
    private String target = "";
    private String strategy = TuningProfile.DEFAULT_STRATEGY;
    private @Nullable Path strategyScript;
    private int budget = TuningPlan.DEFAULT_BUDGET;
    private Duration time = TuningProfile.DEFAULT_TIME;
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);
    private int repeats = 1;
    private Duration settle = Duration.ZERO;
    private Duration objectiveTimeout = TuningProfile.DEFAULT_OBJECTIVE_TIMEOUT;
    private @Nullable IsolationLevel isolation;
    private final List<String> machines = new ArrayList<>();

    private ProfileDraft(Path directory) {
        this.directory = directory;
    }

    /** An empty one; commands run in this directory, which is absolute. */
    public static ProfileDraft in(Path directory) {
        return new ProfileDraft(directory);
    }

    /**
     * Reads a profile file. Scripts that it names lie beside it; commands run in {@code directory} if it names no other.
     *
     * @throws UserException with every mistake of the file
     */
    public static ProfileDraft read(Path file, Path directory) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw unreadable(file, "it is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(file, e.getClass().getSimpleName() + " " + e.getMessage());
        }
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(directory);
        return parse(file.toString(), text, folder, directory);
    }

    private static UserException unreadable(Path file, String why) {
        return UserException.badInput(
                "The profile " + file + " cannot be read", why, "Name a profile file, or say all by options");
    }

    /** Reads the text of a profile. */
    static ProfileDraft parse(String file, String text, Path scripts, Path directory) {
        var mistakes = new ArrayList<Mistake>();
        Optional<Mapping> root = YamlDocument.read(file, text, mistakes);
        ProfileDraft draft = root.map(
                        mapping -> new Reading(SectionReader.of(file, mapping, mistakes), scripts).read(directory))
                .orElseGet(() -> in(directory));
        if (!mistakes.isEmpty()) throw UserException.badInput(mistakes);
        return draft;
    }

    /** Reads the keys of one file. */
    private record Reading(SectionReader reader, Path scripts) {
        ProfileDraft read(Path fallbackDirectory) {
            String folder = reader.text("directory", fallbackDirectory.toString(), "a folder", text -> !text.isBlank());
            var draft = in(scripts.resolve(folder));
            program("objective").ifPresent(draft::objective);
            draft.metric(reader.text("metric", "", "a regular expression or a JSON pointer", _ -> true));
            draft.direction(reader.choice(
                    "direction",
                    Direction.MINIMIZE,
                    Map.of("minimize", Direction.MINIMIZE, "maximize", Direction.MAXIMIZE)));
            parameters(draft);
            reader.texts("constraints", "a constraint like 'a <= b'", text -> !text.isBlank())
                    .forEach(draft::constraint);
            reader.texts(
                            "machines",
                            "a command that starts others on a machine, like 'ssh db2'",
                            text -> !text.isBlank())
                    .forEach(draft::machine);
            program("apply").ifPresent(draft::apply);
            draft.target = reader.text("target", "", "the name of a parameter target", text -> !text.isBlank());
            strategy(draft);
            draft.budget = reader.integer("budget", draft.budget, TuningPlan.MIN_BUDGET, TuningProfile.MAX_BUDGET);
            draft.time = duration("time", draft.time);
            draft.seed = reader.plain("seed") instanceof Long given ? given : seed(draft);
            draft.repeats = reader.integer("repeats", draft.repeats, 1, TuningProfile.MAX_REPEATS);
            draft.settle = reader.duration(
                    "settle", draft.settle, found -> found.compareTo(TuningProfile.LONGEST) < 0, "below 30d");
            draft.objectiveTimeout = duration("objective_timeout", draft.objectiveTimeout);
            var levels = new LinkedHashMap<String, IsolationLevel>();
            for (IsolationLevel each : IsolationLevel.values()) levels.put(each.id(), each);
            IsolationLevel level = reader.choice("isolation", IsolationLevel.FULL, levels);
            if (reader.has("isolation")) draft.isolation = level;
            reader.finish();
            return draft;
        }

        private long seed(ProfileDraft draft) {
            if (reader.has("seed")) reader.mistake("seed", "is no whole number", "but must be one");
            return draft.seed;
        }

        private Duration duration(String key, Duration fallback) {
            return reader.duration(
                    key,
                    fallback,
                    found -> found.isPositive() && found.compareTo(TuningProfile.LONGEST) <= 0,
                    "positive and at most 30d");
        }

        private Optional<Program> program(String key) {
            return switch (reader.plain(key)) {
                case null -> Optional.empty();
                case String text when !text.isBlank() -> Optional.of(new Program.Command(text));
                case Map<?, ?> _ -> script(key).map(Program.Script::new);
                default -> {
                    reader.mistake(key, "is no command", "but must be one, or {script: FILE}");
                    yield Optional.empty();
                }
            };
        }

        private Optional<Path> script(String key) {
            SectionReader section = reader.section(key);
            String file = section.requiredText("script", "the name of a script", text -> !text.isBlank());
            section.finish();
            return file.isEmpty() ? Optional.empty() : Optional.of(scripts.resolve(file));
        }

        private void strategy(ProfileDraft draft) {
            if (reader.plain("strategy") instanceof Map<?, ?>)
                script("strategy").ifPresent(draft::strategyScript);
            else
                draft.strategy(
                        reader.text("strategy", draft.strategy, "the name of a strategy", text -> !text.isBlank()));
        }

        private void parameters(ProfileDraft draft) {
            SectionReader section = reader.section("parameters");
            section.plainEntries().forEach((name, value) -> {
                if (!(value instanceof String text)) {
                    section.mistake(name, "is " + value, "but must be like " + ParameterText.FORM);
                    return;
                }
                try {
                    // A target knows the values of its own parameters.
                    if (!text.isBlank()) ParameterText.parse(name, text);
                    draft.parameter(name, text);
                } catch (IllegalArgumentException e) {
                    section.mistake(
                            name, "is '" + text + "'", e.getMessage() + "; write it like " + ParameterText.FORM);
                }
            });
        }
    }

    public ProfileDraft objective(Program program) {
        objective = program;
        return this;
    }

    public ProfileDraft metric(String text) {
        metric = text;
        return this;
    }

    public ProfileDraft direction(Direction wanted) {
        direction = wanted;
        return this;
    }

    /**
     * Adds a parameter, or replaces it.
     *
     * @param text like {@code int:1..64 default=8}; may be empty for a target's
     */
    public ProfileDraft parameter(String name, String text) {
        parameters.put(name, text);
        return this;
    }

    public ProfileDraft constraint(String text) {
        constraints.add(text);
        return this;
    }

    public ProfileDraft apply(Program program) {
        apply = program;
        target = "";
        return this;
    }

    public ProfileDraft target(String name) {
        target = name;
        apply = null;
        return this;
    }

    public ProfileDraft strategy(String name) {
        strategy = name;
        strategyScript = null;
        return this;
    }

    public ProfileDraft strategyScript(Path file) {
        strategyScript = file;
        return this;
    }

    public ProfileDraft budget(int trials) {
        budget = trials;
        return this;
    }

    public ProfileDraft time(Duration longest) {
        time = longest;
        return this;
    }

    public ProfileDraft seed(long number) {
        seed = number;
        return this;
    }

    public ProfileDraft repeats(int number) {
        repeats = number;
        return this;
    }

    public ProfileDraft settle(Duration duration) {
        settle = duration;
        return this;
    }

    public ProfileDraft objectiveTimeout(Duration duration) {
        objectiveTimeout = duration;
        return this;
    }

    public ProfileDraft isolation(IsolationLevel level) {
        isolation = level;
        return this;
    }

    /** Adds a machine to measure on, for example {@code ssh db2}; {@code here} is this one. */
    public ProfileDraft machine(String hostCommand) {
        machines.add(hostCommand);
        return this;
    }

    /**
     * Returns the profile.
     *
     * @throws UserException if something is missing or out of range
     */
    public TuningProfile build() {
        Program measured = objective;
        if (measured == null)
            throw UserException.badInput(
                    "There is nothing to measure",
                    "no objective was named",
                    "Add --objective 'COMMAND', or name a profile file");
        var variables = new HashMap<String, String>();
        for (String name : parameters.keySet()) {
            String variable = ParameterVariable.of(name);
            String other = variables.put(variable, name);
            if (other != null)
                throw UserException.badInput(
                        "The parameters '" + other + "' and '" + name + "' cannot be told apart",
                        "both would be the variable " + variable,
                        "Rename one of them");
        }
        return new TuningProfile(
                measured,
                metric,
                direction,
                parameters,
                constraints,
                Optional.ofNullable(apply),
                target,
                strategy,
                Optional.ofNullable(strategyScript),
                budget,
                time,
                seed,
                repeats,
                settle,
                objectiveTimeout,
                Optional.ofNullable(isolation),
                directory,
                machines);
    }
}
