package dev.understudy.plugins.detectors;

import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.CarriedOver;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Sequence;
import dev.understudy.spi.TaskPattern.Step;
import dev.understudy.spi.TaskPattern.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The occurrences of one sequence, on the way to a pattern. */
final class SequenceGroup {
    /** The part of an id that names types; the rest is a hash. */
    private static final int MAX_NAME = 48;

    private final List<Task[]> occurrences = new ArrayList<>();
    private final double expected;
    private final double chance;
    private long id;
    private @Nullable CalendarReading calendar;
    private @Nullable Found found;

    /** All of a pattern but what depends on when one asks. */
    private record Found(
            Duration averageDuration,
            double successRate,
            Map<String, Object> parameters,
            List<Variable> variables,
            List<Observation> observations,
            Sequence sequence) {}

    SequenceGroup(double expected, double logChance) {
        this.expected = expected;
        this.chance = Math.min(1, Math.exp(logChance));
    }

    /** Adds the tasks of an occurrence; occurrences come in the order of time. */
    void add(Task[] tasks) {
        occurrences.add(tasks);
    }

    SequenceGroup withId(long hash) {
        id = hash;
        return this;
    }

    /** Whether it comes in a burst, or back by the calendar. */
    boolean repeats(Settings settings, @Nullable CalendarReading reading) {
        calendar = reading;
        return comesInABurst(settings) || (reading != null && reading.recurs(times()));
    }

    private List<Instant> times() {
        return occurrences.stream().map(tasks -> tasks[0].timestamp()).toList();
    }

    /** Whether as many occurrences as are asked for fall within the time window at least once. */
    private boolean comesInABurst(Settings settings) {
        int min = settings.minOccurrences();
        for (int last = min - 1; last < occurrences.size(); last++) {
            Duration span = Duration.between(time(last - min + 1), time(last));
            if (settings.timeWindow().isZero() || span.compareTo(settings.timeWindow()) <= 0) return true;
        }
        return false;
    }

    private Instant time(int occurrence) {
        return occurrences.get(occurrence)[0].timestamp();
    }

    TaskPattern pattern(Instant asOf) {
        Found known = found;
        if (known == null) {
            known = generalize();
            found = known;
        }
        int size = occurrences.size();
        return new TaskPattern(
                id(),
                SequenceDetector.NAME,
                type(occurrences.getFirst()),
                size,
                time(0),
                time(size - 1),
                known.averageDuration,
                known.successRate,
                known.parameters,
                known.variables,
                AutomationPotential.of(size, known.averageDuration, Duration.between(time(size - 1), asOf)),
                known.observations,
                Optional.of(known.sequence),
                calendar == null ? Optional.empty() : calendar.of(times()));
    }

    private String id() {
        return id(Stream.of(occurrences.getFirst()).map(Task::type).toList(), id);
    }

    /** An id that names the types of some steps as far as there is room, and ends with a hash. */
    static String id(List<String> types, long hash) {
        var name = new StringBuilder();
        for (String each : types) {
            String type = Names.identifier(each).replace('_', '-');
            if (!type.isEmpty() && name.length() + type.length() < MAX_NAME)
                name.append(type).append('-');
        }
        return name.append(HexFormat.of().toHexDigits(hash, 12)).toString();
    }

    private static String type(Task[] steps) {
        return List.of(steps).stream().map(Task::type).collect(Collectors.joining(TaskPattern.THEN));
    }

