package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * Writes one automation file: metadata, a comment that names the evidence, the script.
 *
 * <p>The script is the template's text as it is. Everything observed stands in the metadata as a parameter's default, a
 * grant or a test; a parameter that holds variables itself ({@code ~/{name}.txt}) is filled in where the script reads it.
 */
final class AutomationWriter {
    private static final int MAX_TESTS = 5;
    private static final int MAX_DESCRIPTION = 300;

    private final String template;
    private final TaskPattern pattern;
    private final Operation operation;
    private final Map<String, Value> values;
    private final ScriptLanguage language;
    private final List<Map<String, String>> bindings = new ArrayList<>();
    private final Map<String, Set<String>> observed = new LinkedHashMap<>();

    private final Map<String, Declared> declared = new LinkedHashMap<>();
    /** How the script reads each parameter of the operation. */
    private final Map<String, Reading> readings = new LinkedHashMap<>();

    /** A parameter of the automation; {@code inTask} gives its value in one task if it varies. */
    private record Declared(
            String type,
            Object standard,
            String description,
            Function<Map<String, String>, Object> inTask,
            boolean varies) {}

    private enum Filling {
        AS_IS,
        TEXT,
        LIST
    }

    private record Reading(String parameter, Filling filling) {}

    private AutomationWriter(
            String template,
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            ScriptLanguage language) {
        this.template = template;
        this.pattern = pattern;
        this.operation = operation;
        this.values = values;
        this.language = language;
    }

    /**
     * Writes the automation.
     *
     * @param values what the pattern gives for the operation's parameters; those it does not give take their default
     * @param wished the language to use if the operation has a script in it
     */
    static Draft write(
            String template,
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Rehearsal rehearsal,
            ScriptLanguage wished)
            throws NotAutomatable {
        ScriptLanguage language = operation.scripts().containsKey(wished)
                ? wished
                : operation.scripts().containsKey(ScriptLanguage.PYTHON)
                        ? ScriptLanguage.PYTHON
                        : operation.scripts().keySet().stream()
                                .sorted()
                                .findFirst()
                                .orElseThrow();
        return new AutomationWriter(template, pattern, operation, values, language).write(rehearsal);
    }

    private Draft write(Rehearsal rehearsal) throws NotAutomatable {
        collectObserved();
        for (String name : operation.parameters().keySet()) declare(name);
        String id = id();
        var metadata = new ArrayList<String>();
        metadata.add("id = " + Toml.string(id));
        metadata.add("description = " + Toml.string(description()));
        metadata.add("language = " + Toml.string(language.id()));
        metadata.add("template = " + Toml.string(template));
        metadata.add("grants = " + Toml.value(grants()));
        declared.forEach(
                (name, parameter) -> metadata.add("parameters." + name + " = " + Toml.value(table(parameter))));
        for (Map<String, Object> test : tests(rehearsal)) {
            metadata.add("");
            metadata.add("[[tests]]");
            test.forEach((key, value) -> metadata.add(key + " = " + Toml.value(value)));
        }
        String mark = language.lineComment();
        var text = new StringBuilder();
        text.append(mark).append(" /// automation\n");
        for (String line : metadata)
            text.append((mark + " " + line).stripTrailing()).append('\n');
        text.append(mark).append(" ///\n");
        for (String line : evidence())
            text.append(mark).append(' ').append(line).append('\n');
        text.append(code());
        return new Draft(id, language, text.toString());
    }

    private static Map<String, Object> table(Declared parameter) {
        var table = new LinkedHashMap<String, Object>();
        table.put("type", parameter.type());
        table.put("default", parameter.standard());
        table.put("description", parameter.description());
        return table;
    }

    // ---- what was observed

    private void collectObserved() throws NotAutomatable {
        for (Variable variable : pattern.variables())
            observed.put(variable.name(), new LinkedHashSet<>(variable.values()));
        var used = new LinkedHashSet<String>();
        values.values().forEach(value -> used.addAll(value.variables()));
        for (Observation observation : pattern.observations()) {
            observation.bindings().forEach((name, value) -> {
                Set<String> known = observed.get(name);
                if (known != null) known.add(value);
            });
            if (!observation.task().success()
                    || !observation.bindings().keySet().containsAll(used)) continue;
            var relevant = new LinkedHashMap<String, String>();
            for (String name : used) relevant.put(name, observation.bindings().get(name));
            bindings.add(relevant);
        }
        for (String name : used)
            if (!observed.containsKey(name))
                throw NotAutomatable.mine("it varies in {" + name + "}, of which nothing is known");
        if (bindings.isEmpty()) {
            if (!pattern.observations().isEmpty()) throw NotAutomatable.mine("none of its observed tasks succeeded");
            var latest = new LinkedHashMap<String, String>();
            for (String name : used) {
                Set<String> known = observed.getOrDefault(name, Set.of());
                if (known.isEmpty()) throw NotAutomatable.mine("no value of {" + name + "} was kept");
                latest.put(name, known.iterator().next());
            }
            bindings.add(latest);
        }
        for (Map<String, String> binding : bindings) {
            for (Value value : values.values())
                for (String text : value.fill(binding))
                    if (!Toml.canHold(text) || text.indexOf('\0') >= 0)
                        throw NotAutomatable.mine("one of its values is no valid text");
        }
    }

