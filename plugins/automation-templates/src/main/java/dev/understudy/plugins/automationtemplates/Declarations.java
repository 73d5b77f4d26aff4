package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Evidence.Seen;
import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of an automation, and how its script reads each parameter of the operation from them. */
final class Declarations {
    private final TaskPattern pattern;
    private final Operation operation;
    private final Map<String, Value> values;
    private final ScriptLanguage language;
    private final Evidence evidence;
    private final Set<String> secrets;

    private final Map<String, Declared> declared = new LinkedHashMap<>();
    private final Map<String, Reading> readings = new LinkedHashMap<>();

    /**
     * A parameter of the automation.
     *
     * @param standard its default; empty if a person must give it
     * @param inTask its value in one task
     * @param varies whether that differs from task to task
     */
    record Declared(
            String type,
            Optional<Object> standard,
            String description,
            Function<Map<String, String>, Object> inTask,
            boolean varies) {

        Map<String, Object> table() {
            var table = new LinkedHashMap<String, Object>();
            table.put("type", type);
            standard.ifPresent(value -> table.put("default", value));
            table.put("description", description);
            return table;
        }
    }

    /** How a parameter of the automation becomes one of the operation. */
    enum Filling {
        AS_IS,
        TEXT,
        LIST
    }

    record Reading(String parameter, Filling filling) {}

    private Declarations(
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            ScriptLanguage language,
            Evidence evidence,
            Set<String> secrets) {
        this.pattern = pattern;
        this.operation = operation;
        this.values = values;
        this.language = language;
        this.evidence = evidence;
        this.secrets = secrets;
    }

    static Declarations of(
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            ScriptLanguage language,
            Evidence evidence,
            Set<String> secrets)
            throws NotAutomatable {
        var declarations = new Declarations(pattern, operation, values, language, evidence, secrets);
        for (String name : operation.parameters().keySet()) declarations.declare(name);
        return declarations;
    }

    Map<String, Declared> declared() {
        return declared;
    }

    Map<String, Reading> readings() {
        return readings;
    }

    Reading reading(String name) {
        return Objects.requireNonNull(readings.get(name), name);
    }

    /**
     * Whether what a parameter of the operation gives are patterns of file names. Where no task gave one, none is taken
     * for one: a file that is called {@code *} is that file.
     */
    boolean holdsPatterns(String name) {
        Parameter parameter = Objects.requireNonNull(operation.parameters().get(name), name);
        Value value = values.get(name);
        if (parameter.kind() != Kind.PATHS || value == null) return false;
        return evidence.all().stream()
                .flatMap(each -> value.fill(each.bindings()).stream())
                .anyMatch(Globs::hasWildcard);
    }

    private String describe(String name, Parameter parameter) {
        return parameter.description() + (holdsPatterns(name) ? " A pattern stands for all that it matches." : "");
    }

