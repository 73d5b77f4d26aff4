package dev.understudy.plugins.detectors;

import dev.understudy.plugins.detectors.RoutineFinder.Execution;
import dev.understudy.plugins.detectors.RoutineFinder.Routine;
import dev.understudy.spi.AutomationPotential;
import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Observation;
import dev.understudy.spi.TaskPattern.Sequence;
import dev.understudy.spi.TaskPattern.Step;
import dev.understudy.spi.TaskPattern.Turns;
import dev.understudy.spi.TaskPattern.ValueSource;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.Variant;
import dev.understudy.spi.TaskPattern.Variation;
import dev.understudy.spi.TaskPattern.Variation.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A routine on the way to a pattern: its commonest variant is the sequence, what else some executions do stands beside it. */
final class RoutineGroup {
    /** What fewer executions do is taken for a slip, or for noise. */
    private static final double RARE = 0.05;

    private static final int MIN_TIMES = 2;

    /** Of the executions in which a step puts something down, in how many it must come from the same step. */
    private static final double MOSTLY = 0.8;

    private final Task[] tasks;
    private final Routine routine;
    private final long[] kindHashes;
    private final double logChance;
    private final double expected;
    private final @Nullable CalendarReading calendar;

    /** The columns of the commonest variant, in order. */
    private final int[] main;

    /** By kind, a task of it and how it reads in general. */
    private final Map<Integer, Step> stepsByKind = new HashMap<>();

    private @Nullable Found found;

    /** All of a pattern but what depends on when one asks. */
    private record Found(
            Duration averageDuration,
            double successRate,
            Map<String, Object> parameters,
            List<Variable> variables,
            List<Observation> observations,
            Sequence sequence) {}

    /**
     * @param tasks of the recording, in order
     * @param kindHashes by kind, what tells it from others in every run
     * @param logChance the logarithm of a bound of the chance that these steps follow one another so
     * @param expected how often they would by chance
     */
    RoutineGroup(
            Task[] tasks,
            Routine routine,
            long[] kindHashes,
            double logChance,
            double expected,
            @Nullable CalendarReading calendar) {
        this.tasks = tasks;
        this.routine = routine;
        this.kindHashes = kindHashes;
        this.logChance = logChance;
        this.expected = expected;
        this.calendar = calendar;
        List<Integer> columns = new ArrayList<>();
        for (int column = 0; column < routine.steps().size(); column++)
            if (routine.steps().get(column).main()) columns.add(column);
        main = columns.stream().mapToInt(Integer::intValue).toArray();
    }

    private int[] variant() {
        return routine.variants().getFirst().kinds();
    }

    private int size() {
        return routine.executions().size();
    }

    /** Whether it comes in a burst, or back by the calendar. */
    boolean repeats(Settings settings) {
        List<Instant> times = times();
        int min = settings.minOccurrences();
        for (int last = min - 1; last < times.size(); last++) {
            Duration span = Duration.between(times.get(last - min + 1), times.get(last));
            if (settings.timeWindow().isZero() || span.compareTo(settings.timeWindow()) <= 0) return true;
        }
        return calendar != null && calendar.recurs(times);
    }

    private List<Instant> times() {
        return routine.executions().stream()
                .map(execution -> tasks[execution.from()].timestamp())
                .toList();
    }