    private Set<String> observed(String variable) {
        return observed.getOrDefault(variable, Set.of());
    }

    private Map<String, String> latest() {
        return bindings.getFirst();
    }

    // ---- parameters

    private void declare(String name) throws NotAutomatable {
        Parameter parameter = operation.parameters().get(name);
        if (parameter == null) throw new IllegalStateException("no parameter " + name);
        Value value = values.get(name);
        if (value == null) {
            Object standard = parameter
                    .standard()
                    .orElseThrow(() -> new IllegalStateException(
                            "operation " + operation.id() + " was matched without its parameter " + name));
            declareConstant(name, parameter, standard);
            return;
        }
        Value fitted =
                parameter.kind().isList() && value instanceof Value.Text(Shape shape) ? Value.Words.of(shape) : value;
        if (fitted.variables().isEmpty()) {
            declareConstant(name, parameter, typed(name, parameter.kind(), fitted.fill(Map.of())));
            return;
        }
        String alone = loneVariable(fitted);
        if (alone != null && declareVariable(alone, parameter, fitted)) {
            readings.put(name, new Reading(alone, Filling.AS_IS));
            return;
        }
        String own = ownName(name, parameter.kind());
        if (isWhole(parameter.kind(), fitted)) {
            declared.put(
                    own,
                    new Declared(
                            parameter.kind().type(),
                            typed(name, parameter.kind(), fitted.fill(latest())),
                            parameter.description(),
                            binding -> typedUnchecked(name, parameter.kind(), fitted.fill(binding)),
                            true));
            readings.put(name, new Reading(own, Filling.AS_IS));
            return;
        }
        for (String variable : fitted.variables()) declareText(variable);
        Object standard = parameter.kind().isList()
                ? templates(fitted)
                : templates(fitted).getFirst();
        declared.put(
                own,
                new Declared(
                        parameter.kind().isList() ? "list" : "string",
                        standard,
                        parameter.description() + " " + inBraces(fitted.variables()),
                        _ -> standard,
                        false));
        readings.put(name, new Reading(own, parameter.kind().isList() ? Filling.LIST : Filling.TEXT));
    }

    private static String inBraces(Set<String> variables) {
        return variables.stream().map(each -> "{" + each + "}").collect(Collectors.joining(" and "))
                + (variables.size() == 1 ? " stands for that parameter." : " stand for those parameters.");
    }

    private void declareConstant(String name, Parameter parameter, Object standard) {
        String own = ownName(name, parameter.kind());
        declared.put(
                own, new Declared(parameter.kind().type(), standard, parameter.description(), _ -> standard, false));
        readings.put(name, new Reading(own, Filling.AS_IS));
    }

    /** The variable that is all of the value, whichever form it has. */
    private static @org.jspecify.annotations.Nullable String loneVariable(Value value) {
        return switch (value) {
            case Value.Text(Shape shape) -> shape.wholeVariable().orElse(null);
            case Value.Words(List<Word> words) ->
                words.size() == 1
                                && words.getFirst() instanceof Word.Run(String variable, Shape folder)
                                && folder.isEmpty()
                        ? variable
                        : null;
        };
    }

    /** Declares a variable as the parameter it is; false if it is used elsewhere as another type. */
    private boolean declareVariable(String variable, Parameter parameter, Value value) throws NotAutomatable {
        if (isPartOfAnother(variable)) return false;
        Kind kind = parameter.kind();
        Object standard = typed(variable, kind, value.fill(latest()));
        for (Map<String, String> binding : bindings) typed(variable, kind, value.fill(binding));
        Declared before = declared.get(variable);
        if (before != null) return before.type().equals(kind.type());
        declared.put(
                variable,
                new Declared(
                        kind.type(),
                        standard,
                        parameter.description(),
                        binding -> typedUnchecked(variable, kind, value.fill(binding)),
                        true));
        return true;
    }

