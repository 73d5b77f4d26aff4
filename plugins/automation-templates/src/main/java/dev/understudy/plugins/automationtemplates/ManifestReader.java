package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Manifest.Step;
import dev.understudy.spi.ScriptLanguage;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a template's folder: {@value #FILE_NAME} and the script texts that it names. */
final class ManifestReader {
    static final String FILE_NAME = "template.toml";

    private static final Set<String> TEMPLATE_KEYS = Set.of(
            "name",
            "description",
            "types",
            "action_names",
            "ignored",
            "operations",
            "functions",
            "library",
            "steps",
            "without");
    private static final Set<String> STEP_KEYS = Set.of("id", "title", "summary", "python", "js", "parameters");
    private static final Set<String> OPERATION_KEYS = Set.of(
            "id",
            "summary",
            "title",
            "scripts",
            "programs",
            "reads",
            "writes",
            "writes_beside",
            "types",
            "actions",
            "operands",
            "flags",
            "parameters");
    private static final Set<String> PARAMETER_KEYS =
            Set.of("type", "names", "pattern_names", "sibling_names", "options", "description", "default");

    private final Path folder;
    private final Path file;

    private ManifestReader(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(FILE_NAME);
    }

    /**
     * Reads the template in a folder.
     *
     * @throws TemplateException if anything in it is wrong
     */
    static Manifest read(Path folder) throws TemplateException {
        return new ManifestReader(folder).read();
    }

    private Manifest read() throws TemplateException {
        TomlParseResult toml = Toml.parse(text(file));
        if (toml.hasErrors()) {
            TomlParseError error = toml.errors().getFirst();
            throw new TemplateException(file, error.position().line(), "", "is no TOML: " + error.getMessage());
        }
        requireKnown(toml, "", TEMPLATE_KEYS);
        Map<ScriptLanguage, ScriptComposer> library = library(toml);
        Map<ScriptLanguage, FunctionLibrary> functions = functions(toml);
        var operations = new ArrayList<Operation>();
        TomlArray tables = array(toml, "", "operations");
        if (tables.isEmpty()) throw problem(toml, "operations", "is missing, but a template needs at least one");
        for (int i = 0; i < tables.size(); i++) {
            if (!(tables.get(i) instanceof TomlTable table))
                throw problem(toml, "operations", "must be tables, written as [[operations]]");
            operations.add(operation(table, "operations[" + i + "]", library, functions));
        }
        String name = string(toml, "", "name");
        if (!name.matches("[a-z][a-z0-9_]*"))
            throw problem(toml, "name", "is '" + name + "', but must be lower-case letters, digits and underscores");
        return new Manifest(
                name,
                string(toml, "", "description"),
                words(toml, "", "types"),
                List.copyOf(words(toml, "", "action_names")),
                words(toml, "", "ignored"),
                operations,
                library,
                steps(toml),
                without(toml));
    }

    private Map<ScriptLanguage, ScriptComposer> library(TomlTable toml) throws TemplateException {
        var library = new EnumMap<ScriptLanguage, ScriptComposer>(ScriptLanguage.class);
        if (toml.get(List.of("library")) == null) return library;
        for (var script : scripts(toml, "", "library", Map.of()).entrySet()) {
            var composer = new ScriptComposer(script.getKey(), script.getValue());
            if (!composer.isWhole())
                throw problem(toml, "library", "has no function execute with the comment 'The steps go here.'");
            library.put(script.getKey(), composer);
        }
        return library;
    }

    private Map<ScriptLanguage, FunctionLibrary> functions(TomlTable toml) throws TemplateException {
        var functions = new EnumMap<ScriptLanguage, FunctionLibrary>(ScriptLanguage.class);
        if (toml.get(List.of("functions")) == null) return functions;
        scripts(toml, "", "functions", Map.of())
                .forEach((language, text) -> functions.put(language, new FunctionLibrary(language, text)));
        return functions;
    }

