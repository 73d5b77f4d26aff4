package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of a sequence as patterns of single tasks, each in the folder to which a {@code cd} before it has led. */
final class StepPatterns {
    private final TaskPattern pattern;
    private final List<Step> steps;
    private final List<Observation> observations;

    /** @param observations those of the pattern's that count */
    StepPatterns(TaskPattern pattern, List<Observation> observations) {
        this.pattern = pattern;
        this.steps = pattern.sequence().map(TaskPattern.Sequence::steps).orElse(List.of());
        this.observations = observations;
    }

    int size() {
        return steps.size();
    }

    /** Whether any occurrence was recorded with all of its steps: of a routine, some may have been left out of each. */
    boolean anyWhole() {
        return observations.stream().anyMatch(this::isWhole);
    }

    private boolean isWhole(Observation observation) {
        return observation.steps().size() == steps.size();
    }

    /** The step of a number, counted from 1. */
    TaskPattern step(int number) {
        Step step = steps.get(number - 1);
        Map<String, Object> parameters = new LinkedHashMap<>(step.parameters());
        String folder = folderBefore(number);
        if (!folder.isEmpty() && parameters.containsKey(Task.ARGUMENTS))
            parameters.putIfAbsent(Task.WORKING_DIRECTORY, folder);
        var ofStep = new ArrayList<Observation>();
        for (Observation observation : observations) {
            if (!isWhole(observation)) continue;
            ofStep.add(new Observation(observation.steps().get(number - 1), observation.bindings()));
        }
        return new TaskPattern(
                pattern.id() + "-" + number,
                pattern.detector(),
                step.taskType(),
                pattern.occurrences(),
                pattern.first(),
                pattern.last(),
                pattern.averageDuration(),
                pattern.successRate(),
                parameters,
                pattern.variables(),
                AutomationPotential.of(pattern.occurrences(), pattern.averageDuration(), Duration.ZERO),
                ofStep);
    }

    /** The folder of the last {@code cd}, and of those before it if that is relative to them; empty if there is none. */
    private String folderBefore(int number) {
        String folder = "";
        for (Step step : steps.subList(0, number - 1)) {
            if (!step.taskType().equals("cd")) continue;
            if (!(step.parameters().get(Task.ARGUMENTS) instanceof List<?> words)) continue;
            boolean home = words.isEmpty();
            if (home) folder = "~";
            else if (words.size() == 1 && words.getFirst() instanceof String to && !to.equals("-"))
                folder = Paths.resolve(folder, to);
        }
        return folder;
    }
}