    private void declare(String name) throws NotAutomatable {
        Parameter parameter = Objects.requireNonNull(operation.parameters().get(name), name);
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
            declareConstant(name, parameter, Typed.value(name, parameter.kind(), fitted.fill(Map.of())));
            return;
        }
        String alone = loneVariable(fitted);
        if (alone != null && declareVariable(alone, name, parameter, fitted)) {
            readings.put(name, new Reading(alone, Filling.AS_IS));
            return;
        }
        String own = ownName(name, parameter.kind());
        if (isWhole(parameter.kind(), fitted)) {
            declareWhole(own, name, parameter, fitted);
            return;
        }
        for (String variable : fitted.variables()) declareText(variable);
        List<String> templates =
                Value.shapes(fitted).stream().map(Shape::template).toList();
        boolean list = parameter.kind().isList();
        Object standard = list ? templates : templates.getFirst();
        declared.put(
                own,
                new Declared(
                        list ? "list" : "string",
                        Optional.of(standard),
                        describe(name, parameter) + " " + inBraces(fitted.variables()),
                        _ -> standard,
                        false));
        readings.put(name, new Reading(own, list ? Filling.LIST : Filling.TEXT));
    }

    private static String inBraces(Set<String> variables) {
        return variables.stream().map(each -> "{" + each + "}").collect(Collectors.joining(" and "))
                + (variables.size() == 1 ? " stands for that parameter." : " stand for those parameters.");
    }

    private void declareConstant(String name, Parameter parameter, Object standard) {
        String own = ownName(name, parameter.kind());
        declared.put(
                own,
                new Declared(
                        parameter.kind().type(),
                        Optional.of(standard),
                        describe(name, parameter),
                        _ -> standard,
                        false));
        readings.put(name, new Reading(own, Filling.AS_IS));
    }

    private void declareWhole(String own, String name, Parameter parameter, Value value) throws NotAutomatable {
        Kind kind = parameter.kind();
        Object latest = Typed.value(name, kind, value.fill(evidence.latest()));
        boolean secret = value.variables().stream().anyMatch(secrets::contains);
        declared.put(
                own,
                new Declared(
                        kind.type(),
                        secret ? Optional.empty() : Optional.of(latest),
                        describe(name, parameter),
                        binding -> Typed.checked(name, kind, value.fill(binding)),
                        true));
        readings.put(name, new Reading(own, Filling.AS_IS));
    }

    /** The variable that is all of the value, whichever form it has. */
    private static @Nullable String loneVariable(Value value) {
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
    private boolean declareVariable(String variable, String name, Parameter parameter, Value value)
            throws NotAutomatable {
        if (isPartOfAnother(variable)) return false;
        Kind kind = parameter.kind();
        Object latest = Typed.value(variable, kind, value.fill(evidence.latest()));
        for (Seen each : evidence.all()) Typed.value(variable, kind, value.fill(each.bindings()));
        Declared before = declared.get(variable);
        if (before != null) return before.type().equals(kind.type());
        declared.put(
                variable,
                new Declared(
                        kind.type(),
                        secrets.contains(variable) ? Optional.empty() : Optional.of(latest),
                        describe(name, parameter),
                        binding -> Typed.checked(variable, kind, value.fill(binding)),
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
                        secrets.contains(variable)
                                ? Optional.empty()
                                : Optional.of(evidence.latest().getOrDefault(variable, "")),
                        describe(variable),
                        binding -> binding.getOrDefault(variable, ""),
                        true));
    }

    private String describe(String variable) {
        if (secrets.contains(variable))
            return "A password, token or key, which is never recorded; it must be given for each run.";
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
        while (evidence.observed().containsKey(own) || secrets.contains(own) || declared.containsKey(own))
            own += kind.isPath() ? "_path" : "_text";
        return own;
    }

    /**
     * Whether a parameter must be given as a whole in each run: a part of a path may hold no slash (a grant that names
     * it would reach beside what it says), and a run of elements has no place in a longer list of texts to fill in. Bash
     * has no way to fill in any text safely, but days: without that it could not run by the calendar.
     */
    private boolean isWhole(Kind kind, Value value) {
        boolean fills = language == ScriptLanguage.PYTHON
                || language == ScriptLanguage.JAVASCRIPT
                || (language == ScriptLanguage.BASH && kind.isPath() && Routine.areDays(pattern, value));
        if (!fills) return true;
        if (kind != Kind.STRING && kind != Kind.STRINGS && !kind.isPath()) return true;
        if (value instanceof Value.Words(List<Word> words) && words.stream().anyMatch(Word.Run.class::isInstance))
            return true;
        if (!kind.isPath()) return false;
        for (Shape shape : Value.shapes(value)) {
            if (shape.wholeVariable().isPresent()) {
                // A pattern's folder is what must be granted, and a variable that holds both names none.
                if (evidence.of(shape.wholeVariable().get()).stream().anyMatch(Globs::hasWildcard)) return true;
                continue;
            }
            for (String variable : shape.variables())
                if (evidence.of(variable).stream().anyMatch(Declarations::isNoName)) return true;
        }
        return false;
    }

    /** Variables that held wildcards in some task. */
    List<String> wildVariables() {
        return evidence.observed().entrySet().stream()
                .filter(each -> each.getValue().stream().anyMatch(Globs::hasWildcard))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether a text cannot stand in a path as a name. */
    private static boolean isNoName(String text) {
        return text.isEmpty() || text.contains("/") || text.equals(".") || text.equals("..");
    }

    /** A task that was held out and whose values the parameters, as they were learnt, cannot take. */
    Optional<Seen> counterexample() {
        for (Seen each : evidence.heldOut()) {
            for (var entry : readings.entrySet()) {
                Value value = values.get(entry.getKey());
                Parameter parameter =
                        Objects.requireNonNull(operation.parameters().get(entry.getKey()));
                if (value == null || !parameter.kind().isPath()) continue;
                boolean filled = entry.getValue().filling() != Filling.AS_IS;
                for (String variable : value.variables()) {
                    String text = each.bindings().getOrDefault(variable, "");
                    boolean wild = Globs.hasWildcard(text)
                            && evidence.of(variable).stream().noneMatch(Globs::hasWildcard);
                    if (wild || (filled && isNoName(text))) return Optional.of(each);
                }
            }
        }
        return Optional.empty();
    }
}