    private Found generalize() {
        int size = occurrences.size();
        int length = occurrences.getFirst().length;
        List<Task[]> steps = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            Task[] latestFirst = new Task[size];
            for (int i = 0; i < size; i++) latestFirst[i] = occurrences.get(size - 1 - i)[step];
            steps.add(latestFirst);
        }
        Generalization general = Generalization.ofSteps(steps, EventReader.LEVEL, calendar);
        List<Variable> variables = new ArrayList<>();
        for (Column column : general.variables()) variables.add(column.variable(general.nameOf(column)));
        List<Observation> observations = new ArrayList<>();
        for (int row = 0; row < Math.min(size, TaskPattern.MAX_OBSERVATIONS); row++) {
            Map<String, String> bindings = LinkedHashMap.newLinkedHashMap(variables.size());
            for (Column column : general.variables()) bindings.put(general.nameOf(column), column.value(row));
            Task[] tasks = occurrences.get(size - 1 - row);
            observations.add(new Observation(asOne(tasks), bindings, List.of(tasks)));
        }
        List<Step> shapes = new ArrayList<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int step = 0; step < length; step++) {
            shapes.add(new Step(steps.get(step)[0].type(), general.parameters(step)));
            parameters.put("step_" + (step + 1), shapes.getLast().parameters());
        }
        var sequence = new Sequence(shapes, carriedOver(shapes), expected, chance);
        return new Found(averageDuration(), successRate(), parameters, variables, observations, sequence);
    }

    private static Task asOne(Task[] tasks) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        Duration duration = Duration.ZERO;
        boolean success = true;
        List<String> texts = new ArrayList<>();
        for (int step = 0; step < tasks.length; step++) {
            parameters.put("step_" + (step + 1), tasks[step].parameters());
            duration = duration.plus(tasks[step].duration());
            success &= tasks[step].success();
            texts.add(text(tasks[step]));
        }
        return new Task(
                tasks[0].id() + ".." + tasks[tasks.length - 1].id(),
                type(tasks),
                String.join("; ", texts),
                parameters,
                tasks[0].timestamp(),
                duration,
                success);
    }

    /** A task as a person knows it. */
    static String text(Task task) {
        if (task.parameters().get(Task.COMMAND) instanceof String command) return command;
        return task.description().isEmpty() ? task.type() : task.description();
    }

    private Duration averageDuration() {
        double seconds = 0;
        for (Task[] tasks : occurrences) for (Task task : tasks) seconds += Group.seconds(task) / occurrences.size();
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private double successRate() {
        int succeeded = 0;
        for (Task[] tasks : occurrences) {
            boolean success = true;
            for (Task task : tasks) success &= task.success();
            if (success) succeeded++;
        }
        return succeeded / (double) occurrences.size();
    }

    /** What is the same in several steps: whole texts that hold a variable or name a file, else the variables alone. */
    static List<CarriedOver> carriedOver(List<Step> steps) {
        Map<String, Set<Integer>> byText = new LinkedHashMap<>();
        for (int step = 0; step < steps.size(); step++) {
            var texts = new LinkedHashSet<String>();
            steps.get(step).parameters().forEach((name, value) -> {
                if (!name.equals(Task.COMMAND) && !name.equals(Task.WORKING_DIRECTORY)) collect(value, texts);
            });
            for (String text : texts)
                byText.computeIfAbsent(text, _ -> new LinkedHashSet<>()).add(step + 1);
        }
        byText.values().removeIf(numbers -> numbers.size() < 2);
        List<CarriedOver> carried = new ArrayList<>();
        byText.forEach((text, numbers) -> {
            boolean said = byText.entrySet().stream()
                    .anyMatch(other -> !other.getKey().equals(text)
                            && other.getKey().contains(text)
                            && other.getValue().equals(numbers));
            if (!said) carried.add(new CarriedOver(text, List.copyOf(numbers)));
        });
        return carried;
    }

    private static void collect(Object value, Set<String> texts) {
        switch (value) {
            case String text -> {
                Template.variablesIn(text).forEach(texts::add);
                boolean names = text.indexOf('{') >= 0 || text.indexOf('/') >= 0 || text.indexOf('.') > 0;
                if (names && !text.startsWith("-") && text.indexOf(' ') < 0) texts.add(text);
            }
            case List<?> items -> items.forEach(item -> collect(item, texts));
            case Map<?, ?> fields -> fields.values().forEach(field -> collect(field, texts));
            default -> {}
        }
    }
}
