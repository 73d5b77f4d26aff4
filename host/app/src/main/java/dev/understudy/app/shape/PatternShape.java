package dev.understudy.app.shape;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Turns;
import java.util.Locale;

/** Patterns as JSON. */
public final class PatternShape {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PatternShape() {}

    /** One pattern. */
    public static ObjectNode json(TaskPattern pattern) {
        AutomationPotential potential = pattern.potential();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", pattern.id());
        json.put("taskType", pattern.taskType());
        json.put("occurrences", pattern.occurrences());
        json.put("automationPotential", potential.total());
        json.putObject("parts")
                .put("frequency", potential.frequency())
                .put("timeSavings", potential.timeSavings())
                .put("recency", potential.recency())
                .put("experience", potential.experience().part());
        AutomationPotential.Experience experience = potential.experience();
        json.putObject("experience")
                .put("approvals", experience.approvals())
                .put("rejections", experience.rejections())
                .put("retirements", experience.retirements())
                .put("timeSavedMillis", experience.timeSaved().toMillis())
                .put("inFavour", experience.inFavour())
                .put("against", experience.against());
        var variables = json.putArray("variables");
        for (TaskPattern.Variable variable : pattern.variables()) {
            var object = variables
                    .addObject()
                    .put("name", variable.name())
                    .put("kind", variable.kind().name().toLowerCase(Locale.ROOT))
                    .put("distinctValues", variable.distinctValues());
            variable.day().ifPresent(day -> object.put("day", day.written()));
            var values = object.putArray("values");
            variable.values().forEach(values::add);
        }
        json.put("example", example(pattern));
        json.set("parameters", JSON.valueToTree(pattern.parameters()));
        json.put("detector", pattern.detector());
        json.put("first", pattern.first().toString());
        json.put("last", pattern.last().toString());
        json.put("averageDurationMillis", pattern.averageDuration().toNanos() / 1_000_000.0);
        json.put("successRate", pattern.successRate());
        json.put("kind", pattern.sequence().isPresent() ? "sequence" : "repetition");
        pattern.sequence().ifPresent(sequence -> addSequence(json, sequence));
        pattern.recurrence().ifPresent(recurrence -> addRecurrence(json, recurrence));
        return json;
    }

    private static void addRecurrence(ObjectNode json, Recurrence recurrence) {
        ObjectNode object = json.putObject("recurrence")
                .put("rhythm", recurrence.rhythm().name().toLowerCase(Locale.ROOT))
                .put("days", recurrence.days())
                .put("activeDays", recurrence.activeDays());
        var weekdays = object.putArray("weekdays");
        recurrence.weekdays().stream()
                .sorted()
                .forEach(day -> weekdays.add(day.name().substring(0, 3)));
        recurrence
                .usualTime()
                .ifPresent(time -> object.put("usualTime", time.toString())
                        .put("spreadMinutes", recurrence.spread().toMinutes()));
        recurrence.cron().ifPresent(cron -> object.put("cron", cron));
    }

    private static void addSequence(ObjectNode json, TaskPattern.Sequence sequence) {
        var steps = json.putArray("steps");
        int number = 0;
        for (TaskPattern.Step step : sequence.steps()) {
            ObjectNode object = addStep(steps, step);
            number++;
            if (sequence.routine().isPresent()) addMarks(object, step).put("optional", sequence.isOptional(number));
        }
        var carriedOver = json.putArray("carriedOver");
        for (TaskPattern.CarriedOver carried : sequence.carriedOver()) {
            var numbers = carriedOver.addObject().put("text", carried.text()).putArray("steps");
            carried.steps().forEach(numbers::add);
        }
        json.put("expectedByChance", sequence.expectedByChance());
        json.put("chance", sequence.chance());
        sequence.routine().ifPresent(routine -> addRoutine(json, steps, routine));
    }

    private static ObjectNode addStep(ArrayNode steps, TaskPattern.Step step) {
        ObjectNode object = steps.addObject().put("taskType", step.taskType());
        object.set("parameters", JSON.valueToTree(step.parameters()));
        return object;
    }

    private static ObjectNode addMarks(ObjectNode object, TaskPattern.Step step) {
        return object.put("share", step.share()).put("repeated", step.turns() == Turns.SEVERAL);
    }

    /** Alternatives and sources stand at their steps; what some executions do besides, and the variants, by themselves. */
    private static void addRoutine(ObjectNode json, ArrayNode steps, TaskPattern.Routine routine) {
        var besides = json.putArray("besides");
        for (TaskPattern.Variation variation : routine.variations()) {
            switch (variation.place()) {
                case INSTEAD_OF ->
                    addMarks(
                            addStep(steps.get(variation.number() - 1).withArray("/alternatives"), variation.step()),
                            variation.step());
                case AFTER ->
                    addMarks(addStep(besides, variation.step()), variation.step())
                            .put("after", variation.number());
            }
        }
        for (TaskPattern.ValueSource source : routine.sources())
            ((ObjectNode) steps.get(source.number() - 1)).put("valueFromStep", source.from());
        var variants = json.putArray("variants");
        for (TaskPattern.Variant variant : routine.variants()) {
            var its = variants.addObject().put("times", variant.times()).putArray("steps");
            variant.steps().forEach(step -> addStep(its, step));
        }
    }

    /** The latest task as a person knows it: the command as typed, or the description, or the type. */
    public static String example(TaskPattern pattern) {
        if (pattern.observations().isEmpty()) return pattern.taskType();
        Task task = pattern.observations().getFirst().task();
        if (task.parameters().get(Task.COMMAND) instanceof String command) return command;
        return task.description().isEmpty() ? task.type() : task.description();
    }
}
