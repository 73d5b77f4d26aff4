package dev.understudy.spi.testkit;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How well shown patterns tell what the executions of a recording were.
 *
 * <p>The true routines are the ways of doing it, as sequences of steps, that a tenth of the executions or more follow; a
 * way in a loop counts as gone through once. What is shown are the sequences' steps and the variants that stand with them.
 * Two ways are as like as the Jaccard coefficient of their steps in their order says: the longest part that they have in
 * common, divided by all steps of both (Leno et al., "Identifying Candidate Routines for Robotic Process Automation from
 * Unsegmented UI Logs", ICPM 2020, section V.A, where the order does not count).
 *
 * @param routines how many true routines there are
 * @param shown how many sequences are shown
 * @param exact the share of the true routines that are shown step for step
 * @param jaccard the mean, over the true routines, of the likeness of what is shown that is most like it
 * @param executions the share of executions whose way is shown step for step
 * @param straddling of the first ten that are shown, how many have occurrences with steps of two executions, more than one
 *     in ten of them
 */
public record RoutineScore(int routines, int shown, double exact, double jaccard, double executions, int straddling) {
    private static final double LEAST_SHARE = 0.1;
    private static final int FIRST = 10;

    /** Scores what was found in a recording. */
    public static RoutineScore of(UiRecording recording, List<TaskPattern> patterns) {
        Function<Task, String> labels = recording.labels();
        Map<List<String>, Integer> ways = new LinkedHashMap<>();
        Map<String, Task> examples = new HashMap<>();
        for (List<Task> execution : recording.truth()) {
            for (Task event : execution) examples.putIfAbsent(labels.apply(event), event);
            ways.merge(once(execution.stream().map(labels).toList()), 1, Integer::sum);
        }
        List<TaskPattern> sequences = patterns.stream()
                .filter(pattern -> pattern.sequence().isPresent())
                .toList();
        List<List<List<String>>> shown = new ArrayList<>();
        for (TaskPattern pattern : sequences) {
            var sequence = pattern.sequence().orElseThrow();
            shown.add(possible(sequence.steps(), examples));
            sequence.routine()
                    .ifPresent(routine ->
                            routine.variants().forEach(variant -> shown.add(possible(variant.steps(), examples))));
        }
        int routines = 0;
        int exact = 0;
        int followed = 0;
        double jaccard = 0;
        for (var way : ways.entrySet()) {
            double best = 0;
            for (List<List<String>> steps : shown) best = Math.max(best, likeness(way.getKey(), steps));
            if (best == 1) followed += way.getValue();
            if (way.getValue() < LEAST_SHARE * recording.truth().size()) continue;
            routines++;
            jaccard += best;
            if (best == 1) exact++;
        }
        int straddling = 0;
        for (TaskPattern pattern : sequences.subList(0, Math.min(FIRST, sequences.size())))
            if (straddles(pattern, recording)) straddling++;
        return new RoutineScore(
                routines,
                sequences.size(),
                exact / (double) Math.max(1, routines),
                jaccard / Math.max(1, routines),
                followed / (double) recording.truth().size(),
                straddling);
    }

    /** By step, which of the true ones it may be. */
    private static List<List<String>> possible(List<Step> steps, Map<String, Task> examples) {
        List<List<String>> possible = new ArrayList<>();
        for (Step step : steps) {
            List<String> its = new ArrayList<>();
            examples.forEach((label, event) -> {
                if (fits(step, event)) its.add(label);
            });
            possible.add(its);
        }
        return once(possible);
    }

    private static boolean fits(Step step, Task event) {
        if (!step.taskType().equals(event.type())) return false;
        for (String key : event.parameters().keySet()) if (!step.parameters().containsKey(key)) return false;
        for (var each : step.parameters().entrySet()) {
            Object value = event.parameters().get(each.getKey());
            String shape = String.valueOf(each.getValue());
            String literal = Pattern.quote(shape).replaceAll("\\{[a-z][a-z0-9_]*\\}", "\\\\E.*\\\\Q");
            if (!String.valueOf(value == null ? "" : value)
                    .matches(literal.replace("{{", "{").replace("}}", "}"))) return false;
        }
        return true;
    }

    /** Without the further turns of what is done several times in a row. */
    private static <T> List<T> once(List<T> steps) {
        List<T> kept = new ArrayList<>(steps);
        for (int length = 1; length <= kept.size() / 2; length++)
            for (int at = 0; at + 2 * length <= kept.size(); ) {
                if (kept.subList(at, at + length).equals(kept.subList(at + length, at + 2 * length)))
                    kept.subList(at + length, at + 2 * length).clear();
                else at++;
            }
        return kept;
    }

    private static double likeness(List<String> way, List<List<String>> steps) {
        int[] row = new int[steps.size() + 1];
        for (String step : way) {
            int diagonal = 0;
            for (int at = 1; at <= steps.size(); at++) {
                int above = row[at];
                row[at] = steps.get(at - 1).contains(step) ? diagonal + 1 : Math.max(above, row[at - 1]);
                diagonal = above;
            }
        }
        double common = row[steps.size()];
        return common / (way.size() + steps.size() - common);
    }

    private static boolean straddles(TaskPattern pattern, UiRecording recording) {
        Map<String, Integer> executionById = new HashMap<>();
        for (int at = 0; at < recording.events().size(); at++)
            executionById.put(
                    recording.events().get(at).id(), recording.executions().get(at));
        int over = 0;
        for (TaskPattern.Observation observation : pattern.observations()) {
            Map<Integer, Integer> times = new HashMap<>();
            int all = 0;
            for (Task step : observation.steps()) {
                int execution = executionById.getOrDefault(step.id(), UiRecording.NOISE);
                if (execution == UiRecording.NOISE) continue;
                times.merge(execution, 1, Integer::sum);
                all++;
            }
            if (all > 0 && Collections.max(times.values()) < 0.9 * all) over++;
        }
        return over > 0.1 * pattern.observations().size();
    }
}
