package dev.understudy.core.automation;

import dev.understudy.core.automation.RehearsalCase.RealCommand;
import dev.understudy.core.automation.RehearsalCase.Recorded;
import dev.understudy.core.automation.RehearsalCase.StagedFile;
import dev.understudy.core.config.Config;
import dev.understudy.core.config.LimitsSection;
import dev.understudy.core.config.MarkedNode.Mapping;
import dev.understudy.core.config.MarkedNode.Mark;
import dev.understudy.core.config.SectionReader;
import dev.understudy.core.config.TomlDocument;
import dev.understudy.core.packages.PackageKind;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.triggers.TriggersSection;
import dev.understudy.core.workflow.Step;
import dev.understudy.core.workflow.StepGraph;
import dev.understudy.core.workflow.StepScript;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.ParameterVariable;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.spi.DayExpression;
import dev.understudy.spi.ScriptLanguage;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads automation files: the comment block, the TOML in it, and every mistake of both. */
final class AutomationReader {
    private static final Pattern START = Pattern.compile("(#|//|--) /// automation\\s*");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,59}");
    private static final String ID_FORM = "lower-case letters, digits and hyphens, starting with a letter, at most 60";

    private static final Pattern STEP = Pattern.compile("[a-z][a-z0-9_]*");
    private static final String STEP_FORM = "a function's name: lower-case letters, digits and underscores";

    private static final String POLYGLOT = "polyglot";
    private static final String EITHER = "either";
    private static final Map<String, String> RUNTIMES = runtimes();

    private final String file;
    private final String text;
    private final Config.Sandbox sandbox;
    private final List<Mistake> mistakes = new ArrayList<>();
    private boolean thorough;

    private AutomationReader(String file, String text, Config.Sandbox sandbox) {
        this.file = file;
        this.text = text;
        this.sandbox = sandbox;
    }

    static AutomationFile read(String file, String text, Config.Sandbox sandbox) {
        var reader = new AutomationReader(file, text, sandbox);
        AutomationFile read = reader.read();
        if (read == null || !reader.mistakes.isEmpty())
            throw UserException.badInput(reader.mistakes.stream()
                    .sorted(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column))
                    .toList());
        return read;
    }

    /** What a file says if it can be read, and all mistakes, also those that only a run would meet. */
    record Checked(Optional<AutomationFile> automation, List<Mistake> mistakes) {}

    static Checked check(String file, String text, Config.Sandbox sandbox) {
        var reader = new AutomationReader(file, text, sandbox);
        reader.thorough = true;
        Optional<AutomationFile> read = Optional.ofNullable(reader.read());
        return new Checked(read, reader.mistakes);
    }

    /** Whether a text has a block of metadata, right or wrong. */
    static boolean hasMetadata(String text) {
        return text.lines().anyMatch(START.asMatchPredicate());
    }

    /** The text with another id in its metadata. */
    static String withId(String text, String id) {
        return text.replaceFirst(
                "(?m)^((?:#|//|--) id\\s*=\\s*)(?:\"[^\"]*\"|'[^']*')", "$1\"" + Matcher.quoteReplacement(id) + "\"");
    }

    /** The text with the hash of its packages' lock in its metadata. */
    static String withPackages(String text, String sha256) {
        String line = "packages = \"" + sha256 + "\"";
        Matcher there = Pattern.compile("(?m)^((?:#|//|--) )packages\\s*=.*$").matcher(text);
        return there.find()
                ? there.replaceFirst("$1" + line)
                : text.replaceFirst("(?m)^((?:#|//|--) )(id\\s*=.*)$", "$1$2\n$1" + line);
    }

    private @Nullable AutomationFile read() {
        Block block = findBlock();
        if (block == null) return null;
        Optional<Mapping> root =
                TomlDocument.read(file, block.toml, new Mark(block.firstLine, block.mark.length() + 2), mistakes);
        return root.map(mapping -> read(SectionReader.of(file, mapping, mistakes), block.mark))
                .orElse(null);
    }

    private AutomationFile read(SectionReader root, String mark) {
        String id = root.requiredText("id", ID_FORM, ID.asMatchPredicate());
        String description = root.requiredText(
                "description",
                "one line for people",
                line -> !line.isBlank() && line.lines().count() == 1);
        ScriptLanguage language = language(root, mark);
        String runtime = root.choice("runtime", POLYGLOT, RUNTIMES);
        IsolationLevel isolation = root.choice("isolation", sandbox.isolationLevel(), levels());
        Map<String, ScriptParameter> parameters = parameters(root, language);
        SectionReader grants = root.section("grants");
        GrantTemplates granted = GrantTemplates.read(grants, parameters.keySet());
        if (thorough) granted.check(grants, isolation);
        var read = new AutomationFile(
                file,
                id,
                description,
                language,
                runtime.equals("native") ? ScriptRuntime.NATIVE : ScriptRuntime.POLYGLOT,
                isolation,
                LimitsSection.read(root.section("limits"), sandbox.limits()),
                granted,
                parameters,
                TriggersSection.read(file, root, triggerParameters(parameters)),
                root.flag("reuse", true),
                root.text("template", "", "a template's name", name -> !name.isBlank()),
                cases(root, parameters, language),
                steps(root, parameters, language),
                promises(root, runtime, language),
                packages(root, language),
                text);
        root.finish();
        return read;
    }

    private static Set<RunRequest.Promise> promises(SectionReader root, String runtime, ScriptLanguage language) {
        var promises = EnumSet.noneOf(RunRequest.Promise.class);
        if (root.flag("pure", false)) promises.add(RunRequest.Promise.PURE);
        boolean hasTwo = language == ScriptLanguage.PYTHON || language == ScriptLanguage.JAVASCRIPT;
        if (runtime.equals(EITHER) && hasTwo) promises.add(RunRequest.Promise.EITHER_RUNTIME);
        if (runtime.equals(EITHER) && !hasTwo)
            root.mistake("runtime", "is 'either'", "but " + language.id() + " has one runtime only");
        return promises;
    }

    private static ScriptLanguage language(SectionReader root, String mark) {
        var languages = new LinkedHashMap<String, ScriptLanguage>();
        for (ScriptLanguage language : ScriptLanguage.values()) languages.put(language.id(), language);
        if (!root.has("language"))
            root.requiredText("language", "one of " + String.join(", ", languages.keySet()), _ -> true);
        // For one that nobody knows stands one whose comments fit: of one mistake no second one is made.
        ScriptLanguage fitting = languages.values().stream()
                .filter(each -> each.lineComment().equals(mark))
                .findFirst()
                .orElse(ScriptLanguage.PYTHON);
        ScriptLanguage language = root.choice("language", fitting, languages);
        if (root.has("language") && !language.lineComment().equals(mark))
            root.mistake(
                    "language",
                    "is '" + language.id() + "', whose comments start with '" + language.lineComment() + "'",
                    "but this block's lines start with '" + mark + "'");
        return language;
    }

    private static PackagesOfScript packages(SectionReader root, ScriptLanguage language) {
        List<String> dependencies = root.texts("dependencies", "a package's name and version", text -> !text.isBlank());
        String locked =
                root.text("packages", "", "the SHA-256 of a lock of packages", text -> text.matches("[0-9a-f]{64}"));
        Optional<PackageKind> kind = ScriptPackages.kind(language);
        for (String each : dependencies)
            kind.flatMap(of -> of.problem(each))
                    .ifPresent(problem -> root.mistake(
                            "dependencies",
                            "names what cannot be fetched: " + problem,
                            "but must hold names and versions"));
        if (kind.isEmpty())
            for (String key : List.of("dependencies", "packages"))
                if (root.has(key))
                    root.mistake(key, "is given for '" + language.id() + "'", "but is for python and js");
        return new PackagesOfScript(dependencies, locked, null);
    }

    private static Map<String, String> runtimes() {
        var runtimes = new LinkedHashMap<String, String>();
        for (String word : List.of(POLYGLOT, "native", EITHER)) runtimes.put(word, word);
        return runtimes;
    }

    private static Map<String, IsolationLevel> levels() {
        var levels = new LinkedHashMap<String, IsolationLevel>();
        for (IsolationLevel level : IsolationLevel.values()) levels.put(level.id(), level);
        return levels;
    }

    private static Map<String, ScriptParameter> parameters(SectionReader root, ScriptLanguage language) {
        var parameters = new LinkedHashMap<String, ScriptParameter>();
        var variables = new HashMap<String, String>();
        root.namedSections("parameters").forEach((name, section) -> {
            if (!GrantTemplates.isParameterName(name))
                section.mistake("", "has the name '" + name + "'", "but must be named by letters, digits and '_'");
            // Only Bash is given its parameters as variables; elsewhere names that differ are two.
            String other = language == ScriptLanguage.BASH ? variables.put(ParameterVariable.of(name), name) : null;
            if (other != null)
                section.mistake(
                        "",
                        "has the name '" + name + "', and another one is '" + other + "'",
                        "but both would be the variable " + ParameterVariable.of(name) + "; rename one");
            ParameterType type = section.choice("type", ParameterType.STRING, ParameterType.byId());
            if (!section.has("type"))
                section.requiredText(
                        "type",
                        "one of " + String.join(", ", ParameterType.byId().keySet()),
                        _ -> true);
            Object fallback = section.plain("default");
            var parameter =
                    new ScriptParameter(name, type, fallback, section.text("description", "", "a text", _ -> true));
            checkDefault(section, parameter);
            parameters.put(name, parameter);
            section.finish();
        });
        return parameters;
    }

    private static void checkDefault(SectionReader section, ScriptParameter parameter) {
        Object fallback = parameter.fallback();
        if (fallback == null || parameter.convert(fallback).isPresent()) return;
        boolean day = parameter.type() == ParameterType.DATE;
        if (day && fallback instanceof String text && DayExpression.parse(text).isPresent()) return;
        String more = day ? ", or one of " + String.join(", ", DayExpression.names()) + " in braces" : "";
        section.mistake("default", "is " + AutomationFile.json(fallback), "but must be " + parameter.form() + more);
    }

    private static List<TriggersSection.Parameter> triggerParameters(Map<String, ScriptParameter> parameters) {
        return parameters.values().stream()
                .map(parameter -> new TriggersSection.Parameter(
                        parameter.name(),
                        parameter.fallback() == null,
                        parameter.type() == ParameterType.PATH || parameter.type() == ParameterType.STRING))
                .toList();
    }

    private static List<RehearsalCase> cases(
            SectionReader root, Map<String, ScriptParameter> parameters, ScriptLanguage language) {
        var cases = new ArrayList<RehearsalCase>();
        var names = new LinkedHashSet<String>();
        for (SectionReader section : root.sections("tests")) {
            String name = section.text("name", "case " + (cases.size() + 1), "a text", text -> !text.isBlank());
            if (!names.add(name)) section.mistake("name", "is '" + name + "'", "but another test has this name");
            SectionReader expect = section.section("expect");
            var reader = new ExpectReader(expect, language);
            Ending ending = reader.ending();
            cases.add(new RehearsalCase(
                    name,
                    caseParameters(section, parameters),
                    section.sections("files").stream()
                            .map(AutomationReader::stagedFile)
                            .toList(),
                    ending,
                    reader.checks(ending),
                    reader.changes(),
                    section.sections("responses").stream()
                            .map(AutomationReader::response)
                            .toList(),
                    section.flag("held_out", false),
                    command(section),
                    recorded(section),
                    section.has("expect") || !section.has("command")));
            expect.finish();
            section.finish();
        }
        return cases;
    }

    private static Map<String, Object> caseParameters(SectionReader section, Map<String, ScriptParameter> parameters) {
        Map<String, Object> given = object(section, "params");
        given.forEach((name, value) -> {
            ScriptParameter parameter = parameters.get(name);
            if (parameter == null) section.mistake("params", "gives '" + name + "'", "but no parameter has this name");
            else if (parameter.convert(value).isEmpty())
                section.mistake(
                        "params",
                        "gives '" + name + "' as " + AutomationFile.json(value),
                        "but it must be " + parameter.form());
        });
        for (ScriptParameter parameter : parameters.values()) {
            if (parameter.fallback() == null && !given.containsKey(parameter.name()))
                section.mistake("params", "gives no '" + parameter.name() + "'", "which has no default");
        }
        return given;
    }

    private static List<Step> steps(
            SectionReader root, Map<String, ScriptParameter> parameters, ScriptLanguage language) {
        var steps = new ArrayList<Step>();
        for (SectionReader section : root.sections("steps")) {
            String name = section.requiredText("name", STEP_FORM, STEP.asMatchPredicate());
            List<String> before = section.texts("after", "the name of a step", STEP.asMatchPredicate());
            // Without a word about it, a step waits for the one that stands before it.
            boolean inOrder = !section.has("after") && !steps.isEmpty();
            var step = new Step(
                    name.isEmpty() ? "step" : name,
                    inOrder ? List.of(steps.getLast().name()) : before,
                    section.choice(
                            "on_error",
                            Step.OnError.STOP,
                            ordered(
                                    Step.OnError.STOP.id(),
                                    Step.OnError.STOP,
                                    Step.OnError.CONTINUE.id(),
                                    Step.OnError.CONTINUE)),
                    section.integer("retries", 0, 0, Step.MAX_RETRIES),
                    section.flag("pure", false) ? Step.Purity.PURE : Step.Purity.NONE);
            steps.add(step);
            section.finish();
        }
        if (steps.isEmpty()) return steps;
        StepGraph.problem(steps).ifPresent(problem -> root.mistake("steps", problem, "so none could run in order"));
        if (!StepScript.speaks(RunRequest.Language.valueOf(language.name())))
            root.mistake("steps", "are given for '" + language.id() + "'", "but are for python and js");
        if (parameters.containsKey("steps"))
            root.mistake("parameters", "name one 'steps'", "but each step finds there what the steps before it gave");
        return steps;
    }

    private static StagedFile stagedFile(SectionReader section) {
        String mode = section.text("mode", "", "three octal digits, like 600", text -> text.matches("0?[0-7]{3}"));
        String target = section.text("link", "", "what a symbolic link leads to", AutomationReader::isPath);
        var staged = new StagedFile(
                section.requiredText("path", "a path", AutomationReader::isPath),
                section.text("text", "", "a text", _ -> true),
                section.text("base64", "", "the contents of a file in Base64", AutomationReader::isBase64),
                section.flag("directory", false),
                mode.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(mode, 8)),
                instant(section, "modified"),
                target.isEmpty() ? Optional.empty() : Optional.of(target));
        for (String key : List.of("text", "base64"))
            if (staged.directory() && section.has(key)) section.mistake(key, "is given", "but a folder has none");
        if (section.has("text") && section.has("base64"))
            section.mistake("base64", "is given beside text", "but a file holds one or the other");
        for (String key : List.of("text", "base64", "directory", "mode", "modified"))
            if (section.has("link") && section.has(key)) section.mistake(key, "is given", "but a link has none");
        section.finish();
        return staged;
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Optional<Instant> instant(SectionReader section, String key) {
        String text = section.text(key, "", "a time like 1970-01-02T03:04:05Z", AutomationReader::isInstant);
        return text.isEmpty() || !isInstant(text) ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    private static boolean isInstant(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    private static Optional<RealCommand> command(SectionReader test) {
        if (!test.has("command")) return Optional.empty();
        SectionReader section = test.section("command");
        var command = new RealCommand(
                section.requiredText("line", "a command line for Bash", text -> !text.isBlank()),
                section.text("folder", "~", "the folder in which it runs", AutomationReader::isPath),
                section.texts("programs", "a program's name", text -> !text.isBlank() && text.indexOf('/') < 0));
        if (command.programs().isEmpty())
            test.mistake("command", "names no programs", "but the jail shows only those that are named");
        section.finish();
        return command.programs().isEmpty() ? Optional.empty() : Optional.of(command);
    }

    private static Optional<Recorded> recorded(SectionReader test) {
        if (!test.has("recorded")) return Optional.empty();
        SectionReader section = test.section("recorded");
        Optional<Instant> started = instant(section, "started");
        if (started.isEmpty()) section.mistake("started", "is missing", "but the files must be of that time");
        var recorded = new Recorded(
                started.orElse(Instant.EPOCH),
                Duration.ofSeconds(section.integer("seconds", 0, 0, Integer.MAX_VALUE)),
                section.texts("inputs", "a path", AutomationReader::isPath),
                section.requiredText("output", "a path", AutomationReader::isPath));
        section.finish();
        return Optional.of(recorded);
    }

    private static RunRequest.Response response(SectionReader section) {
        var headers = new LinkedHashMap<String, String>();
        object(section, "headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
        var response = new RunRequest.Response(
                section.text("method", "GET", "a method in capitals, like GET", method -> method.matches("[A-Z]+")),
                section.requiredText("url", "the URL that the script asks for", url -> !url.isBlank()),
                section.integer("status", 200, 100, 599),
                headers,
                section.text("text", "", "a text", _ -> true));
        section.finish();
        return response;
    }

    private static Map<String, Object> object(SectionReader section, String key) {
        return section.section(key).plainEntries();
    }

    static boolean isPath(String text) {
        return !text.isBlank() && text.indexOf('\0') < 0;
    }

    private static <T> Map<String, T> ordered(String first, T firstValue, String second, T secondValue) {
        var map = new LinkedHashMap<String, T>();
        map.put(first, firstValue);
        map.put(second, secondValue);
        return map;
    }

    /** The metadata's text, its first line counted from 1, and the comment mark of its lines. */
    private record Block(String mark, String toml, int firstLine) {}

    private @Nullable Block findBlock() {
        String[] lines = text.split("\\R", -1);
        Block found = null;
        for (int i = 0; i < lines.length; i++) {
            Matcher start = START.matcher(lines[i]);
            if (!start.matches()) continue;
            if (found != null) {
                note(i + 1, "a second metadata block starts here", "one file holds one automation");
                return null;
            }
            String mark = start.group(1);
            var toml = new StringBuilder();
            int end = i + 1;
            while (end < lines.length && !lines[end].stripTrailing().equals(mark + " ///")) {
                String line = lines[end];
                if (!line.equals(mark) && !line.startsWith(mark + " ")) {
                    note(end + 1, "the metadata block does not end", "end it with a line '" + mark + " ///'");
                    return null;
                }
                toml.append(line.substring(Math.min(line.length(), mark.length() + 1)))
                        .append('\n');
                end++;
            }
            if (end == lines.length) {
                note(i + 1, "the metadata block does not end", "end it with a line '" + mark + " ///'");
                return null;
            }
            found = new Block(mark, toml.toString(), i + 2);
            i = end;
        }
        if (found == null) {
            String mark =
                    OwnScripts.languageOf(file).map(ScriptLanguage::lineComment).orElse("#");
            note(
                    1,
                    "this file has no metadata",
                    "an automation starts with a comment line '" + mark + " /// automation'");
        }
        return found;
    }

    private void note(int line, String found, String allowed) {
        mistakes.add(new Mistake(file, line, 1, "", found, allowed));
    }
}
