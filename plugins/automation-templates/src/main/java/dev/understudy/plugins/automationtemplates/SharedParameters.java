package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * The parameters of all steps under one roof. A variable of the sequence is one parameter, and so is a path that several
 * steps name; other parameters of one name are told apart by their step.
 */
final class SharedParameters {
    private final Map<String, Map<String, Object>> declared = new LinkedHashMap<>();

    /** By the step's number, the new name of each of its parameters. */
    private final Map<Integer, Map<String, String>> renamed = new HashMap<>();

    private final Set<String> variables;

    SharedParameters(List<StepDraft> steps, StepNames names, Set<String> variables) throws NotAutomatable {
        this.variables = variables;
        for (StepDraft step : steps) {
            var newNames = new LinkedHashMap<String, String>();
            for (var parameter : step.parameters().entrySet())
                newNames.put(parameter.getKey(), place(parameter.getKey(), parameter.getValue(), names.of(step)));
            renamed.put(step.number(), newNames);
        }
    }

    private String place(String name, Map<String, Object> parameter, String step) throws NotAutomatable {
        if (variables.contains(name)) {
            Map<String, Object> known = declared.get(name);
            if (known == null) declared.put(name, parameter);
            else if (!Objects.equals(known.get("type"), parameter.get("type")))
                declared.put(name, asText(name, known, parameter));
            return name;
        }
        Object standard = Objects.requireNonNull(parameter.get("default"), name);
        for (var each : declared.entrySet()) {
            boolean same = !variables.contains(each.getKey())
                    && Objects.equals(each.getValue().get("type"), parameter.get("type"))
                    && standard.equals(each.getValue().get("default"));
            if (same && (names(standard) || (each.getKey().equals(name) && standard instanceof String)))
                return each.getKey();
        }
        String own = name.equals("steps") || declared.containsKey(name) ? step + "_" + name : name;
        for (int i = 2; declared.containsKey(own) || variables.contains(own); i++) own = step + "_" + name + "_" + i;
        declared.put(own, parameter);
        return own;
    }

    /** Whether a default names something, so that the same default is the same thing. */
    private static boolean names(Object standard) {
        if (standard instanceof List<?> items) return items.size() == 1 && names(items.getFirst());
        return standard instanceof String text
                && (text.contains("/") || text.contains("{") || text.contains("."))
                && text.length() > 1;
    }

    private static Map<String, Object> asText(String name, Map<String, Object> one, Map<String, Object> other)
            throws NotAutomatable {
        Set<String> types = Set.of("path", "string");
        if (!types.contains(String.valueOf(one.get("type"))) || !types.contains(String.valueOf(other.get("type"))))
            throw NotAutomatable.mine("its steps need {" + name + "} as values of different types");
        var text = new LinkedHashMap<>(one);
        text.put("type", "string");
        return text;
    }

    /** All parameters by their new names, in the order of the steps. */
    Map<String, Map<String, Object>> declared() {
        return Collections.unmodifiableMap(declared);
    }

    private String newName(StepDraft step, String name) {
        return Objects.requireNonNull(renamed.get(step.number()), step::taskType)
                .getOrDefault(name, name);
    }

    /** A step's script with the new names. */
    String code(StepDraft step) {
        ScriptLanguage language = step.language();
        Matcher use = ParameterUse.in(language).matcher(step.code());
        var code = new StringBuilder();
        while (use.find())
            use.appendReplacement(
                    code, Matcher.quoteReplacement(ParameterUse.of(language, newName(step, ParameterUse.name(use)))));
        return use.appendTail(code).toString();
    }

    /** A step's grants of a kind with the new names. */
    List<String> granted(StepDraft step, String kind) {
        return step.granted(kind).stream()
                .map(grant -> Shape.parse(grant)
                        .wholeVariable()
                        .map(name -> "{" + newName(step, name) + "}")
                        .orElse(grant))
                .toList();
    }

    /** Whether a step touches what an earlier one changes, or changes what that one touches. */
    boolean depends(StepDraft step, StepDraft earlier) {
        if (step.program() || earlier.program()) return true;
        return meet(step, "writes", earlier, "writes")
                || meet(step, "reads", earlier, "writes")
                || meet(step, "writes", earlier, "reads");
    }

    private boolean meet(StepDraft one, String kind, StepDraft other, String otherKind) {
        for (String path : paths(one, kind))
            for (String another : paths(other, otherKind))
                if (isWithin(path, another) || isWithin(another, path)) return true;
        return false;
    }

    /** What a grant stands for if nobody passes anything else. */
    private List<String> paths(StepDraft step, String kind) {
        return granted(step, kind).stream()
                .flatMap(grant -> Shape.parse(grant)
                        .wholeVariable()
                        .map(name -> defaults(name).stream())
                        .orElseGet(() -> List.of(grant).stream()))
                .toList();
    }

    private List<String> defaults(String name) {
        Map<String, Object> parameter = declared.get(name);
        Object standard = parameter == null ? null : parameter.get("default");
        if (standard instanceof List<?> items)
            return items.stream().map(String::valueOf).toList();
        return standard == null ? List.of() : List.of(String.valueOf(standard));
    }

    private static boolean isWithin(String path, String folder) {
        String below = Paths.trimSlashes(path);
        String above = Paths.trimSlashes(folder);
        return below.equals(above) || above.equals(".") || below.startsWith(above.equals("/") ? "/" : above + "/");
    }

    /** A step's test parameters with the new names. */
    Map<String, Object> passed(StepDraft step, Map<String, Object> params) {
        var passed = new LinkedHashMap<String, Object>();
        params.forEach((name, value) -> passed.put(newName(step, name), value));
        return passed;
    }
}