    private boolean isPartOfAnother(String variable) {
        return values.values().stream()
                .anyMatch(value -> value.variables().contains(variable) && !variable.equals(loneVariable(value)));
    }

    private void declareText(String variable) {
        declared.putIfAbsent(
                variable,
                new Declared(
                        "string",
                        latest().getOrDefault(variable, ""),
                        describe(variable),
                        binding -> binding.getOrDefault(variable, ""),
                        true));
    }

    private String describe(String variable) {
        for (Variable each : pattern.variables()) {
            if (!each.name().equals(variable)) continue;
            String what = switch (each.kind()) {
                case PATH -> "A path";
                case GLOB -> "A pattern of file names";
                case NUMBER -> "A number";
                case DATE -> "A date";
                case URL -> "A URL";
                case HOST -> "A host name";
                case IDENTIFIER -> "A name";
                case TEXT -> "A text";
                case LIST -> "Some words";
            };
            return what + " that varied from task to task (" + each.distinctValues() + " different seen).";
        }
        return "What varied from task to task.";
    }

    private String ownName(String name, Kind kind) {
        String own = name;
        while (observed.containsKey(own) || declared.containsKey(own)) own += kind.isPath() ? "_path" : "_text";
        return own;
    }

    /**
     * Whether a parameter must be given as a whole in each run: a part of a path may hold no slash (a grant that names
     * it would reach beside what it says), and a run of elements has no place in a longer list of texts to fill in.
     */
    private boolean isWhole(Kind kind, Value value) {
        if (language != ScriptLanguage.PYTHON && language != ScriptLanguage.JAVASCRIPT) return true;
        if (kind != Kind.STRING && kind != Kind.STRINGS && !kind.isPath()) return true;
        if (value instanceof Value.Words(List<Word> words) && words.stream().anyMatch(Word.Run.class::isInstance))
            return true;
        if (!kind.isPath()) return false;
        for (Shape shape : shapes(value)) {
            if (shape.wholeVariable().isPresent()) {
                // A pattern's folder is what must be granted, and a variable that holds both names none.
                if (observed(shape.wholeVariable().get()).stream().anyMatch(Globs::hasWildcard)) return true;
                continue;
            }
            for (String variable : shape.variables())
                for (String text : observed(variable))
                    if (text.isEmpty() || text.contains("/") || text.equals(".") || text.equals("..")) return true;
        }
        return false;
    }

    private static List<Shape> shapes(Value value) {
        return switch (value) {
            case Value.Text(Shape shape) -> List.of(shape);
            case Value.Words(List<Word> words) ->
                words.stream()
                        .map(word -> switch (word) {
                            case Word.One(Shape shape) -> shape;
                            case Word.Run(String variable, Shape folder) -> folder.plus(Shape.variable(variable));
                        })
                        .toList();
        };
    }

    private static List<String> templates(Value value) {
        return shapes(value).stream().map(Shape::template).toList();
    }

    private Object typedUnchecked(String name, Kind kind, List<String> texts) {
        try {
            return typed(name, kind, texts);
        } catch (NotAutomatable e) {
            throw new IllegalStateException("a value changed its type: " + name, e);
        }
    }

    private Object typed(String name, Kind kind, List<String> texts) throws NotAutomatable {
        if (kind.isList()) return texts;
        String text = texts.getFirst();
        try {
            switch (kind) {
                case INTEGER -> {
                    Long number = Long.valueOf(text);
                    if (number.toString().equals(text)) return number;
                }
                case NUMBER -> {
                    if (text.matches("-?(0|[1-9][0-9]{0,17})")) return Long.valueOf(text);
                    Double number = Double.valueOf(text);
                    if (text.matches("-?[0-9]+(\\.[0-9]+)?") && Double.isFinite(number)) return number;
                }
                case BOOLEAN -> {
                    if (text.equals("true") || text.equals("false")) return Boolean.valueOf(text);
                }
                case PATH, STRING -> {
                    return text;
                }
                case PATHS, STRINGS -> throw new IllegalStateException("a list is no single value");
            }
        } catch (NumberFormatException e) {
            throw NotAutomatable.mine("its " + name + " should be a number, but is not");
        }
        throw NotAutomatable.mine("its " + name + " should be of type " + kind.type() + ", but is not");
    }

    // ---- grants

