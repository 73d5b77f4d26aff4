package dev.understudy.app;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.AutomationPotential.Experience;
import dev.understudy.spi.Recurrence;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A pattern in words: its shape, its potential with the figures behind it. */
final class PatternText {
    private static final int BAR_CELLS = 10;

    private PatternText() {}

    /** For example {@code cp ~/{name}.txt /bak/{name}.txt} or {@code csv_to_json input={file}.csv}. */
    static String shape(TaskPattern pattern) {
        if (pattern.sequence().isEmpty()) return Console.shortened(shape(pattern.taskType(), pattern.parameters()));
        var steps = new StringJoiner(TaskPattern.THEN);
        for (TaskPattern.Step step : pattern.sequence().get().steps())
            steps.add(shape(step.taskType(), step.parameters()));
        return Console.shortened(steps.toString());
    }

    /** The shape of one task, or of one step of a sequence. */
    static String shape(String taskType, Map<String, Object> parameters) {
        var text = new StringJoiner(" ");
        text.add(taskType);
        if (parameters.get(Task.ARGUMENTS) instanceof List<?> words) {
            for (Object word : words) text.add(quoted(String.valueOf(word)));
            return text.toString();
        }
        parameters.forEach((name, value) -> {
            if (!name.equals(Task.WORKING_DIRECTORY)) text.add(name + "=" + value);
        });
        return text.toString();
    }

    /**
     * What is known of a step of a routine, counted from 1, as the end of its line: {@code  (in 62 %; several times; its
     * value comes from step 3)}; empty for a step that every occurrence has once.
     */
    static String marks(TaskPattern.Sequence sequence, int number) {
        TaskPattern.Step step = sequence.steps().get(number - 1);
        var marks = new StringJoiner("; ", "  (", ")").setEmptyValue("");
        if (sequence.isOptional(number)) marks.add("optional: in " + percent(step.share()));
        else if (step.share() < TaskPattern.Step.ALWAYS) marks.add("in " + percent(step.share()));
        if (step.turns() == TaskPattern.Turns.SEVERAL) marks.add("once or several times");
        sequence.routine().stream()
                .flatMap(routine -> routine.sources().stream())
                .filter(source -> source.number() == number)
                .forEach(source -> marks.add("its value comes from step " + source.from()));
        return marks.toString();
    }

    /** For example {@code or, in 48 %: click label=Save}. */
    static String variation(TaskPattern.Variation variation) {
        TaskPattern.Step step = variation.step();
        String how = switch (variation.place()) {
            case INSTEAD_OF -> "or";
            case AFTER -> variation.number() == 0 ? "before" : "then";
        };
        return how + ", in " + percent(step.share()) + ": " + shape(step.taskType(), step.parameters());
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    /** For example {@code out/{name}.tgz carries over from step 1 to step 2}. */
    static String carriedOver(TaskPattern.CarriedOver carried) {
        List<String> later =
                carried.steps().stream().skip(1).map(String::valueOf).toList();
        return carried.text() + " carries over from step " + carried.steps().getFirst() + " to step "
                + String.join(", ", later);
    }

    /** When it comes back, briefly: {@code weekdays ~08:55}; empty if it does not. */
    static String when(TaskPattern pattern) {
        return pattern.recurrence()
                .map(recurrence -> days(recurrence)
                        + recurrence.usualTime().map(time -> " ~" + time).orElse(""))
                .orElse("");
    }

    private static String days(Recurrence recurrence) {
        return switch (recurrence.rhythm()) {
            case DAILY -> "daily";
            case WEEKDAYS -> "weekdays";
            case WEEKLY ->
                recurrence.weekdays().stream()
                        .sorted()
                        .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
                        .collect(Collectors.joining("+"));
            case SOME_DAYS -> recurrence.days() + " days";
        };
    }

    /** The same with the figures behind it. */
    static String recurrence(Recurrence recurrence) {
        String time = recurrence
                .usualTime()
                .map(usual -> ", usually at " + usual + " (most within "
                        + Math.max(1, recurrence.spread().toMinutes()) + " min)")
                .orElse(", at no usual time");
        return days(recurrence) + ": on " + recurrence.days() + " of " + recurrence.activeDays()
                + " days on which anything was done" + time;
    }

    /** How sure it is that a sequence is no chance. */
    static String certainty(TaskPattern pattern, TaskPattern.Sequence sequence) {
        return String.format(
                Locale.ROOT,
                "%d times in this order; a random order would have it %s times, and shows something like it with a chance below %.0e",
                pattern.occurrences(),
                figure(sequence.expectedByChance()),
                Math.max(sequence.chance(), 1e-99));
    }

    private static String quoted(String word) {
        return word.isEmpty() || word.indexOf(' ') >= 0 ? "'" + word + "'" : word;
    }

    static String bar(double share) {
        int full = (int) Math.round(Math.clamp(share, 0, 1) * BAR_CELLS);
        return "█".repeat(full) + "░".repeat(BAR_CELLS - full);
    }

    /** The parts of a potential, each with the figure behind it. */
    static String parts(AutomationPotential potential) {
        return String.format(
                        Locale.ROOT,
                        "frequency %.2f of 0.4 (%d times) + time %.2f of 0.3 (%s each) + recency %.2f of 0.3 (last %s before the newest task)",
                        potential.frequency(),
                        potential.occurrences(),
                        potential.timeSavings(),
                        Quantities.duration(potential.averageDuration()),
                        potential.recency(),
                        Quantities.duration(potential.sinceLast()))
                + experience(potential.experience());
    }

    /** By what people decided, with the formula; empty as long as they decided nothing about it or its like. */
    private static String experience(Experience experience) {
        if (experience.equals(Experience.NONE)) return "";
        return String.format(
                Locale.ROOT,
                " %s experience %.2f = 0.3 · (%.2f - %.2f) / (%.2f + %.2f + 2) (of it and its like: %d approved, %d rejected,"
                        + " %d retired, %s saved)",
                experience.part() < 0 ? "-" : "+",
                Math.abs(experience.part()),
                experience.inFavour(),
                experience.against(),
                experience.inFavour(),
                experience.against(),
                experience.approvals(),
                experience.rejections(),
                experience.retirements(),
                VersionsView.saved(experience.timeSaved()));
    }

    static String figure(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** For example {@code name (identifier: a, b, c … 7 values)}. */
    static String variable(TaskPattern.Variable variable) {
        List<String> shown = variable.values().stream()
                .limit(3)
                .map(value -> value.replace("\n", " "))
                .toList();
        String more = variable.distinctValues() > shown.size() ? ", … " + variable.distinctValues() + " in all" : "";
        String day = variable.day().map(each -> " = " + each.written()).orElse("");
        return variable.name() + day + " (" + variable.kind().name().toLowerCase(Locale.ROOT) + ": "
                + String.join(", ", shown) + more + ")";
    }
}