    /** Whether an event, or most of some, lie in its executions. */
    boolean holds(int event) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Execution execution = routine.executions().get(middle);
            if (event < execution.from()) high = middle - 1;
            else if (event > execution.to()) low = middle + 1;
            else return true;
        }
        return false;
    }

    TaskPattern pattern(Instant asOf) {
        Found known = found;
        if (known == null) {
            known = generalize();
            found = known;
        }
        List<Instant> times = times();
        return new TaskPattern(
                id(),
                SequenceDetector.NAME,
                type(),
                size(),
                times.getFirst(),
                times.getLast(),
                known.averageDuration,
                known.successRate,
                known.parameters,
                known.variables,
                AutomationPotential.of(size(), known.averageDuration, Duration.between(times.getLast(), asOf)),
                known.observations,
                Optional.of(known.sequence),
                calendar == null ? Optional.empty() : calendar.of(times));
    }

    private String type() {
        List<String> types = new ArrayList<>();
        for (int kind : variant()) types.add(example(kind).type());
        return String.join(TaskPattern.THEN, types);
    }

    private String id() {
        long hash = 3;
        List<String> types = new ArrayList<>();
        for (int kind : variant()) {
            hash = Hash.combine(hash, kindHashes[kind]);
            types.add(example(kind).type());
        }
        return SequenceGroup.id(types, hash);
    }

    private Task example(int kind) {
        return tasksOf(kind).getFirst();
    }

    /** The tasks of a kind in the executions, latest first. */
    private List<Task> tasksOf(int kind) {
        List<Task> all = new ArrayList<>();
        for (Execution execution : routine.executions().reversed())
            for (int column = 0; column < execution.steps().length; column++)
                if (execution.kinds()[column] == kind && execution.steps()[column] >= 0)
                    all.add(tasks[execution.steps()[column]]);
        if (all.isEmpty()) throw new IllegalStateException("no task of kind " + kind);
        return all;
    }

    private boolean isWhole(Execution execution) {
        for (int step = 0; step < main.length; step++)
            if (execution.steps()[main[step]] < 0 || execution.kinds()[main[step]] != variant()[step]) return false;
        return true;
    }

    private Found generalize() {
        List<Execution> latestFirst = routine.executions().reversed();
        List<Execution> whole = latestFirst.stream().filter(this::isWhole).toList();
        List<Task[]> rows = new ArrayList<>();
        for (int step = 0; step < main.length; step++) {
            int column = main[step];
            int kind = variant()[step];
            rows.add(
                    whole.size() >= MIN_TIMES
                            ? whole.stream()
                                    .map(execution -> tasks[execution.steps()[column]])
                                    .toArray(Task[]::new)
                            // What varies can still be told from what does not, step by step.
                            : latestFirst.stream()
                                    .map(execution -> execution.steps()[column] >= 0
                                                    && execution.kinds()[column] == kind
                                            ? tasks[execution.steps()[column]]
                                            : example(kind))
                                    .toArray(Task[]::new));
        }
        Generalization general = Generalization.ofRecorded(rows, EventReader.LEVEL, calendar);
        List<Variable> variables = new ArrayList<>();
        for (Column column : general.variables()) variables.add(column.variable(general.nameOf(column)));
        List<Observation> observations = new ArrayList<>();
        for (Execution execution : latestFirst) {
            if (observations.size() == TaskPattern.MAX_OBSERVATIONS) break;
            int row = whole.size() >= MIN_TIMES ? whole.indexOf(execution) : -1;
            Map<String, String> bindings = new LinkedHashMap<>();
            if (row >= 0)
                for (Column column : general.variables()) bindings.put(general.nameOf(column), column.value(row));
            observations.add(observation(execution, bindings));
        }
        List<Step> steps = new ArrayList<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int step = 0; step < main.length; step++) {
            RoutineFinder.Step column = routine.steps().get(main[step]);
            int kind = variant()[step];
            double share = 0;
            for (int each = 0; each < column.kinds().length; each++)
                if (column.kinds()[each] == kind) share = column.counts()[each] / (double) size();
            steps.add(new Step(
                    example(kind).type(),
                    general.parameters(step),
                    Math.min(1, share),
                    column.repeated() ? Turns.SEVERAL : Turns.ONE));
            parameters.put("step_" + (step + 1), steps.getLast().parameters());
        }
        var beside = new TaskPattern.Routine(variations(), sources(), variants());
        var sequence = new Sequence(
                steps,
                SequenceGroup.carriedOver(steps),
                expected,
                Math.min(1, Math.exp(logChance)),
                Optional.of(beside));
        return new Found(averageDuration(), successRate(), parameters, variables, observations, sequence);
    }

    private Observation observation(Execution execution, Map<String, String> bindings) {
        List<Task> its = new ArrayList<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int step = 0; step < main.length; step++) {
            int event = execution.steps()[main[step]];
            if (event < 0 || execution.kinds()[main[step]] != variant()[step]) continue;
            its.add(tasks[event]);
            parameters.put("step_" + (step + 1), tasks[event].parameters());
        }
        Task first = tasks[execution.from()];
        List<String> texts = its.stream().map(SequenceGroup::text).toList();
        boolean success = its.stream().allMatch(Task::success);
        var task = new Task(
                first.id() + ".." + tasks[execution.to()].id(),
                type(),
                String.join("; ", texts),
                parameters,
                first.timestamp(),
                duration(execution),
                success);
        return new Observation(task, bindings, its);
    }

    /** From the beginning of the first step to the end of the last. */
    private Duration duration(Execution execution) {
        Task last = tasks[execution.to()];
        return Duration.between(tasks[execution.from()].timestamp(), last.timestamp())
                .plus(last.duration());
    }

    private Duration averageDuration() {
        // The median: a person who goes for lunch in the middle of one does not make the others longer.
        List<Duration> sorted =
                routine.executions().stream().map(this::duration).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private double successRate() {
        long succeeded = routine.executions().stream()
                .filter(execution -> {
                    for (int event : execution.steps()) if (event >= 0 && !tasks[event].success()) return false;
                    return true;
                })
                .count();
        return succeeded / (double) size();
    }

    /** A kind in general, apart from the rest of the routine. */
    private Step step(int kind, double share, Turns turns) {
        Step known = stepsByKind.computeIfAbsent(kind, _ -> {
            Task[] all = tasksOf(kind).toArray(Task[]::new);
            return new Step(
                    all[0].type(),
                    Generalization.ofRecorded(List.<Task[]>of(all), EventReader.LEVEL, calendar)
                            .parameters());
        });
        return new Step(known.taskType(), known.parameters(), share, turns);
    }

    private List<Variation> variations() {
        List<Variation> variations = new ArrayList<>();
        int number = 0;
        for (RoutineFinder.Step column : routine.steps()) {
            if (column.main()) number++;
            for (int each = 0; each < column.kinds().length; each++) {
                int kind = column.kinds()[each];
                int times = column.counts()[each];
                if (column.main() && kind == variant()[number - 1]) continue;
                if (times < MIN_TIMES || times < RARE * size() || tasksAreNone(kind)) continue;
                Turns turns = column.repeated() ? Turns.SEVERAL : Turns.ONE;
                variations.add(new Variation(
                        column.main() ? Place.INSTEAD_OF : Place.AFTER,
                        number,
                        step(kind, times / (double) size(), turns)));
            }
        }
        return variations;
    }

    private boolean tasksAreNone(int kind) {
        for (Execution execution : routine.executions())
            for (int column = 0; column < execution.steps().length; column++)
                if (execution.kinds()[column] == kind && execution.steps()[column] >= 0) return false;
        return true;
    }

    private List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        for (RoutineFinder.Variant variant : routine.variants()) {
            boolean rare = variant.times() < MIN_TIMES || variant.times() < RARE / 2 * size();
            if (variants.size() == TaskPattern.Routine.MAX_VARIANTS || (rare && !variants.isEmpty())) break;
            List<Step> steps = new ArrayList<>();
            for (int kind : variant.kinds()) if (!tasksAreNone(kind)) steps.add(step(kind, 1, Turns.ONE));
            variants.add(new Variant(variant.times(), steps));
        }
        return variants;
    }

    /**
     * For each step that puts down what was taken before, the step that took it: the latest one before it, in most
     * executions. That a step takes or puts down is told by its type, in the words that recorders of any program use.
     */
    private List<ValueSource> sources() {
        List<ValueSource> sources = new ArrayList<>();
        for (int step = 0; step < main.length; step++) {
            if (!putsDown(example(variant()[step]))) continue;
            Map<Integer, Integer> votes = new HashMap<>();
            int all = 0;
            for (Execution execution : routine.executions()) {
                if (execution.kinds()[main[step]] != variant()[step]) continue;
                int from = -1;
                for (int column = 0; column < main[step]; column++) {
                    int kind = execution.kinds()[column];
                    if (kind >= 0 && !tasksAreNone(kind) && takes(example(kind))) from = column;
                }
                if (from < 0) continue;
                all++;
                votes.merge(from, 1, Integer::sum);
            }
            for (int before = 0; before < step; before++)
                if (votes.getOrDefault(main[before], 0) >= Math.max(1, MOSTLY * all))
                    sources.add(new ValueSource(step + 1, before + 1));
        }
        return sources;
    }

    private static boolean takes(Task task) {
        String type = task.type().toLowerCase(Locale.ROOT);
        return type.contains("copy") || type.startsWith("cut");
    }

    private static boolean putsDown(Task task) {
        return task.type().toLowerCase(Locale.ROOT).contains("paste");
    }
}
