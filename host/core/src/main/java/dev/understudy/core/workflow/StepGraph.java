package dev.understudy.core.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps of a workflow and which of them waits for which. */
public final class StepGraph {
    private final Map<String, Step> steps = new LinkedHashMap<>();

    private StepGraph(List<Step> steps) {
        for (Step step : steps) this.steps.put(step.name(), step);
    }

    /**
     * The graph of steps.
     *
     * @throws IllegalArgumentException if {@link #problem} finds one
     */
    static StepGraph of(List<Step> steps) {
        problem(steps).ifPresent(problem -> {
            throw new IllegalArgumentException("the steps " + problem);
        });
        return new StepGraph(steps);
    }

    /** Why the steps are no workflow, for example that two wait for each other; empty if they are one. */
    public static Optional<String> problem(List<Step> steps) {
        var names = new LinkedHashSet<String>();
        for (Step step : steps) if (!names.add(step.name())) return Optional.of("name '" + step.name() + "' twice");
        for (Step step : steps)
            for (String before : step.after())
                if (!names.contains(before))
                    return Optional.of("let '" + step.name() + "' wait for '" + before + "', which is no step");
        List<Step> inOrder = new StepGraph(steps).inOrder();
        if (inOrder.size() == steps.size()) return Optional.empty();
        var waiting = new LinkedHashSet<>(names);
        inOrder.forEach(step -> waiting.remove(step.name()));
        return Optional.of("wait for one another: " + String.join(", ", waiting));
    }

    /** All steps, each after those that it waits for, else in the order of the file; without those in a circle. */
    List<Step> inOrder() {
        var ended = new LinkedHashSet<String>();
        var order = new ArrayList<Step>();
        boolean more = true;
        while (more) {
            more = false;
            for (Step step : steps.values()) {
                if (ended.contains(step.name()) || !ended.containsAll(step.after())) continue;
                ended.add(step.name());
                order.add(step);
                more = true;
            }
        }
        return order;
    }

    /** All steps whose results a step may use: those that it waits for, those that they wait for, and so on. */
    Set<String> before(Step step) {
        var before = new LinkedHashMap<String, Set<String>>();
        for (Step each : inOrder()) {
            var all = new LinkedHashSet<String>();
            for (String name : each.after()) {
                all.addAll(before.getOrDefault(name, Set.of()));
                all.add(name);
            }
            before.put(each.name(), all);
        }
        return before.getOrDefault(step.name(), Set.of());
    }
}
