package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes one automation file of the steps' scripts: the parameters of all, where those that hold the same are one; the
 * grants of all; which step waits for which; a function for each step and the functions that they share.
 */
final class WorkflowWriter {
    private static final int MAX_DESCRIPTION = 300;

    private final TaskPattern pattern;
    private final List<StepDraft> steps;
    private final ScriptLanguage language;
    private final StepNames names;
    private final SharedParameters shared;
    private final Set<String> variables;

    WorkflowWriter(TaskPattern pattern, List<StepDraft> steps, ScriptLanguage language) throws NotAutomatable {
        this.pattern = pattern;
        this.steps = steps;
        this.language = language;
        names = new StepNames(steps);
        variables = pattern.variables().stream().map(TaskPattern.Variable::name).collect(Collectors.toSet());
        shared = new SharedParameters(steps, names, variables);
    }

    /** @param tests for each occurrence to rehearse, the steps as if it had been the only one */
    Draft write(List<List<StepDraft>> tests) throws NotAutomatable {
        var rehearsals = new ArrayList<Map<String, Object>>();
        for (List<StepDraft> each : tests)
            if (fits(each)) rehearsals.add(WorkflowRehearsal.of(each, shared, "occurrence " + (rehearsals.size() + 1)));
        if (rehearsals.isEmpty()) throw NotAutomatable.mine("none of its observed occurrences can be rehearsed");
        String id = id();
        var metadata = new ArrayList<String>();
        metadata.add("id = " + Toml.string(id));
        metadata.add("description = " + Toml.string(description()));
        metadata.add("language = " + Toml.string(language.id()));
        metadata.add("template = " + Toml.string(WorkflowSequenceTemplate.NAME));
        if (steps.stream().anyMatch(StepDraft::program)) metadata.add("isolation = \"partial\"");
        metadata.add("grants = " + Toml.value(grants()));
        var varying = new ArrayList<String>();
        var parameters = new ArrayList<String>();
        shared.declared().forEach((name, parameter) -> {
            Map<String, Object> table = Routine.parameter(pattern, name, new LinkedHashMap<>(parameter));
            parameters.add("parameters." + name + " = " + Toml.value(table));
            if (variables.contains(name)) varying.add(String.valueOf(table.get("type")));
        });
        metadata.addAll(Routine.triggers(pattern, varying));
        metadata.addAll(parameters);
        addSteps(metadata);
        for (Map<String, Object> test : rehearsals) {
            metadata.add("");
            metadata.add("[[tests]]");
            test.forEach((key, value) -> metadata.add(key + " = " + Toml.value(value)));
        }
        String mark = language.lineComment();
        var text = new StringBuilder(mark).append(" /// automation\n");
        for (String line : metadata)
            text.append((mark + " " + line).stripTrailing()).append('\n');
        text.append(mark).append(" ///\n");
        text.append(mark).append(' ').append(evidence(rehearsals.size())).append('\n');
        text.append(code());
        return new Draft(id, language, text.toString());
    }

    /** Whether what one occurrence gave is the same script with the same parameters. */
    private boolean fits(List<StepDraft> each) {
        if (each.size() != steps.size()) return false;
        for (int i = 0; i < steps.size(); i++) {
            boolean same = each.get(i)
                            .parameters()
                            .keySet()
                            .equals(steps.get(i).parameters().keySet())
                    && !each.get(i).tests().isEmpty();
            if (!same) return false;
        }
        return true;
    }

    private String id() {
        return Slugs.id(steps.stream().map(StepDraft::id).collect(Collectors.joining(" then ")));
    }

    private String description() {
        String line = steps.stream().map(StepDraft::description).collect(Collectors.joining(" Then: "));
        return line.length() <= MAX_DESCRIPTION
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_DESCRIPTION - 1))
                                .strip() + "…";
    }

    private String evidence(int tests) {
        LocalDate first = LocalDate.ofInstant(pattern.first(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(pattern.last(), ZoneOffset.UTC);
        return "Written by Understudy from " + pattern.occurrences() + " times that these tasks followed one another, "
                + (first.equals(last) ? "on " + last : "from " + first + " to " + last) + "; "
                + (tests == 1 ? "one of them is its test." : tests + " of them are its tests.");
    }

    private Map<String, Object> grants() {
        var reads = new LinkedHashSet<String>();
        var writes = new LinkedHashSet<String>();
        var programs = new LinkedHashSet<String>();
        for (StepDraft step : steps) {
            reads.addAll(shared.granted(step, "reads"));
            writes.addAll(shared.granted(step, "writes"));
            programs.addAll(step.granted("programs"));
        }
        reads.removeAll(writes);
        var grants = new LinkedHashMap<String, Object>();
        grants.put("reads", List.copyOf(reads));
        grants.put("writes", List.copyOf(writes));
        if (!programs.isEmpty()) grants.put("programs", List.copyOf(programs));
        return grants;
    }

    private void addSteps(List<String> metadata) {
        for (int step = 0; step < steps.size(); step++) {
            metadata.add("");
            metadata.add("[[steps]]");
            metadata.add("name = " + Toml.string(names.of(steps.get(step))));
            var before = new ArrayList<String>();
            for (int earlier = 0; earlier < step; earlier++)
                if (shared.depends(steps.get(step), steps.get(earlier))) before.add(names.of(steps.get(earlier)));
            boolean afterTheOneBefore = step > 0 && before.equals(List.of(names.of(steps.get(step - 1))));
            if (step > 0 && !afterTheOneBefore) metadata.add("after = " + Toml.value(before));
        }
    }

    private String code() {
        var imports = new LinkedHashSet<String>();
        var statements = new LinkedHashSet<String>();
        var functions = new LinkedHashMap<String, String>();
        var stepFunctions = new LinkedHashMap<String, String>();
        for (StepDraft step : steps) {
            ScriptParts parts = ScriptParts.of(language, shared.code(step));
            imports.addAll(parts.imports);
            statements.addAll(parts.statements);
            String name = names.of(step);
            for (String function : List.copyOf(parts.functions.keySet())) {
                if (function.equals("execute")) continue;
                String text = parts.functions.get(function);
                boolean taken = functions.containsKey(function)
                        && !functions.get(function).equals(text);
                if (taken) parts.rename(function, function + "_of_" + name);
            }
            parts.rename("execute", name);
            parts.functions.forEach((function, text) -> {
                if (!function.equals(name)) functions.put(function, text);
                else
                    stepFunctions.put(
                            name, String.join("\n", parts.header) + (parts.header.isEmpty() ? "" : "\n") + text);
            });
        }
        String between = language == ScriptLanguage.PYTHON ? "\n\n" : "\n";
        var blocks = new ArrayList<String>();
        if (!imports.isEmpty()) blocks.add(String.join("\n", imports) + "\n");
        if (!statements.isEmpty()) blocks.add(String.join("\n", statements) + "\n");
        blocks.addAll(stepFunctions.values());
        blocks.addAll(functions.values());
        return "\n" + String.join(between, blocks);
    }
}