    private Map<String, Object> grants() throws NotAutomatable {
        var writes = new LinkedHashSet<String>();
        for (String name : operation.writes()) writes.addAll(grant(name, GrantOf.PATH));
        for (String name : operation.writesBeside()) writes.addAll(grant(name, GrantOf.FOLDER));
        var reads = new LinkedHashSet<String>();
        for (String name : operation.reads()) reads.addAll(grant(name, GrantOf.PATH));
        reads.removeAll(writes);
        var grants = new LinkedHashMap<String, Object>();
        grants.put("reads", List.copyOf(reads));
        grants.put("writes", List.copyOf(writes));
        return grants;
    }

    private enum GrantOf {
        PATH,
        FOLDER
    }

    private Set<String> grant(String name, GrantOf what) throws NotAutomatable {
        Value value = values.get(name);
        if (value == null) return Set.of();
        Reading reading = java.util.Objects.requireNonNull(readings.get(name), name);
        Parameter parameter =
                java.util.Objects.requireNonNull(operation.parameters().get(name), name);
        boolean takesWildcards = parameter.kind() == Kind.PATHS;
        var grants = new LinkedHashSet<String>();
        if (reading.filling() == Filling.AS_IS && !value.variables().isEmpty()) {
            boolean wildcard = what == GrantOf.FOLDER;
            for (Map<String, String> binding : bindings)
                for (String text : value.fill(binding)) wildcard |= takesWildcards && Globs.hasWildcard(text);
            if (!wildcard) return Set.of("{" + reading.parameter() + "}");
            for (Map<String, String> binding : bindings)
                for (String text : value.fill(binding)) grants.add(folderOfPattern(Shape.literal(text)));
            if (grants.size() > 1)
                throw NotAutomatable.mine("the folder of its files varies, so no folder can be granted");
        } else {
            for (Shape shape : shapes(value)) {
                boolean wildcard = what == GrantOf.FOLDER
                        || (takesWildcards
                                && (shape.anyLiteral(Globs::hasWildcard)
                                        || shape.variables().stream()
                                                .anyMatch(each ->
                                                        observed(each).stream().anyMatch(Globs::hasWildcard))));
                if (shape.anyLiteral(text -> text.contains("{") || text.contains("}")))
                    throw NotAutomatable.mine("a path in it holds braces, which a grant cannot");
                grants.add(wildcard ? folderOfPattern(shape) : Paths.trimSlashes(shape.template()));
            }
        }
        for (String grant : grants)
            if (grant.equals("/") || grant.equals("~"))
                throw NotAutomatable.mine(
                        "it would have to be granted all of " + (grant.equals("/") ? "the disk" : "your home folder"));
        return grants;
    }

    /** The folder that holds the path, or all that the pattern can match. */
    private String folderOfPattern(Shape shape) {
        var before = new ArrayList<Shape.Part>();
        for (Shape.Part part : shape.parts()) {
            if (part instanceof Shape.Part.Variable(String name)
                    && observed(name).stream().anyMatch(Globs::hasWildcard)) {
                before.add(new Shape.Part.Literal("*"));
                break;
            }
            before.add(part);
        }
        return new Shape(before).fixedFolder().map(Shape::template).orElse(".");
    }

    // ---- tests

    private List<Map<String, Object>> tests(Rehearsal rehearsal) {
        var tests = new ArrayList<Map<String, Object>>();
        var seen = new LinkedHashSet<Map<String, String>>();
        var names = new LinkedHashSet<String>();
        for (Map<String, String> binding : bindings) {
            if (tests.size() == MAX_TESTS || !seen.add(binding)) continue;
            var params = new LinkedHashMap<String, Object>();
            declared.forEach((name, parameter) -> {
                if (parameter.varies()) params.put(name, parameter.inTask().apply(binding));
            });
            var filled = new LinkedHashMap<String, List<String>>();
            operation.parameters().forEach((name, parameter) -> {
                Value value = values.get(name);
                if (value != null) filled.put(name, value.fill(binding));
                else parameter.standard().ifPresent(standard -> filled.put(name, texts(standard)));
            });
            Rehearsal.Example example = rehearsal.example(filled);
            example.parameters().forEach((name, value) -> {
                Reading reading = readings.get(name);
                if (reading != null) params.put(reading.parameter(), value);
            });
            var expect = new LinkedHashMap<String, Object>();
            expect.put("success", true);
            if (!example.changes().isEmpty()) expect.put("changes", example.changes());
            var test = new LinkedHashMap<String, Object>();
            test.put("name", testName(binding, names));
            test.put("params", params);
            if (!example.files().isEmpty()) test.put("files", example.files());
            test.put("expect", expect);
            tests.add(test);
        }
        return tests;
    }

