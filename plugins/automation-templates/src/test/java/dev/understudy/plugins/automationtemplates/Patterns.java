package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.DayExpression;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Patterns as a detector would find them, written by hand. */
final class Patterns {
    private static final Instant LATEST = Instant.parse("2026-11-15T09:30:00Z");

    private final String type;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final Map<String, VariableKind> kinds = new LinkedHashMap<>();
    private final List<Map<String, String>> bindings = new ArrayList<>();
    private final Map<Integer, Map<String, Object>> recorded = new LinkedHashMap<>();
    private final Map<String, DayExpression> days = new LinkedHashMap<>();
    private Optional<Recurrence> recurrence = Optional.empty();
    private boolean success = true;

    private Patterns(String type) {
        this.type = type;
    }

    /** A pattern of shell commands with these words. */
    static Patterns shell(String type, String... arguments) {
        return new Patterns(type).with(Task.ARGUMENTS, List.of(arguments));
    }

    /** A pattern of tasks of a type; add their parameters. */
    static Patterns task(String type) {
        return new Patterns(type);
    }

    Patterns with(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    Patterns in(String folder) {
        return with(Task.WORKING_DIRECTORY, folder);
    }

    Patterns kind(String variable, VariableKind kind) {
        kinds.put(variable, kind);
        return this;
    }

    /** What a variable was on the day of each task. */
    Patterns day(String variable, String expression) {
        days.put(variable, DayExpression.parse(expression).orElseThrow());
        return this;
    }

    Patterns recurring(Recurrence times) {
        recurrence = Optional.of(times);
        return this;
    }

    /** One task, by name and value of its variables in turn; the latest first. */
    Patterns seen(String... namesAndValues) {
        var binding = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) binding.put(namesAndValues[i], namesAndValues[i + 1]);
        bindings.add(binding);
        return this;
    }

    /** What the task that was last named was recorded to have changed. */
    Patterns changing(Map<String, Object> effects) {
        recorded.put(bindings.size() - 1, Map.of(Task.EFFECTS, effects));
        return this;
    }

    /** The same with a folder in place of ROOT in every text. */
    Patterns below(String root) {
        var copy = new Patterns(type);
        parameters.forEach((name, value) -> copy.parameters.put(name, below(root, value)));
        copy.kinds.putAll(kinds);
        copy.bindings.addAll(bindings);
        copy.days.putAll(days);
        copy.recurrence = recurrence;
        copy.success = success;
        return copy;
    }

    private static Object below(String root, Object value) {
        return switch (value) {
            case String text -> text.replace("ROOT", root);
            case List<?> items -> items.stream().map(item -> below(root, item)).toList();
            default -> value;
        };
    }

    @Override
    public String toString() {
        return type + " " + parameters;
    }

    Patterns failed() {
        success = false;
        return this;
    }

    TaskPattern build() {
        var observations = new ArrayList<Observation>();
        var values = new LinkedHashMap<String, LinkedHashSet<String>>();
        if (bindings.isEmpty()) for (int i = 0; i < 3; i++) bindings.add(Map.of());
        for (int i = 0; i < bindings.size(); i++) {
            Instant time = LATEST.minus(Duration.ofDays(i));
            var task = new Task(
                    "task-" + i, type, "", recorded.getOrDefault(i, Map.of()), time, Duration.ofSeconds(20), success);
            observations.add(new Observation(task, bindings.get(i)));
            bindings.get(i)
                    .forEach((name, value) -> values.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .add(value));
        }
        var variables = new ArrayList<Variable>();
        values.forEach((name, seen) -> variables.add(new Variable(
                name,
                kinds.getOrDefault(name, VariableKind.TEXT),
                seen.size(),
                List.copyOf(seen),
                Optional.ofNullable(days.get(name)))));
        return new TaskPattern(
                "pattern-1",
                "by hand",
                type,
                bindings.size(),
                LATEST.minus(Duration.ofDays(bindings.size() - 1)),
                LATEST,
                Duration.ofSeconds(20),
                1.0,
                parameters,
                variables,
                AutomationPotential.of(bindings.size(), Duration.ofSeconds(20), Duration.ZERO),
                observations,
                Optional.empty(),
                recurrence);
    }
}