    private Map<ScriptLanguage, String> without(TomlTable toml) throws TemplateException {
        var without = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
        if (toml.get(List.of("without")) == null) return without;
        TomlTable reasons = table(toml, "", "without");
        for (String languageId : inOrder(reasons))
            without.put(language(reasons, "without", languageId), string(reasons, "without", languageId));
        return without;
    }

    private ScriptLanguage language(TomlTable table, String at, String id) throws TemplateException {
        return Arrays.stream(ScriptLanguage.values())
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> problem(table, at, id, "is no language; js, python, bash, applescript are"));
    }

    private Map<String, Step> steps(TomlTable toml) throws TemplateException {
        var steps = new LinkedHashMap<String, Step>();
        TomlArray tables = array(toml, "", "steps");
        for (int i = 0; i < tables.size(); i++) {
            String at = "steps[" + i + "]";
            if (!(tables.get(i) instanceof TomlTable table))
                throw problem(toml, "steps", "must be tables, written as [[steps]]");
            requireKnown(table, at, STEP_KEYS);
            Map<String, Parameter> parameters =
                    table.get(List.of("parameters")) == null ? Map.of() : parameters(table, at);
            var statements = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
            for (ScriptLanguage language : List.of(ScriptLanguage.PYTHON, ScriptLanguage.JAVASCRIPT)) {
                if (table.get(List.of(language.id())) == null) continue;
                String statement = string(table, at, language.id());
                requireDeclared(language, file, statement, parameters);
                statements.put(language, statement);
            }
            if (statements.isEmpty()) throw problem(table, at, "python", "is missing, and so is js");
            String id = string(table, at, "id");
            String title = table.get(List.of("title")) == null ? "" : string(table, at, "title");
            String summary = table.get(List.of("summary")) == null ? "" : sentence(table, at, "summary", parameters);
            steps.put(id, new Step(id, title, summary, statements, parameters));
        }
        return steps;
    }

    private Map<String, Parameter> parameters(TomlTable table, String at) throws TemplateException {
        var parameters = new LinkedHashMap<String, Parameter>();
        TomlTable parameterTables = table(table, at, "parameters");
        for (String name : inOrder(parameterTables)) {
            if (!name.matches("[a-z][a-z0-9_]*"))
                throw problem(parameterTables, at + ".parameters", name, "must be a lower-case identifier");
            if (!(parameterTables.get(List.of(name)) instanceof TomlTable parameter))
                throw problem(parameterTables, at + ".parameters", name, "must be a table");
            parameters.put(name, parameter(parameter, at + ".parameters." + name, name));
        }
        return parameters;
    }

    private Operation operation(
            TomlTable table,
            String at,
            Map<ScriptLanguage, ScriptComposer> library,
            Map<ScriptLanguage, FunctionLibrary> functions)
            throws TemplateException {
        requireKnown(table, at, OPERATION_KEYS);
        Map<String, Parameter> parameters = parameters(table, at);
        Set<String> reads = parameterNames(table, at, "reads", parameters);
        Set<String> writes = parameterNames(table, at, "writes", parameters);
        Map<ScriptLanguage, String> scripts = table.get(List.of("scripts")) == null && !library.isEmpty()
                ? Map.of()
                : scripts(table, at, "scripts", parameters);
        var complete = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
        scripts.forEach((language, text) -> {
            FunctionLibrary known = functions.get(language);
            complete.put(language, known == null ? text : known.complete(text));
        });
        return new Operation(
                string(table, at, "id"),
                sentence(table, at, "summary", parameters),
                sentence(table, at, "title", parameters),
                complete,
                List.copyOf(words(table, at, "programs")),
                List.copyOf(reads),
                List.copyOf(writes),
                List.copyOf(parameterNames(table, at, "writes_beside", parameters)),
                words(table, at, "types"),
                words(table, at, "actions"),
                parameters,
                command(table, at, parameters));
    }

    /** What the words of a shell command are, where the operation says so. */
    private Optional<Manifest.Command> command(TomlTable table, String at, Map<String, Parameter> parameters)
            throws TemplateException {
        Set<String> operands = words(table, at, "operands");
        Set<String> flags = words(table, at, "flags");
        var options = new LinkedHashMap<String, Set<String>>();
        TomlTable declared = table(table, at, "parameters");
        for (String name : parameters.keySet()) {
            if (!(declared.get(List.of(name)) instanceof TomlTable parameter)) continue;
            Set<String> its = words(parameter, at + ".parameters." + name, "options");
            for (String option : its)
                if (!option.matches("--?[A-Za-z0-9][A-Za-z0-9-]*"))
                    throw problem(
                            parameter,
                            at + ".parameters." + name,
                            "options",
                            "holds '" + option + "', which is no option");
            if (!its.isEmpty()) options.put(name, its);
        }
        for (String operand : operands)
            if (!parameters.containsKey(operand))
                throw problem(table, at, "operands", "names '" + operand + "', which is no parameter");
        return operands.isEmpty() && flags.isEmpty() && options.isEmpty()
                ? Optional.empty()
                : Optional.of(new Manifest.Command(List.copyOf(operands), flags, options));
    }

    private Parameter parameter(TomlTable table, String at, String name) throws TemplateException {
        requireKnown(table, at, PARAMETER_KEYS);
        String type = string(table, at, "type");
        Kind kind = Arrays.stream(Kind.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(type))
                .findFirst()
                .orElseThrow(() -> problem(
                        table,
                        at,
                        "type",
                        "is '" + type
                                + "', but must be path, paths, folder, string, strings, integer, number or boolean"));
        Set<String> names = words(table, at, "names");
        Object standard = table.get(List.of("default"));
        boolean fits = standard == null
                || switch (kind) {
                    case PATH, FOLDER, STRING -> standard instanceof String;
                    case PATHS, STRINGS -> standard instanceof TomlArray;
                    case INTEGER -> standard instanceof Long;
                    case NUMBER -> standard instanceof Long || standard instanceof Double;
                    case BOOLEAN -> standard instanceof Boolean;
                };
        if (!fits) throw problem(table, at, "default", "does not have the type " + type);
        return new Parameter(
                kind,
                names.isEmpty() ? List.of(name) : List.copyOf(names),
                List.copyOf(words(table, at, "pattern_names")),
                List.copyOf(words(table, at, "sibling_names")),
                string(table, at, "description"),
                Optional.ofNullable(standard instanceof TomlArray array ? array.toList() : standard));
    }

    private Map<ScriptLanguage, String> scripts(
            TomlTable table, String at, String key, Map<String, Parameter> parameters) throws TemplateException {
        TomlTable names = table(table, at, key);
        String prefix = at.isEmpty() ? key : at + "." + key;
        var scripts = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
        for (String languageId : inOrder(names)) {
            ScriptLanguage language = language(names, prefix, languageId);
            if (!(names.get(List.of(languageId)) instanceof String name) || name.isBlank())
                throw problem(names, prefix, languageId, "must be a file name");
            Path script = folder.resolve(name).normalize();
            if (!script.startsWith(folder.normalize()))
                throw problem(names, prefix, languageId, "is '" + name + "', outside the template's folder");
            if (!Files.isRegularFile(script))
                throw problem(names, prefix, languageId, "names '" + name + "', but there is no such file");
            String text = text(script);
            if (key.equals("scripts")) requireDeclared(language, script, text, parameters);
            scripts.put(language, text.strip() + "\n");
        }
        if (scripts.isEmpty()) throw problem(table, at, key, "is empty, but an operation needs one script");
        return scripts;
    }

    private static void requireDeclared(
            ScriptLanguage language, Path script, String text, Map<String, Parameter> parameters)
            throws TemplateException {
        Matcher use = ParameterUse.in(language).matcher(text);
        while (use.find()) {
            String name = ParameterUse.name(use);
            int line = (int) text.substring(0, use.start()).lines().count();
            if (!parameters.containsKey(name))
                throw new TemplateException(
                        script, line, "params." + name, "is used, but the operation declares no such parameter");
        }
    }

    private Set<String> parameterNames(TomlTable table, String at, String key, Map<String, Parameter> parameters)
            throws TemplateException {
        Set<String> names = words(table, at, key);
        for (String name : names) {
            Parameter parameter = parameters.get(name);
            if (parameter == null || !parameter.kind().isPath())
                throw problem(table, at, key, "names '" + name + "', which is no parameter of type path or paths");
        }
        return names;
    }

    private String sentence(TomlTable table, String at, String key, Map<String, Parameter> parameters)
            throws TemplateException {
        String text = string(table, at, key);
        for (String name : Shape.parse(text).variables())
            if (!parameters.containsKey(name))
                throw problem(table, at, key, "speaks of {" + name + "}, which is no parameter");
        return text;
    }

    private void requireKnown(TomlTable table, String at, Set<String> known) throws TemplateException {
        for (String key : inOrder(table))
            if (!known.contains(key))
                throw problem(
                        table,
                        at,
                        key,
                        "is unknown; known are "
                                + String.join(", ", known.stream().sorted().toList()));
    }

    private String string(TomlTable table, String at, String key) throws TemplateException {
        Object value = table.get(List.of(key));
        if (value == null) throw problem(table, at, key, "is missing");
        if (!(value instanceof String text) || text.isBlank())
            throw problem(table, at, key, "must be a text that is not blank");
        return text;
    }

    private Set<String> words(TomlTable table, String at, String key) throws TemplateException {
        var words = new LinkedHashSet<String>();
        TomlArray array = array(table, at, key);
        for (Object word : array.toList()) {
            if (!(word instanceof String text)) throw problem(table, at, key, "must be a list of texts");
            words.add(text);
        }
        return words;
    }

    private TomlArray array(TomlTable table, String at, String key) throws TemplateException {
        Object value = table.get(List.of(key));
        if (value == null) return NOTHING;
        if (value instanceof TomlArray array) return array;
        throw problem(table, at, key, "must be a list");
    }

    private TomlTable table(TomlTable table, String at, String key) throws TemplateException {
        if (table.get(List.of(key)) instanceof TomlTable inner) return inner;
        throw problem(table, at, key, "must be a table");
    }

    private static final TomlArray NOTHING = Toml.parse("nothing = []").getArrayOrEmpty("nothing");

    private static List<String> inOrder(TomlTable table) {
        var keys = new ArrayList<>(table.keySet());
        keys.sort((a, b) -> {
            TomlPosition first = table.inputPositionOf(List.of(a));
            TomlPosition second = table.inputPositionOf(List.of(b));
            if (first == null || second == null) return 0;
            int byLine = Integer.compare(first.line(), second.line());
            return byLine != 0 ? byLine : Integer.compare(first.column(), second.column());
        });
        return keys;
    }

    private TemplateException problem(TomlTable table, String key, String what) {
        return problem(table, "", key, what);
    }

    private TemplateException problem(TomlTable table, String at, String key, String what) {
        @Nullable TomlPosition position = table.inputPositionOf(List.of(key));
        return new TemplateException(
                file, position == null ? 1 : position.line(), at.isEmpty() ? key : at + "." + key, what);
    }

    private static String text(Path path) throws TemplateException {
        try {
            return Files.readString(path);
        } catch (MalformedInputException e) {
            throw new TemplateException(path, 1, "", "is not UTF-8 text");
        } catch (IOException e) {
            throw new TemplateException(path, 1, "", "cannot be read: " + e);
        }
    }
}
