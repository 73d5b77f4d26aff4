package dev.understudy.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Locale;

/** How patterns are shown. */
final class PatternView {
    private PatternView() {}

    static ObjectNode json(TaskPattern pattern) {
        AutomationPotential potential = pattern.potential();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", pattern.id());
        json.put("taskType", pattern.taskType());
        json.put("occurrences", pattern.occurrences());
        json.put("automationPotential", potential.total());
        json.putObject("parts")
                .put("frequency", potential.frequency())
                .put("timeSavings", potential.timeSavings())
                .put("recency", potential.recency());
        var variables = json.putArray("variables");
        for (TaskPattern.Variable variable : pattern.variables()) {
            var object = variables
                    .addObject()
                    .put("name", variable.name())
                    .put("kind", variable.kind().name().toLowerCase(Locale.ROOT))
                    .put("distinctValues", variable.distinctValues());
            var values = object.putArray("values");
            variable.values().forEach(values::add);
        }
        json.put("example", example(pattern));
        json.set("parameters", Json.MAPPER.valueToTree(pattern.parameters()));
        json.put("detector", pattern.detector());
        json.put("first", pattern.first().toString());
        json.put("last", pattern.last().toString());
        json.put("averageDurationMillis", pattern.averageDuration().toNanos() / 1_000_000.0);
        json.put("successRate", pattern.successRate());
        json.put("kind", pattern.sequence().isPresent() ? "sequence" : "repetition");
        pattern.sequence().ifPresent(sequence -> addSequence(json, sequence));
        return json;
    }

    private static void addSequence(ObjectNode json, TaskPattern.Sequence sequence) {
        var steps = json.putArray("steps");
        for (TaskPattern.Step step : sequence.steps()) {
            ObjectNode object = steps.addObject().put("taskType", step.taskType());
            object.set("parameters", Json.MAPPER.valueToTree(step.parameters()));
        }
        var carriedOver = json.putArray("carriedOver");
        for (TaskPattern.CarriedOver carried : sequence.carriedOver()) {
            var numbers = carriedOver.addObject().put("text", carried.text()).putArray("steps");
            carried.steps().forEach(numbers::add);
        }
        json.put("expectedByChance", sequence.expectedByChance());
        json.put("chance", sequence.chance());
    }

    /** The latest task as a person knows it: the command as typed, or the description, or the type. */
    private static String example(TaskPattern pattern) {
        if (pattern.observations().isEmpty()) return pattern.taskType();
        Task task = pattern.observations().getFirst().task();
        if (task.parameters().get(Task.COMMAND) instanceof String command) return command;
        return task.description().isEmpty() ? task.type() : task.description();
    }

    static void print(Console console, List<TaskPattern> patterns, String indent) {
        var table = new Table(
                Table.Column.left("potential"),
                Table.Column.right("times"),
                Table.Column.right("each"),
                Table.Column.wrapped("task"));
        for (TaskPattern pattern : patterns) {
            double total = pattern.potential().total();
            table.row(
                    new Table.Cell(
                            PatternText.figure(total) + " " + PatternText.bar(total),
                            total >= 0.7 ? Style.GREEN : Style.DIM),
                    pattern.occurrences(),
                    Quantities.duration(pattern.averageDuration()),
                    PatternText.shape(pattern));
        }
        table.print(console, indent);
    }

    static void printDetail(Console console, TaskPattern pattern) {
        console.out().println(Style.BOLD.of(console, Console.printable(PatternText.shape(pattern))));
        console.out()
                .println("  " + PatternText.figure(pattern.potential().total()) + " = "
                        + PatternText.parts(pattern.potential()));
        pattern.sequence().ifPresent(sequence -> printSequence(console, pattern, sequence));
        for (TaskPattern.Variable variable : pattern.variables())
            console.out().println("  " + Console.printable(PatternText.variable(variable)));
        console.out()
                .println(Style.DIM.of(
                        console, "  " + pattern.id() + ", for example: " + Console.printable(example(pattern))));
    }

    private static void printSequence(Console console, TaskPattern pattern, TaskPattern.Sequence sequence) {
        console.out().println("  " + PatternText.certainty(pattern, sequence));
        int number = 0;
        for (TaskPattern.Step step : sequence.steps())
            console.out()
                    .println("  " + ++number + ". "
                            + Console.printable(
                                    Console.shortened(PatternText.shape(step.taskType(), step.parameters()))));
        for (TaskPattern.CarriedOver carried : sequence.carriedOver())
            console.out().println("  " + Console.printable(PatternText.carriedOver(carried)));
    }
}