    private static List<String> texts(Object standard) {
        return standard instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(standard));
    }

    private String testName(Map<String, String> binding, Set<String> taken) {
        for (Observation observation : pattern.observations()) {
            if (!observation.task().success()
                    || !observation.bindings().entrySet().containsAll(binding.entrySet())) continue;
            var time = observation.task().timestamp().atOffset(ZoneOffset.UTC);
            String day = "observed " + time.toLocalDate();
            if (taken.add(day)) return day;
            LocalTime clock = time.toLocalTime().truncatedTo(ChronoUnit.SECONDS);
            String exact = day + " " + clock;
            if (taken.add(exact)) return exact;
        }
        int number = taken.size() + 1;
        taken.add("observed " + number);
        return "observed " + number;
    }

    // ---- words for people

    private String id() {
        var slug = new StringBuilder();
        boolean first = true;
        for (Shape.Part part : Shape.parse(operation.title()).parts()) {
            switch (part) {
                case Shape.Part.Literal(String text) -> slug.append(text);
                case Shape.Part.Variable(String name) -> {
                    Value value = values.get(name);
                    if (value != null) slug.append(first ? Slugs.what(value) : Slugs.where(value));
                    first = false;
                }
            }
        }
        return Slugs.id(slug.toString());
    }

    private String description() {
        var text = new StringBuilder();
        for (Shape.Part part : Shape.parse(operation.summary()).parts()) {
            text.append(
                    switch (part) {
                        case Shape.Part.Literal(String plain) -> plain;
                        case Shape.Part.Variable(String name) ->
                            values.containsKey(name) ? display(values.get(name)) : name;
                    });
        }
        String line = text.toString().replaceAll("\\s+", " ").strip();
        if (!Toml.canHold(line)) line = operation.id();
        return line.length() <= MAX_DESCRIPTION
                ? line
                : line.substring(0, MAX_DESCRIPTION - 1).strip() + "…";
    }

    private static String display(Value value) {
        List<Shape> shapes = shapes(value);
        int shown = Math.min(4, shapes.size());
        String list = shapes.subList(0, shown).stream().map(Shape::display).collect(Collectors.joining(", "));
        return shown < shapes.size() ? list + " and " + (shapes.size() - shown) + " more" : list;
    }

    private List<String> evidence() {
        LocalDate first = LocalDate.ofInstant(pattern.first(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(pattern.last(), ZoneOffset.UTC);
        String when = first.equals(last) ? "on " + last : "from " + first + " to " + last;
        String type = pattern.taskType().matches("[\\w .-]{1,60}") ? "'" + pattern.taskType() + "' " : "";
        int examples = (int) bindings.stream().distinct().limit(MAX_TESTS).count();
        return List.of("Written by Understudy from " + pattern.occurrences() + " " + type + "tasks seen " + when + "; "
                + (examples == 1 ? "one of them is its test." : examples + " of them are its tests."));
    }

    // ---- code

    private String code() {
        String script = java.util.Objects.requireNonNull(operation.scripts().get(language));
        Matcher use = ParameterUse.in(language).matcher(script);
        var code = new StringBuilder();
        boolean fills = false;
        while (use.find()) {
            Reading reading = java.util.Objects.requireNonNull(readings.get(ParameterUse.name(use)));
            fills |= reading.filling() != Filling.AS_IS;
            use.appendReplacement(code, Matcher.quoteReplacement(expression(reading)));
        }
        use.appendTail(code);
        if (fills && language == ScriptLanguage.JAVASCRIPT) code.append(FILL_JAVASCRIPT);
        return code.toString();
    }

    private String expression(Reading reading) {
        String parameter = ParameterUse.of(language, reading.parameter());
        boolean python = language == ScriptLanguage.PYTHON;
        return switch (reading.filling()) {
            case AS_IS -> parameter;
            case TEXT -> python ? parameter + ".format(**params)" : "fill(" + parameter + ", params)";
            case LIST ->
                python
                        ? "[text.format(**params) for text in " + parameter + "]"
                        : parameter + ".map((text) => fill(text, params))";
        };
    }

    private static final String FILL_JAVASCRIPT = """

            /** Puts the parameters in place of their names in braces; a doubled brace stands for itself. */
            function fill(text, params) {
              return text.replace(/\\{\\{|\\}\\}|\\{(\\w+)\\}/g, (mark, name) => (name ? String(params[name]) : mark[0]));
            }
            """;
}
