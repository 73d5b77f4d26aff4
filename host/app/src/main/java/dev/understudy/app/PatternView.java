package dev.understudy.app;

import dev.understudy.app.shape.PatternShape;
import dev.understudy.spi.TaskPattern;
import java.util.List;

/** How patterns are shown. */
final class PatternView {
    private PatternView() {}

    static void print(Console console, List<TaskPattern> patterns, String indent) {
        var table = new Table(
                Table.Column.left("potential"),
                Table.Column.right("times"),
                Table.Column.right("each"),
                Table.Column.left("when"),
                Table.Column.wrapped("task"));
        for (TaskPattern pattern : patterns) {
            double total = pattern.potential().total();
            table.row(
                    new Table.Cell(
                            PatternText.figure(total) + " " + PatternText.bar(total),
                            total >= 0.7 ? Style.GREEN : Style.DIM),
                    pattern.occurrences(),
                    Quantities.duration(pattern.averageDuration()),
                    PatternText.when(pattern),
                    PatternText.shape(pattern));
        }
        table.print(console, indent);
    }

    static void printDetail(Console console, TaskPattern pattern) {
        console.out().println(Style.BOLD.of(console, Console.printable(PatternText.shape(pattern))));
        console.out()
                .println("  " + PatternText.figure(pattern.potential().total()) + " = "
                        + PatternText.parts(pattern.potential()));
        pattern.recurrence().ifPresent(recurrence -> console.out().println("  " + PatternText.recurrence(recurrence)));
        pattern.sequence().ifPresent(sequence -> printSequence(console, pattern, sequence));
        for (TaskPattern.Variable variable : pattern.variables())
            console.out().println("  " + Console.printable(PatternText.variable(variable)));
        console.out()
                .println(Style.DIM.of(
                        console,
                        "  " + pattern.id() + ", for example: " + Console.printable(PatternShape.example(pattern))));
    }

    private static void printSequence(Console console, TaskPattern pattern, TaskPattern.Sequence sequence) {
        console.out().println("  " + PatternText.certainty(pattern, sequence));
        List<TaskPattern.Variation> variations =
                sequence.routine().map(TaskPattern.Routine::variations).orElse(List.of());
        printVariations(console, variations, 0);
        int number = 0;
        for (TaskPattern.Step step : sequence.steps()) {
            number++;
            console.out()
                    .println("  " + number + ". "
                            + Console.printable(
                                    Console.shortened(PatternText.shape(step.taskType(), step.parameters())))
                            + Style.DIM.of(console, Console.printable(PatternText.marks(sequence, number))));
            printVariations(console, variations, number);
        }
        for (TaskPattern.CarriedOver carried : sequence.carriedOver())
            console.out().println("  " + Console.printable(PatternText.carriedOver(carried)));
    }

    /** What some executions do instead of a step, or after it. */
    private static void printVariations(Console console, List<TaskPattern.Variation> variations, int number) {
        for (TaskPattern.Variation variation : variations)
            if (variation.number() == number)
                console.out().println("     " + Console.printable(Console.shortened(PatternText.variation(variation))));
    }
}
