package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was seen of a pattern, in two parts: the tasks that an automation is written from, and some that are held out to
 * test it. No default, grant or constant comes from a task that is held out.
 *
 * @param learnt different tasks to write from, latest first; never empty
 * @param heldOut different tasks that only test
 * @param observed what each variable held, tasks that are held out left aside
 */
record Evidence(List<Seen> learnt, List<Seen> heldOut, Map<String, Set<String>> observed) {

    /** What a secret's place holds in a rehearsal. */
    static final String STAND_IN = "rehearsal";

    /** One task: what the variables in use held, and the task itself if it was kept. */
    record Seen(Map<String, String> bindings, Optional<Task> task) {}

    Evidence {
        learnt = List.copyOf(learnt);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Divides what a pattern kept.
     *
     * @param secrets variables that stand for what was never recorded
     * @throws NotAutomatable if too little is known to write anything
     */
    static Evidence of(TaskPattern pattern, Map<String, Value> values, Set<String> secrets) throws NotAutomatable {
        var used = new LinkedHashSet<String>();
        values.values().forEach(value -> used.addAll(value.variables()));
        var known = new LinkedHashSet<String>(secrets);
        for (Variable variable : pattern.variables()) known.add(variable.name());
        for (String name : used)
            if (!known.contains(name))
                throw NotAutomatable.mine("it varies in {" + name + "}, of which nothing is known");
        List<Seen> seen = seen(pattern, used, secrets);
        if (seen.isEmpty()) {
            if (!pattern.observations().isEmpty()) throw NotAutomatable.mine("none of its observed tasks succeeded");
            seen = List.of(withoutTask(pattern, used, secrets));
        }
        for (Seen each : seen)
            for (Value value : values.values())
                for (String text : value.fill(each.bindings()))
                    if (!Toml.canHold(text) || text.indexOf('\0') >= 0)
                        throw NotAutomatable.mine("one of its values is no valid text");
        Set<Integer> held = heldOut(seen.size());
        var learnt = new ArrayList<Seen>();
        var heldOut = new ArrayList<Seen>();
        for (int i = 0; i < seen.size(); i++) (held.contains(i) ? heldOut : learnt).add(seen.get(i));
        return new Evidence(learnt, heldOut, observed(pattern, learnt, heldOut));
    }

    /** Tasks that succeeded and differ in what is used of them or in what they changed, latest first. */
    private static List<Seen> seen(TaskPattern pattern, Set<String> used, Set<String> secrets) {
        var seen = new LinkedHashMap<List<Object>, Seen>();
        for (Observation observation : pattern.observations()) {
            var bindings = new LinkedHashMap<String, String>();
            for (String name : used) {
                String value = secrets.contains(name)
                        ? STAND_IN
                        : observation.bindings().get(name);
                if (value != null) bindings.put(name, value);
            }
            if (!observation.task().success() || bindings.size() < used.size()) continue;
            Object effects = observation.task().parameters().getOrDefault(Task.EFFECTS, "");
            seen.putIfAbsent(List.of(bindings, effects), new Seen(bindings, Optional.of(observation.task())));
        }
        return List.copyOf(seen.values());
    }

    private static Seen withoutTask(TaskPattern pattern, Set<String> used, Set<String> secrets) throws NotAutomatable {
        var latest = new LinkedHashMap<String, String>();
        for (String name : secrets) if (used.contains(name)) latest.put(name, STAND_IN);
        for (Variable variable : pattern.variables()) {
            if (!used.contains(variable.name())) continue;
            if (variable.values().isEmpty())
                throw NotAutomatable.mine("no value of {" + variable.name() + "} was kept");
            latest.put(variable.name(), variable.values().getFirst());
        }
        return new Seen(latest, Optional.empty());
    }

    /** None of a single task, one of up to four, two of up to eight, else three; never the latest, evenly apart. */
    private static Set<Integer> heldOut(int tasks) {
        int count = tasks < 2 ? 0 : tasks < 5 ? 1 : tasks < 9 ? 2 : 3;
        var held = new LinkedHashSet<Integer>();
        for (int k = 0; k < count; k++) held.add(1 + k * (tasks - 1) / count);
        return held;
    }

    private static Map<String, Set<String>> observed(TaskPattern pattern, List<Seen> learnt, List<Seen> heldOut) {
        var observed = new LinkedHashMap<String, Set<String>>();
        for (Variable variable : pattern.variables()) {
            var values = new LinkedHashSet<>(variable.values());
            for (Seen each : heldOut) values.remove(each.bindings().get(variable.name()));
            for (Seen each : learnt) {
                String value = each.bindings().get(variable.name());
                if (value != null) values.add(value);
            }
            observed.put(variable.name(), values);
        }
        return observed;
    }

    Set<String> of(String variable) {
        return observed.getOrDefault(variable, Set.of());
    }

    Map<String, String> latest() {
        return learnt.getFirst().bindings();
    }

    /** All tasks, those to write from first. */
    List<Seen> all() {
        var all = new ArrayList<>(learnt);
        all.addAll(heldOut);
        return all;
    }

    /** The same with one task less to test and one more to learn from, as it shows something new. */
    Evidence learningFrom(Seen counterexample) {
        var more = new ArrayList<>(learnt);
        more.add(counterexample);
        var rest = new ArrayList<>(heldOut);
        rest.remove(counterexample);
        var wider = new LinkedHashMap<String, Set<String>>();
        observed.forEach((name, values) -> {
            var all = new LinkedHashSet<>(values);
            String value = counterexample.bindings().get(name);
            if (value != null) all.add(value);
            wider.put(name, all);
        });
        return new Evidence(more, rest, wider);
    }
}
