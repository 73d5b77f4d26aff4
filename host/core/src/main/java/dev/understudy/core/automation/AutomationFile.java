package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.NearestWord;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.Triggers;
import dev.understudy.core.workflow.Step;
import dev.understudy.core.workflow.StepScript;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An automation file: what its metadata says, and its whole text.
 *
 * @param file its name, for messages
 * @param id matches {@code [a-z][a-z0-9-]*}, at most 60 characters
 * @param parameters by name, in the order of the file
 * @param triggers what starts it beside a person
 * @param reuse whether runs may share a context
 * @param template which template made it; empty if none did
 * @param cases its rehearsal
 * @param steps of a workflow; empty for a script that runs as a whole
 * @param promises what its author says of it
 * @param packages what it imports that is none of its language's own
 * @param text the whole file
 */
public record AutomationFile(
        String file,
        String id,
        String description,
        ScriptLanguage language,
        RunRequest.ScriptRuntime runtime,
        IsolationLevel isolation,
        Limits limits,
        GrantTemplates grants,
        Map<String, ScriptParameter> parameters,
        Triggers triggers,
        boolean reuse,
        String template,
        List<RehearsalCase> cases,
        List<Step> steps,
        Set<RunRequest.Promise> promises,
        PackagesOfScript packages,
        String text) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_BYTES = 4L << 20;

    /** The longest that a run may take by any limit. */
    private static final Duration LONGEST = Duration.ofHours(24);

    /** What a rehearsal pretends, at absolute paths. */
    record Staged(Map<Path, StagedEntry> files, Set<Path> folders, List<RunRequest.Response> responses) {
        static final Staged NOTHING = new Staged(Map.of(), Set.of(), List.of());
    }

    public AutomationFile {
        cases = List.copyOf(cases);
        steps = List.copyOf(steps);
        promises = Set.copyOf(promises);
    }

    /**
     * Reads a file.
     *
     * @param sandbox gives the limits and the isolation where the file says nothing
     * @throws UserException if it cannot be read, or with every mistake of its metadata
     */
    public static AutomationFile load(Path path, Config.Sandbox sandbox) {
        return parse(path.toString(), text(path), sandbox);
    }

    /** The text of a file that a person names. */
    static String text(Path path) {
        if (Files.isDirectory(path)) throw unreadable(path, "it is a folder");
        try {
            if (Files.size(path) > MAX_BYTES) throw unreadable(path, "it is larger than " + (MAX_BYTES >> 20) + " MiB");
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw unreadable(path, "there is no such file");
        } catch (CharacterCodingException e) {
            throw unreadable(path, "it is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(path, e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private static UserException unreadable(Path path, String why) {
        return UserException.badInput(
                "The automation " + path + " cannot be read", why, "Name an automation file or an automation's id");
    }

    /**
     * Reads the text of a file.
     *
     * @throws UserException with every mistake of its metadata
     */
    public static AutomationFile parse(String file, String text, Config.Sandbox sandbox) {
        return AutomationReader.read(file, text, sandbox);
    }

    /**
     * Values for all parameters from what a person typed.
     *
     * @param today on which defaults may depend
     * @throws UserException with all that is unknown, missing or of another type
     */
    public Map<String, Object> valuesOf(Map<String, String> texts, LocalDate today) {
        return values(parameters.values(), texts, today, ScriptParameter::parse);
    }

    /**
     * Values for all parameters from JSON values.
     *
     * @param today on which defaults may depend
     * @throws UserException with all that is unknown, missing or of another type
     */
    public Map<String, Object> valuesOfJson(Map<String, Object> given, LocalDate today) {
        return values(parameters.values(), given, today, ScriptParameter::convert);
    }

    /**
     * Values for some parameters from what a person typed.
     *
     * @throws UserException with all that is unknown or of another type
     */
    Map<String, Object> valuesOfSome(Map<String, String> texts) {
        var complete = new LinkedHashMap<String, ScriptParameter>();
        texts.keySet().forEach(name -> {
            ScriptParameter parameter = parameters.get(name);
            if (parameter != null) complete.put(name, parameter);
        });
        // Each of them is given, so that no default is asked for.
        return values(complete.values(), texts, LocalDate.EPOCH, ScriptParameter::parse);
    }

    /** Whether these JSON values, and defaults for the rest, are values for all parameters. */
    boolean takes(Map<String, Object> given) {
        try {
            valuesOfJson(given, LocalDate.EPOCH);
            return true;
        } catch (UserException _) {
            return false;
        }
    }

    private <T> Map<String, Object> values(
            Collection<ScriptParameter> wanted, Map<String, T> given, LocalDate today, Reader<T> reader) {
        var problems = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        for (String name : given.keySet()) {
            if (!parameters.containsKey(name)) problems.add("there is no parameter '" + name + "'" + known(name));
        }
        for (ScriptParameter parameter : wanted) {
            String name = parameter.name();
            T text = given.get(name);
            Optional<Object> standard = parameter.standard(today);
            if (text != null) {
                Optional<Object> value = reader.read(parameter, text);
                value.ifPresentOrElse(
                        found -> values.put(name, found),
                        () -> problems.add("'" + name + "' is '" + text + "', but must be " + parameter.form()));
            } else if (standard.isPresent()) {
                values.put(name, standard.get());
            } else {
                problems.add("'" + name + "' has no value and must be " + parameter.form());
            }
        }
        if (!problems.isEmpty())
            throw UserException.badInput(
                    "The parameters of " + id + " do not fit",
                    String.join("; ", problems),
                    "Pass them as -p name=value");
        return values;
    }

    private String known(String name) {
        if (parameters.isEmpty()) return ": it has none";
        String nearest = NearestWord.to(name, parameters.keySet())
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
        return " (known are " + String.join(", ", parameters.keySet()) + ")" + nearest;
    }

    /**
     * A request to run this with values for all parameters.
     *
     * @throws UserException if a value is not allowed in a grant, or the script's language cannot hold it
     */
    RunRequest request(
            Map<String, Object> values,
            RunRequest.Mode mode,
            RunRequest.Reuse contexts,
            String trustDomain,
            Surroundings surroundings,
            Staged staged) {
        var expanded = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> expanded.put(name, expand(name, value, surroundings)));
        if (language == ScriptLanguage.JAVASCRIPT) values.forEach(this::requireExact);
        var spoken = RunRequest.Language.valueOf(language.name());
        // A rehearsal is one run of all steps, so that each sees in the view what those before it have done.
        boolean allSteps = !steps.isEmpty() && mode == RunRequest.Mode.REHEARSE;
        return new RunRequest(
                id,
                trustDomain,
                spoken,
                allSteps ? StepScript.ofAll(spoken, text, steps) : text,
                json(expanded),
                runtime,
                isolation,
                allSteps ? timesSteps(limits) : limits,
                packages.folder() == null
                        ? grants.resolve(values, surroundings)
                        : grants.resolve(values, surroundings).withPackages(packages.folder()),
                mode,
                reuse ? contexts : RunRequest.Reuse.FRESH,
                staged.files(),
                surroundings.workingDirectory(),
                staged.folders(),
                staged.responses(),
                null,
                promises);
    }

    private void requireExact(String name, Object value) {
        JavaScriptNumbers.inexact(value).ifPresent(number -> {
            throw UserException.badInput(
                    "The parameters of " + id + " do not fit",
                    "'" + name + "' holds " + number + ", which JavaScript's numbers cannot hold exactly",
                    "Declare it as a string, or write the script in Python");
        });
    }

    private Limits timesSteps(Limits one) {
        return one.withWallTime(timesSteps(one.wallTime())).withCpuTime(timesSteps(one.cpuTime()));
    }

    private Duration timesSteps(Duration one) {
        Duration all = one.multipliedBy(steps.size());
        return all.compareTo(LONGEST) > 0 ? LONGEST : all;
    }

    /**
     * Python's open() and the like do not know {@code ~}, so a path is passed with it written out. One with steps back is
     * passed as what it leads to, which is what its grant names: the folders on its way need not be granted.
     */
    private Object expand(String name, Object value, Surroundings surroundings) {
        ScriptParameter parameter = parameters.get(name);
        boolean path = parameter != null && parameter.type() == ParameterType.PATH;
        if (!path || !(value instanceof String text)) return value;
        boolean stepsBack = List.of(text.split("/", -1)).contains("..") && text.indexOf('\0') < 0;
        return stepsBack ? surroundings.resolve(text).toString() : surroundings.expandTilde(text);
    }

    /** The same file with another isolation level. */
    AutomationFile at(IsolationLevel level) {
        return with(level, packages);
    }

    /** The same file with its packages found. */
    AutomationFile with(PackagesOfScript found) {
        return with(isolation, found);
    }

    private AutomationFile with(IsolationLevel level, PackagesOfScript found) {
        return new AutomationFile(
                file,
                id,
                description,
                language,
                runtime,
                level,
                limits,
                grants,
                parameters,
                triggers,
                reuse,
                template,
                cases,
                steps,
                promises,
                found,
                text);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    /** The fields of a JSON object that {@link #json} wrote. */
    static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON is JSON", e);
        }
    }

    private interface Reader<T> {
        Optional<Object> read(ScriptParameter parameter, T given);
    }

    /** Whom a file of unknown origin trusts: nothing but its own bytes. */
    String trustDomain() {
        // Contexts that have loaded other packages are another script's.
        return "file:" + AutomationStore.sha256(text) + (packages.folder() == null ? "" : "+" + packages.folder());
    }
}
